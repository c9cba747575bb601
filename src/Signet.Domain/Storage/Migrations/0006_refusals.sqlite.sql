-- What refusals are searched by, folded, and an index for the list of one account. Of those recorded before, the addresses that were
-- checked are not in it.
ALTER TABLE refusal ADD COLUMN searched TEXT NOT NULL DEFAULT '';

UPDATE refusal SET searched = lower(refusal.refusal || ' ' || COALESCE(json_extract(decision, '$.principal'), '') || ' ' || recipients);

CREATE INDEX refusal_account ON refusal (account, id);
