-- Deliveries that have not ended, apart from those that have: this table is as long as the queue, `delivery` as long as the history.
-- claimed_by is the node that claimed the delivery last; only that node's results are taken. is_claimed is 1 while it may work on it. lane is
-- the domain and the account: nodes take turns between lanes. due_at is null while an operator holds the delivery.
CREATE TABLE open_delivery (
    message_id {text} NOT NULL,
    ordinal BIGINT NOT NULL,
    recipient {text} NOT NULL,
    domain {text} NOT NULL,
    account {text} NOT NULL,
    lane {text} NOT NULL,
    state {text} NOT NULL,
    size BIGINT NOT NULL,
    accepted_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT,
    last_attempt_at BIGINT,
    last_result {text},
    claimed_by {text},
    is_claimed BIGINT NOT NULL,
    requested {text},
    PRIMARY KEY (message_id, ordinal)
){clustered};

INSERT INTO open_delivery (
    message_id, ordinal, recipient, domain, account, lane, state, size, accepted_at, attempts, due_at, last_attempt_at, last_result, claimed_by,
    is_claimed, requested)
SELECT d.message_id, d.ordinal, d.recipient, d.domain, COALESCE(m.account, ''), d.domain || ' ' || COALESCE(m.account, ''), d.state,
    COALESCE(m.size, 0), COALESCE(m.accepted_at, 0), d.attempts,
    CASE WHEN d.state = 'Held' THEN NULL ELSE COALESCE(d.next_attempt_at, d.visible_at, 0) END,
    d.last_attempt_at, d.last_result, NULL, 0, d.requested
FROM delivery d LEFT JOIN message m ON m.id = d.message_id WHERE d.state NOT IN ('Delivered', 'Failed');

-- After the rows: this is quicker.
CREATE INDEX open_delivery_due ON open_delivery (lane, due_at, message_id, ordinal) WHERE is_claimed = 0 AND due_at IS NOT NULL;

CREATE INDEX open_delivery_claimed ON open_delivery (claimed_by) WHERE is_claimed = 1;

CREATE INDEX open_delivery_requested ON open_delivery (requested, message_id, ordinal) WHERE requested IS NOT NULL;

DROP INDEX delivery_due;

DROP INDEX delivery_requested;

DELETE FROM delivery WHERE state NOT IN ('Delivered', 'Failed');

-- Every delivery of a message, whether or not it has ended.
CREATE VIEW any_delivery AS
SELECT message_id, ordinal, recipient, domain, state, attempts, due_at AS next_attempt_at, last_attempt_at, last_result FROM open_delivery
UNION ALL
SELECT message_id, ordinal, recipient, domain, state, attempts, NULL, last_attempt_at, last_result FROM delivery;

-- The running nodes that share the store. One whose time is over is dead: any other node removes it and frees its claims.
CREATE TABLE node (
    name {text} PRIMARY KEY,
    alive_until BIGINT NOT NULL
);

-- Work that one node does for all.
CREATE TABLE duty (
    name {text} PRIMARY KEY,
    node {text} NOT NULL,
    until BIGINT NOT NULL
);
