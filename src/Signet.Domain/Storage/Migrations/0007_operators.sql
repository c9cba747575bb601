-- Names are in small letters. account is null for the whole server; password_hash is sealed with the master key, null for nobody's.
CREATE TABLE console_operator (
    name {text} PRIMARY KEY,
    role {text} NOT NULL,
    account {text},
    stamp {text} NOT NULL,
    password_hash {blob},
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT
);

-- Attempts with a name, which may be nobody's, from one client; the empty client is all strangers together.
CREATE TABLE operator_sign_in (
    name {text} NOT NULL,
    client {text} NOT NULL,
    failures BIGINT NOT NULL,
    failed_at BIGINT,
    wait_until BIGINT,
    succeeded_at BIGINT,
    forgotten_at BIGINT NOT NULL,
    PRIMARY KEY (name, client)
);

CREATE INDEX operator_sign_in_forgotten ON operator_sign_in (forgotten_at);

-- xml is sealed with the master key.
CREATE TABLE session_key (
    id {text} PRIMARY KEY,
    xml {blob} NOT NULL
);
