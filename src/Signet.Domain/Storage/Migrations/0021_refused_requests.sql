-- Refusals of requests that did not come as far as authorization. Account and region are empty where no key was found, the decision where
-- there is none; caller and action of the refusals recorded before stand in their decisions.
ALTER TABLE refusal ADD COLUMN proven BIGINT NOT NULL DEFAULT 1;
ALTER TABLE refusal ADD COLUMN caller {text} NOT NULL DEFAULT '';
ALTER TABLE refusal ADD COLUMN action {text} NOT NULL DEFAULT '';
ALTER TABLE refusal ADD COLUMN code {text} NOT NULL DEFAULT '';
ALTER TABLE refusal ADD COLUMN status BIGINT NOT NULL DEFAULT 0;

UPDATE refusal SET code = 'AccessDenied', status = 403 WHERE refusal LIKE 'User %';
UPDATE refusal SET code = 'MessageRejected', status = 400 WHERE code = '';
