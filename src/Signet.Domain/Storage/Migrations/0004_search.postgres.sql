-- What searches look through, apart from the wide rows of messages, and filled after the fact: accepting a message writes only its
-- name into unindexed, and a background worker does the rest. Every message is in one of the two tables.
CREATE TABLE unindexed (
    message_id {text} PRIMARY KEY
);

CREATE FUNCTION note_unindexed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unindexed (message_id) VALUES (new.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER message_unindexed AFTER INSERT ON message FOR EACH ROW EXECUTE FUNCTION note_unindexed();

-- Texts are folded; recipients are joined by blanks.
CREATE TABLE message_search (
    message_id {text} PRIMARY KEY,
    accepted_at BIGINT NOT NULL,
    account {text} NOT NULL,
    source {text} NOT NULL,
    subject {text} NOT NULL,
    recipients {text} NOT NULL,
    tags {text} NOT NULL
);

CREATE INDEX message_search_accepted ON message_search (accepted_at, message_id);

CREATE INDEX message_search_account ON message_search (account, accepted_at, message_id);

CREATE TABLE message_words (
    message_id {text} PRIMARY KEY,
    words TSVECTOR NOT NULL
);

CREATE INDEX message_words_word ON message_words USING gin (words);

CREATE VIEW searchable AS
SELECT message_id AS id, accepted_at, account, source, subject, recipients, tags FROM message_search
UNION ALL
SELECT m.id, m.accepted_at, m.account, m.source_folded, m.subject_folded,
    (SELECT string_agg(lower(recipient), ' ') FROM delivery WHERE message_id = m.id) COLLATE "C", m.tags
FROM unindexed u JOIN message m ON m.id = u.message_id;

INSERT INTO unindexed (message_id) SELECT id FROM message;
