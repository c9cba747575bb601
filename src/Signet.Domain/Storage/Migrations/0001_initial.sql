-- Times are unix milliseconds, flags 0 or 1, lists and documents JSON; keys are made by the program.
-- {text} compares byte by byte on every engine, {blob} holds bytes.

-- Facts about the store itself: the check value of its master key, the rules of the server that started last.
CREATE TABLE store_property (
    name {text} PRIMARY KEY,
    value {blob} NOT NULL
);

CREATE TABLE account (
    id {text} PRIMARY KEY,
    name {text} NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE account_settings (
    account {text} NOT NULL,
    region {text} NOT NULL,
    sandbox BIGINT NOT NULL,
    max_24_hour_send DOUBLE PRECISION NOT NULL,
    max_send_rate DOUBLE PRECISION NOT NULL,
    sending_enabled BIGINT NOT NULL,
    PRIMARY KEY (account, region)
);

CREATE TABLE account_user (
    account {text} NOT NULL,
    name {text} NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE user_policy (
    account {text} NOT NULL,
    user_name {text} NOT NULL,
    name {text} NOT NULL,
    document {text} NOT NULL,
    PRIMARY KEY (account, user_name, name)
);

-- user_name is null for a key of the account's root; secret is sealed with the master key.
CREATE TABLE access_key (
    id {text} PRIMARY KEY,
    account {text} NOT NULL,
    user_name {text},
    secret {blob} NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE INDEX access_key_account ON access_key (account);

-- due_at is the earliest of next_check_at and the two deadlines.
CREATE TABLE identity (
    account {text} NOT NULL,
    region {text} NOT NULL,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    status {text} NOT NULL,
    verification_token {text},
    created_at BIGINT NOT NULL,
    deadline BIGINT,
    next_check_at BIGINT,
    dkim_enabled BIGINT NOT NULL,
    dkim_status {text} NOT NULL,
    dkim_tokens {text} NOT NULL,
    dkim_deadline BIGINT,
    due_at BIGINT,
    PRIMARY KEY (account, region, name)
);

CREATE INDEX identity_due ON identity (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE identity_policy (
    account {text} NOT NULL,
    region {text} NOT NULL,
    identity {text} NOT NULL,
    name {text} NOT NULL,
    document {text} NOT NULL,
    PRIMARY KEY (account, region, identity, name)
);

-- private_key is sealed with the master key.
CREATE TABLE dkim_key (
    account {text} NOT NULL,
    region {text} NOT NULL,
    identity {text} NOT NULL,
    position BIGINT NOT NULL,
    selector {text} NOT NULL,
    private_key {blob} NOT NULL,
    public_key {blob} NOT NULL,
    PRIMARY KEY (account, region, identity, position)
);

CREATE TABLE confirmation (
    token_hash {text} PRIMARY KEY,
    account {text} NOT NULL,
    region {text} NOT NULL,
    identity {text} NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX confirmation_identity ON confirmation (account, region, identity);

-- The story of a message; its bytes are apart, for they are forgotten first. The folded columns are what searches compare with.
-- open_deliveries counts those that have not ended; finished_at is set when the last of them does.
CREATE TABLE message (
    id {text} PRIMARY KEY,
    account {text} NOT NULL,
    region {text} NOT NULL,
    accepted_at BIGINT NOT NULL,
    principal {text} NOT NULL,
    operation {text} NOT NULL,
    source {text} NOT NULL,
    source_folded {text} NOT NULL,
    source_arn {text},
    feedback_address {text} NOT NULL,
    envelope_from {text} NOT NULL,
    subject {text} NOT NULL,
    subject_folded {text} NOT NULL,
    source_ip {text},
    size BIGINT NOT NULL,
    tags {text} NOT NULL,
    decision {text} NOT NULL,
    has_content BIGINT NOT NULL,
    open_deliveries BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE INDEX message_accepted ON message (accepted_at, id);

CREATE INDEX message_finished ON message (has_content, finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE message_content (
    message_id {text} PRIMARY KEY,
    content {blob} NOT NULL
);

-- visible_at is when a delivery may be leased: the time of its next attempt or, while it is leased, the end of the lease; null
-- once it has ended. So one index range finds what is due, however many deliveries wait or are leased.
CREATE TABLE delivery (
    message_id {text} NOT NULL,
    ordinal BIGINT NOT NULL,
    recipient {text} NOT NULL,
    domain {text} NOT NULL,
    state {text} NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT,
    last_attempt_at BIGINT,
    last_result {text},
    leased_to {text},
    visible_at BIGINT,
    PRIMARY KEY (message_id, ordinal)
);

CREATE INDEX delivery_due ON delivery (visible_at, message_id, ordinal) WHERE visible_at IS NOT NULL;

CREATE INDEX delivery_state ON delivery (state);

-- Ids grow with time: the order of the primary key is the order of events.
CREATE TABLE event (
    id {text} PRIMARY KEY,
    message_id {text} NOT NULL,
    account {text} NOT NULL,
    region {text} NOT NULL,
    at BIGINT NOT NULL,
    type {text} NOT NULL,
    recipients {text} NOT NULL,
    detail {text} NOT NULL
);

CREATE INDEX event_message ON event (message_id);

-- Counts of one account in one region in one minute since 1970. Slots spread a busy minute over rows, which are added up.
CREATE TABLE sending_counter (
    account {text} NOT NULL,
    region {text} NOT NULL,
    minute BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    quota_recipients BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    bounces BIGINT NOT NULL,
    complaints BIGINT NOT NULL,
    rejects BIGINT NOT NULL,
    PRIMARY KEY (account, region, minute, slot)
);

CREATE INDEX sending_counter_minute ON sending_counter (minute);

CREATE TABLE refusal (
    id {text} PRIMARY KEY,
    at BIGINT NOT NULL,
    account {text} NOT NULL,
    region {text} NOT NULL,
    refusal {text} NOT NULL,
    recipients {text} NOT NULL,
    decision {text} NOT NULL
);

CREATE INDEX refusal_at ON refusal (at);
