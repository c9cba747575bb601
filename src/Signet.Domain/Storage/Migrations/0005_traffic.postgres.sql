-- What happened in a period, in three lengths; start is the minute since 1970 in which it begins. The sums of an account have the
-- dimension '', and '' is also the name of identities or destinations that are not kept apart.
CREATE TABLE traffic (
    resolution {text} NOT NULL,
    dimension {text} NOT NULL,
    name {text} NOT NULL,
    account {text} NOT NULL,
    region {text} NOT NULL,
    start BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    delivered BIGINT NOT NULL,
    deferred BIGINT NOT NULL,
    bounced BIGINT NOT NULL,
    complained BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (resolution, dimension, name, start, account, region)
);

CREATE INDEX traffic_start ON traffic (resolution, start, dimension, account, region);

-- One row, whose version changes with every portion that is counted: of nodes that count the same one only the first succeeds.
CREATE TABLE traffic_progress (
    version BIGINT NOT NULL
);

INSERT INTO traffic_progress (version) VALUES (0);

-- What waits to be counted. Nodes commit in any order, so no key tells what is new; these rows do.
CREATE TABLE waiting_event (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id {text} NOT NULL
);

CREATE TABLE waiting_attempt (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id {text} NOT NULL,
    ordinal BIGINT NOT NULL,
    attempt BIGINT NOT NULL
);

INSERT INTO waiting_event (id) SELECT id FROM event WHERE type <> 'DeliveryDelay' ORDER BY id;

INSERT INTO waiting_attempt (message_id, ordinal, attempt) SELECT message_id, ordinal, number FROM attempt WHERE outcome = 'Deferred';

CREATE FUNCTION note_waiting_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO waiting_event (id) VALUES (new.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER event_waiting AFTER INSERT ON event FOR EACH ROW WHEN (new.type <> 'DeliveryDelay') EXECUTE FUNCTION note_waiting_event();

CREATE FUNCTION note_waiting_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO waiting_attempt (message_id, ordinal, attempt) VALUES (new.message_id, new.ordinal, new.number);
    RETURN NULL;
END
$$;

CREATE TRIGGER attempt_waiting AFTER INSERT ON attempt FOR EACH ROW WHEN (new.outcome = 'Deferred') EXECUTE FUNCTION note_waiting_attempt();

-- Columns are null when the message is gone.
CREATE VIEW uncounted_event AS
SELECT w.number, e.account, e.region, e.at, e.type, e.recipients, m.source_arn
FROM waiting_event w LEFT JOIN event e ON e.id = w.id LEFT JOIN message m ON m.id = e.message_id;

CREATE VIEW uncounted_attempt AS
SELECT w.number, m.account, m.region, a.at, d.domain, m.source_arn
FROM waiting_attempt w
    LEFT JOIN attempt a ON a.message_id = w.message_id AND a.ordinal = w.ordinal AND a.number = w.attempt
    LEFT JOIN delivery d ON d.message_id = w.message_id AND d.ordinal = w.ordinal
    LEFT JOIN message m ON m.id = a.message_id;
