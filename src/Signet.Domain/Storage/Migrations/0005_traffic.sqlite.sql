-- What happened in a period, in three lengths; start is the minute since 1970 in which it begins. The sums of an account have the
-- dimension '', and '' is also the name of identities or destinations that are not kept apart.
CREATE TABLE traffic (
    resolution TEXT NOT NULL,
    dimension TEXT NOT NULL,
    name TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    start BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    deferred BIGINT NOT NULL,
    bounced BIGINT NOT NULL,
    complained BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (resolution, dimension, name, start, account, region)
) WITHOUT ROWID;

CREATE INDEX traffic_start ON traffic (resolution, start, dimension, account, region);

-- One row: the last event and the last attempt that are counted, by rowid. There is one writer and each row gets a number above all
-- others, so the order of rowids is the order of commits, and accepting and delivering need not write anything for the counting.
-- The version changes with every change.
CREATE TABLE traffic_progress (
    event BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    version BIGINT NOT NULL
);

INSERT INTO traffic_progress (event, attempt, version) VALUES (0, 0, 0);

-- When the last rows go, their numbers are given out again: what is counted must end below them.
CREATE TRIGGER event_forgotten AFTER DELETE ON event WHEN old.rowid >= (SELECT event FROM traffic_progress) BEGIN
    UPDATE traffic_progress SET event = (SELECT COALESCE(MAX(rowid), 0) FROM event WHERE rowid <= traffic_progress.event),
        version = version + 1;
END;

CREATE TRIGGER attempt_forgotten AFTER DELETE ON attempt WHEN old.rowid >= (SELECT attempt FROM traffic_progress) BEGIN
    UPDATE traffic_progress SET attempt = (SELECT COALESCE(MAX(rowid), 0) FROM attempt WHERE rowid <= traffic_progress.attempt),
        version = version + 1;
END;

CREATE VIEW uncounted_event AS
SELECT e.rowid AS number, e.account, e.region, e.at, e.type, e.recipients,
    (SELECT source_arn FROM message WHERE id = e.message_id) AS source_arn
FROM event e WHERE e.rowid > (SELECT event FROM traffic_progress);

-- Nothing is looked up for attempts that are not counted.
CREATE VIEW uncounted_attempt AS
SELECT a.rowid AS number,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT account FROM message WHERE id = a.message_id) END AS account,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT region FROM message WHERE id = a.message_id) END AS region,
    a.at,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT domain FROM delivery WHERE message_id = a.message_id AND ordinal = a.ordinal) END AS domain,
    CASE WHEN a.outcome = 'Deferred' THEN (SELECT source_arn FROM message WHERE id = a.message_id) END AS source_arn
FROM attempt a WHERE a.rowid > (SELECT attempt FROM traffic_progress);
