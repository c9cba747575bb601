ALTER TABLE delivery DROP COLUMN next_attempt_at, DROP COLUMN leased_to, DROP COLUMN visible_at, DROP COLUMN requested;

CREATE OR REPLACE VIEW uncounted_attempt AS
SELECT w.number, m.account, m.region, a.at, COALESCE(o.domain, d.domain) AS domain, m.source_arn
FROM waiting_attempt w
    LEFT JOIN attempt a ON a.message_id = w.message_id AND a.ordinal = w.ordinal AND a.number = w.attempt
    LEFT JOIN open_delivery o ON o.message_id = w.message_id AND o.ordinal = w.ordinal
    LEFT JOIN delivery d ON d.message_id = w.message_id AND d.ordinal = w.ordinal
    LEFT JOIN message m ON m.id = a.message_id;

CREATE OR REPLACE VIEW searchable AS
SELECT message_id AS id, accepted_at, account, source, subject, recipients, tags FROM message_search
UNION ALL
SELECT m.id, m.accepted_at, m.account, m.source_folded, m.subject_folded,
    (SELECT string_agg(lower(recipient), ' ') FROM any_delivery WHERE message_id = m.id) COLLATE "C", m.tags
FROM unindexed u JOIN message m ON m.id = u.message_id;
