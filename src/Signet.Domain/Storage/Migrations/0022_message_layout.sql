-- Bits and sizes of the header fields, so that a message is not read again to be signed. Older messages have none.
ALTER TABLE message ADD COLUMN layout TEXT;
