-- Mail of the server itself (confirmation mails) belongs to no account: its account and region are empty, and its content is sealed with
-- the master key. Earlier versions stored it as the account's; it is the only mail without an identity. Finished mail loses its content,
-- waiting mail keeps it in clear until it is delivered. The index forgets it; it is indexed again without the words of its content.
ALTER TABLE message_content ADD COLUMN sealed BIGINT NOT NULL DEFAULT 0;

CREATE INDEX message_of_server ON message (account, id) WHERE account = '';

UPDATE message SET account = '', region = '', principal = 'signet' WHERE source_arn IS NULL;

UPDATE event SET account = '', region = '' WHERE message_id IN (SELECT id FROM message WHERE account = '');

DELETE FROM message_content WHERE message_id IN (SELECT id FROM message WHERE account = '' AND finished_at IS NOT NULL);

UPDATE message SET has_content = 0 WHERE account = '' AND finished_at IS NOT NULL;

DELETE FROM message_words WHERE message_id IN (SELECT id FROM message WHERE account = '');

INSERT INTO unindexed (message_id) SELECT message_id FROM message_search WHERE message_id IN (SELECT id FROM message WHERE account = '')
ON CONFLICT DO NOTHING;

DELETE FROM message_search WHERE message_id IN (SELECT id FROM message WHERE account = '');
