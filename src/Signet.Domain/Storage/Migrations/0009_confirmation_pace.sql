-- The last confirmation mail that each account requested for a mailbox (lower case, no quotes, no label), and how long that account waits
-- for the next one. A row has no effect after forgotten_at.
CREATE TABLE confirmation_pace (
    mailbox {text} NOT NULL,
    account {text} NOT NULL,
    sent_at BIGINT NOT NULL,
    wait_ms BIGINT NOT NULL,
    forgotten_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, account)
);

CREATE INDEX confirmation_pace_forgotten ON confirmation_pace (forgotten_at);
