-- One row for each attempt that ended, duration in milliseconds; host, address and tls are null where there was none.
CREATE TABLE attempt (
    message_id {text} NOT NULL,
    ordinal BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    host {text},
    address {text},
    tls {text},
    reply {text} NOT NULL,
    outcome {text} NOT NULL,
    PRIMARY KEY (message_id, ordinal, number)
);
