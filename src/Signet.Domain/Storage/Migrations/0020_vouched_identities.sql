-- Domains that the operator vouched for were never looked at again, their DKIM keys included.
ALTER TABLE identity ADD COLUMN vouched BIGINT NOT NULL DEFAULT 0;

UPDATE identity SET vouched = 1 WHERE kind = 'Domain' AND status = 'Success' AND next_check_at IS NULL;

UPDATE identity SET next_check_at = 0, due_at = 0 WHERE vouched = 1 AND dkim_status = 'Success';
