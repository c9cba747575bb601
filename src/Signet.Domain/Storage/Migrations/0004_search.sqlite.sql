-- What searches look through, apart from the wide rows of messages, and filled after the fact: accepting a message writes only its
-- name into unindexed, and a background worker does the rest. Every message is in one of the two tables.
CREATE TABLE unindexed (
    message_id TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TRIGGER message_unindexed AFTER INSERT ON message BEGIN
    INSERT INTO unindexed (message_id) VALUES (new.id);
END;

-- The number ties a message to its words. Texts are folded; recipients are joined by blanks.
CREATE TABLE message_search (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    accepted_at BIGINT NOT NULL,
    account TEXT NOT NULL,
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    recipients TEXT NOT NULL,
    tags TEXT NOT NULL
);

CREATE INDEX message_search_accepted ON message_search (accepted_at, message_id);

CREATE INDEX message_search_account ON message_search (account, accepted_at, message_id);

-- Words come cut and folded by the program: the tokenizer only has to see the blanks between them.
CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

CREATE VIEW searchable AS
SELECT message_id AS id, accepted_at, account, source, subject, recipients, tags, number FROM message_search
UNION ALL
SELECT m.id, m.accepted_at, m.account, m.source_folded, m.subject_folded,
    (SELECT group_concat(lower(recipient), ' ') FROM delivery WHERE message_id = m.id), m.tags, NULL
FROM unindexed u CROSS JOIN message m ON m.id = u.message_id;

INSERT INTO unindexed (message_id) SELECT id FROM message;
