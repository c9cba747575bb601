-- The pause of a whole account, by the server's operator; paused_at is null while it may send.
ALTER TABLE account ADD COLUMN paused_at BIGINT;

ALTER TABLE account ADD COLUMN pause_reason {text};
