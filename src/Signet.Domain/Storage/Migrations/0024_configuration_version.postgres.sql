-- The version of the configuration that sends read. Nodes keep what they read under it, so every transaction that changes a row of these
-- tables raises it, whoever changes it. Transactions that change the configuration wait for each other here; those of messages never come here.
CREATE TABLE configuration_version (
    version BIGINT NOT NULL
);

INSERT INTO configuration_version (version) VALUES (0);

-- A statement that changed no row raises nothing.
CREATE FUNCTION raise_configuration_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        UPDATE configuration_version SET version = version + 1;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION raise_configuration_version_by_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) THEN
        UPDATE configuration_version SET version = version + 1;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION raise_configuration_version_by_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE configuration_version SET version = version + 1;
    RETURN NULL;
END
$$;

-- When an identity is looked up next changes with every look at its DNS records, and no send depends on it.
CREATE FUNCTION raise_configuration_version_by_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT account, region, name, kind, status, verification_token, created_at, deadline, dkim_enabled, dkim_status, dkim_tokens,
            dkim_deadline, vouched FROM new_rows
        EXCEPT
        SELECT account, region, name, kind, status, verification_token, created_at, deadline, dkim_enabled, dkim_status, dkim_tokens,
            dkim_deadline, vouched FROM old_rows)
    THEN
        UPDATE configuration_version SET version = version + 1;
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    changing TEXT;
BEGIN
    FOREACH changing IN ARRAY ARRAY[
        'account', 'account_settings', 'account_user', 'user_policy', 'access_key', 'identity', 'identity_policy', 'dkim_key']
    LOOP
        EXECUTE format(
            'CREATE TRIGGER configuration_added AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version()', changing);
        EXECUTE format(
            'CREATE TRIGGER configuration_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version()', changing);
        EXECUTE format(
            'CREATE TRIGGER configuration_changed AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION %I()', changing,
            CASE changing WHEN 'identity' THEN 'raise_configuration_version_by_identity' ELSE 'raise_configuration_version_by_update' END);
        EXECUTE format(
            'CREATE TRIGGER configuration_emptied AFTER TRUNCATE ON %I
                FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version_by_truncate()', changing);
    END LOOP;
END
$$;
