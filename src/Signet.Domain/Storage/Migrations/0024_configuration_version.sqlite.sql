-- The version of the configuration that sends read. What is kept of it in memory is kept under this version, so every transaction that changes
-- a row of these tables raises it, whoever changes it.
CREATE TABLE configuration_version (
    version BIGINT NOT NULL
);

INSERT INTO configuration_version (version) VALUES (0);

CREATE TRIGGER account_configuration_added AFTER INSERT ON account BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_configuration_removed AFTER DELETE ON account BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_configuration_changed AFTER UPDATE ON account
WHEN (old.id, old.name, old.created_at, old.paused_at, old.pause_reason)
    IS NOT (new.id, new.name, new.created_at, new.paused_at, new.pause_reason)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_settings_configuration_added AFTER INSERT ON account_settings BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_settings_configuration_removed AFTER DELETE ON account_settings BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_settings_configuration_changed AFTER UPDATE ON account_settings
WHEN (old.account, old.region, old.sandbox, old.max_24_hour_send, old.max_send_rate, old.sending_enabled)
    IS NOT (new.account, new.region, new.sandbox, new.max_24_hour_send, new.max_send_rate, new.sending_enabled)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_user_configuration_added AFTER INSERT ON account_user BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_user_configuration_removed AFTER DELETE ON account_user BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER account_user_configuration_changed AFTER UPDATE ON account_user
WHEN (old.account, old.name, old.created_at)
    IS NOT (new.account, new.name, new.created_at)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER user_policy_configuration_added AFTER INSERT ON user_policy BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER user_policy_configuration_removed AFTER DELETE ON user_policy BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER user_policy_configuration_changed AFTER UPDATE ON user_policy
WHEN (old.account, old.user_name, old.name, old.document)
    IS NOT (new.account, new.user_name, new.name, new.document)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER access_key_configuration_added AFTER INSERT ON access_key BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER access_key_configuration_removed AFTER DELETE ON access_key BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER access_key_configuration_changed AFTER UPDATE ON access_key
WHEN (old.id, old.account, old.user_name, old.secret, old.created_at, old.revoked_at)
    IS NOT (new.id, new.account, new.user_name, new.secret, new.created_at, new.revoked_at)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

-- When an identity is looked up next changes with every look at its DNS records, and no send depends on it.
CREATE TRIGGER identity_configuration_added AFTER INSERT ON identity BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER identity_configuration_removed AFTER DELETE ON identity BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER identity_configuration_changed AFTER UPDATE ON identity
WHEN (old.account, old.region, old.name, old.kind, old.status, old.verification_token,
        old.created_at, old.deadline, old.dkim_enabled, old.dkim_status, old.dkim_tokens, old.dkim_deadline, old.vouched)
    IS NOT (new.account, new.region, new.name, new.kind, new.status, new.verification_token,
        new.created_at, new.deadline, new.dkim_enabled, new.dkim_status, new.dkim_tokens, new.dkim_deadline, new.vouched)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER identity_policy_configuration_added AFTER INSERT ON identity_policy BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER identity_policy_configuration_removed AFTER DELETE ON identity_policy BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER identity_policy_configuration_changed AFTER UPDATE ON identity_policy
WHEN (old.account, old.region, old.identity, old.name, old.document)
    IS NOT (new.account, new.region, new.identity, new.name, new.document)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER dkim_key_configuration_added AFTER INSERT ON dkim_key BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER dkim_key_configuration_removed AFTER DELETE ON dkim_key BEGIN
    UPDATE configuration_version SET version = version + 1;
END;

CREATE TRIGGER dkim_key_configuration_changed AFTER UPDATE ON dkim_key
WHEN (old.account, old.region, old.identity, old.position, old.selector, old.private_key, old.public_key)
    IS NOT (new.account, new.region, new.identity, new.position, new.selector, new.private_key, new.public_key)
BEGIN
    UPDATE configuration_version SET version = version + 1;
END;
