-- Open deliveries of a long queue by account, destination and state, counted from time to time. The domain '' stands for the destinations
-- of an account that are not listed one by one.
CREATE TABLE queue_total (
    account {text} NOT NULL,
    domain {text} NOT NULL,
    state {text} NOT NULL,
    deliveries BIGINT NOT NULL,
    accepted_at BIGINT NOT NULL,
    due_at BIGINT,
    last_attempt_at BIGINT,
    last_result {text},
    PRIMARY KEY (account, domain, state)
);

-- One row while queue_total has counts.
CREATE TABLE queue_counted (
    at BIGINT NOT NULL
);
