-- The columns next_attempt_at, leased_to, visible_at and requested of delivery are not used any more: dropping them would rewrite the whole table.
DROP VIEW uncounted_attempt;

CREATE VIEW uncounted_attempt AS
SELECT a.rowid AS number,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT account FROM message WHERE id = a.message_id) END AS account,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT region FROM message WHERE id = a.message_id) END AS region,
    a.at,
    CASE WHEN a.outcome = 'Deferred' THEN COALESCE(
        (SELECT domain FROM open_delivery WHERE message_id = a.message_id AND ordinal = a.ordinal),
        (SELECT domain FROM delivery WHERE message_id = a.message_id AND ordinal = a.ordinal)) END AS domain,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT source_arn FROM message WHERE id = a.message_id) END AS source_arn
FROM attempt a WHERE a.rowid > (SELECT attempt FROM traffic_progress);

DROP VIEW searchable;

CREATE VIEW searchable AS
SELECT message_id AS id, accepted_at, account, source, subject, recipients, tags, number FROM message_search
UNION ALL
SELECT m.id, m.accepted_at, m.account, m.source_folded, m.subject_folded,
    (SELECT group_concat(recipient, ' ') FROM (
        SELECT lower(recipient) AS recipient FROM open_delivery WHERE message_id = m.id
        UNION ALL
        SELECT lower(recipient) FROM delivery WHERE message_id = m.id)), m.tags, NULL
FROM unindexed u CROSS JOIN message m ON m.id = u.message_id;
