-- What an operator asks for of a delivery that a node has in its memory: Hold or Drop. The node gives it up and the request is
-- fulfilled, or its attempt has begun: then that counts, and the request is fulfilled when it is deferred. What is asked for is not leased.
ALTER TABLE delivery ADD COLUMN requested {text};

CREATE INDEX delivery_requested ON delivery (requested, message_id, ordinal) WHERE requested IS NOT NULL;
