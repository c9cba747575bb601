-- The documents of policies that were replaced or deleted, by version: decisions name the policies that they asked by their versions.
-- Policies in force stay where they are.
CREATE TABLE policy_version (
    account {text} NOT NULL,
    version {text} NOT NULL,
    document {text} NOT NULL,
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (account, version)
);

CREATE INDEX policy_version_account ON policy_version (account, replaced_at, version);

CREATE INDEX policy_version_replaced ON policy_version (replaced_at);
