-- The running total of the 24-hour quota: for each slot of sending_counter the quota_recipients of all its minutes after `expired`,
-- added up. A send reads one row of it instead of a day of minutes. The triggers keep it true, whoever changes the counters.
CREATE TABLE quota_use (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    slot BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    recipients BIGINT NOT NULL,
    PRIMARY KEY (account, region, slot)
) WITHOUT ROWID;

INSERT INTO quota_use (account, region, slot, expired, recipients)
SELECT account, region, slot, expired, SUM(CASE WHEN minute > expired THEN quota_recipients ELSE 0 END)
FROM sending_counter, (SELECT CAST(strftime('%s', 'now') AS INTEGER) / 60 - 1440 AS expired)
GROUP BY account, region, slot, expired;

-- The first count of a minute also takes out what has left the window of 24 hours by then.
CREATE TRIGGER sending_counter_added AFTER INSERT ON sending_counter BEGIN
    INSERT INTO quota_use (account, region, slot, expired, recipients)
    VALUES (new.account, new.region, new.slot, new.minute - 1440, new.quota_recipients)
    ON CONFLICT (account, region, slot) DO UPDATE SET
        recipients = quota_use.recipients
            + CASE WHEN new.minute > quota_use.expired THEN new.quota_recipients ELSE 0 END
            - (SELECT COALESCE(SUM(c.quota_recipients), 0) FROM sending_counter c
                WHERE c.account = new.account AND c.region = new.region AND c.slot = new.slot
                    AND c.minute > quota_use.expired AND c.minute <= new.minute - 1440),
        expired = MAX(quota_use.expired, new.minute - 1440);
END;

CREATE TRIGGER sending_counter_changed AFTER UPDATE OF quota_recipients ON sending_counter
WHEN new.quota_recipients <> old.quota_recipients BEGIN
    UPDATE quota_use SET recipients = recipients + new.quota_recipients - old.quota_recipients
    WHERE account = new.account AND region = new.region AND slot = new.slot AND expired < new.minute;
END;

CREATE TRIGGER sending_counter_forgotten AFTER DELETE ON sending_counter WHEN old.quota_recipients <> 0 BEGIN
    UPDATE quota_use SET recipients = recipients - old.quota_recipients
    WHERE account = old.account AND region = old.region AND slot = old.slot AND expired < old.minute;
END;
