-- The running total of the 24-hour quota: for each slot of sending_counter the quota_recipients of all its minutes after `expired`,
-- added up. A send reads eight rows of it instead of a day of minutes. The triggers keep it true, whoever changes the counters.
CREATE TABLE quota_use (
    account {text} NOT NULL,
    region {text} NOT NULL,
    slot BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    recipients BIGINT NOT NULL,
    PRIMARY KEY (account, region, slot)
);

INSERT INTO quota_use (account, region, slot, expired, recipients)
SELECT account, region, slot, expired, SUM(CASE WHEN minute > expired THEN quota_recipients ELSE 0 END)
FROM sending_counter, (SELECT FLOOR(EXTRACT(EPOCH FROM now()) / 60)::BIGINT - 1440 AS expired) day
GROUP BY account, region, slot, expired;

-- The first count of a minute also takes out what has left the window of 24 hours by then.
CREATE FUNCTION add_quota_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO quota_use (account, region, slot, expired, recipients)
    VALUES (new.account, new.region, new.slot, new.minute - 1440, new.quota_recipients)
    ON CONFLICT (account, region, slot) DO UPDATE SET
        recipients = quota_use.recipients
            + CASE WHEN new.minute > quota_use.expired THEN new.quota_recipients ELSE 0 END
            - (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
                WHERE c.account = new.account AND c.region = new.region AND c.slot = new.slot
                    AND c.minute > quota_use.expired AND c.minute <= new.minute - 1440),
        expired = GREATEST(quota_use.expired, new.minute - 1440);
    RETURN NULL;
END
$$;

CREATE TRIGGER sending_counter_added AFTER INSERT ON sending_counter FOR EACH ROW EXECUTE FUNCTION add_quota_use();

CREATE FUNCTION change_quota_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE quota_use SET recipients = recipients + new.quota_recipients - old.quota_recipients
    WHERE account = new.account AND region = new.region AND slot = new.slot AND expired < new.minute;
    RETURN NULL;
END
$$;

CREATE TRIGGER sending_counter_changed AFTER UPDATE OF quota_recipients ON sending_counter FOR EACH ROW
WHEN (new.quota_recipients <> old.quota_recipients) EXECUTE FUNCTION change_quota_use();

CREATE FUNCTION forget_quota_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE quota_use SET recipients = recipients - old.quota_recipients
    WHERE account = old.account AND region = old.region AND slot = old.slot AND expired < old.minute;
    RETURN NULL;
END
$$;

CREATE TRIGGER sending_counter_forgotten AFTER DELETE ON sending_counter FOR EACH ROW
WHEN (old.quota_recipients <> 0) EXECUTE FUNCTION forget_quota_use();

-- The sum of quota_recipients over all minutes after `of_after`.
CREATE FUNCTION quota_used(of_account TEXT, of_region TEXT, of_after BIGINT) RETURNS BIGINT LANGUAGE sql STABLE AS $$
    SELECT COALESCE(SUM(u.recipients
        - CASE WHEN u.expired < of_after THEN (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
            WHERE c.account = u.account AND c.region = u.region AND c.slot = u.slot AND c.minute > u.expired AND c.minute <= of_after)
            ELSE 0 END
        + CASE WHEN u.expired > of_after THEN (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
            WHERE c.account = u.account AND c.region = u.region AND c.slot = u.slot AND c.minute > of_after AND c.minute <= u.expired)
            ELSE 0 END), 0)::BIGINT
    FROM quota_use u WHERE u.account = of_account AND u.region = of_region
$$;

-- Fails with SG001 when a quota is used up. When anything is left of it, the unit holds a lock until it ends. Far from the quota the lock
-- is shared and units do not wait for each other: all that may be under way beside this one, a message on each connection that the
-- server has, fits in what is left. Near the quota the lock is exclusive, and the sum is exact. A unit never goes from the shared lock to
-- the exclusive one, which two of them could wait for forever: it fails with serialization_failure and is begun again.
CREATE FUNCTION hold_quota(of_account TEXT, of_region TEXT, of_after BIGINT, quota DOUBLE PRECISION, most_a_message BIGINT)
RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    key BIGINT := hashtextextended('quota ' || of_account || ' ' || of_region, 0);
    under_way BIGINT := most_a_message * current_setting('max_connections')::BIGINT;
BEGIN
    IF quota_used(of_account, of_region, of_after) + under_way < quota THEN
        PERFORM pg_advisory_xact_lock_shared(key);
        IF quota_used(of_account, of_region, of_after) + under_way >= quota THEN
            RAISE EXCEPTION 'the quota of % in % came near', of_account, of_region USING ERRCODE = 'serialization_failure';
        END IF;
    ELSE
        PERFORM pg_advisory_xact_lock(key);
        IF quota_used(of_account, of_region, of_after) >= quota THEN
            RAISE EXCEPTION 'the quota of % in % is used up', of_account, of_region USING ERRCODE = 'SG001';
        END IF;
    END IF;
END
$$;
