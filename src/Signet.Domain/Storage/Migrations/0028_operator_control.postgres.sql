-- route is the target that an operator gave a delivery in the place of the configured route. Its lane is then the domain, '>', the target and the
-- account, so that it does not wait for the destination of its domain. suspended_by is the suspension that holds the delivery, or will when the
-- attempt under way is deferred; null for what was held by hand.
ALTER TABLE open_delivery ADD COLUMN route {text}, ADD COLUMN suspended_by BIGINT;

-- Only what is held is in these two: accepting and delivering write nothing there.
CREATE INDEX open_delivery_held ON open_delivery (lane, message_id, ordinal) WHERE due_at IS NULL;

CREATE INDEX open_delivery_suspended ON open_delivery (suspended_by, message_id, ordinal) WHERE suspended_by IS NOT NULL;

-- What is held until it is resumed, also when it is accepted later. All columns that are not null must match; identity is an ARN or a name.
CREATE TABLE suspension (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account {text},
    with_server_mail BIGINT NOT NULL,
    domain {text},
    destination {text},
    identity {text},
    reason {text} NOT NULL,
    created_by {text} NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TRIGGER configuration_added AFTER INSERT ON suspension REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version();

CREATE TRIGGER configuration_removed AFTER DELETE ON suspension REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version();

CREATE TRIGGER configuration_changed AFTER UPDATE ON suspension REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version_by_update();

CREATE TRIGGER configuration_emptied AFTER TRUNCATE ON suspension
    FOR EACH STATEMENT EXECUTE FUNCTION raise_configuration_version_by_truncate();

-- Which hosts served a domain when a node looked last: their names, sorted, with blanks between.
CREATE TABLE destination_domain (
    domain {text} PRIMARY KEY,
    destination {text} NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE OR REPLACE VIEW any_delivery AS
SELECT message_id, ordinal, recipient, domain, state, attempts, due_at AS next_attempt_at, last_attempt_at, last_result, route, suspended_by
FROM open_delivery
UNION ALL
SELECT message_id, ordinal, recipient, domain, state, attempts, NULL, last_attempt_at, last_result, NULL, NULL FROM delivery;
