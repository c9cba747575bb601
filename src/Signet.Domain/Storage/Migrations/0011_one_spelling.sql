-- An address has one spelling now: "boss"@shop.test is boss@shop.test. What hangs on an identity that was verified in quotes goes to
-- the other spelling; of two identities that were one mailbox the plain one stays, with the policies of both.
CREATE TABLE respelled AS
SELECT account, region, name AS old_name, replace(name, '"', '') AS new_name
FROM identity
WHERE name LIKE '"%"@%'
    AND length(name) - length(replace(name, '"', '')) = 2
    AND length(name) - length(replace(name, '@', '')) = 1
    AND name NOT LIKE '""%' AND name NOT LIKE '".%' AND name NOT LIKE '%."@%' AND name NOT LIKE '%..%'
    AND trim(name, '"@.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&''*+-/=?^_`{|}~') = '';

UPDATE identity_policy SET name = substr(name, 1, 57) || '-quoted'
WHERE EXISTS (
    SELECT 1 FROM respelled r
    JOIN identity_policy p ON p.account = r.account AND p.region = r.region AND p.identity = r.new_name
    WHERE r.account = identity_policy.account AND r.region = identity_policy.region AND r.old_name = identity_policy.identity
        AND p.name = identity_policy.name);

UPDATE identity_policy SET identity = replace(identity, '"', '')
WHERE EXISTS (
    SELECT 1 FROM respelled r
    WHERE r.account = identity_policy.account AND r.region = identity_policy.region AND r.old_name = identity_policy.identity);

UPDATE confirmation SET identity = replace(identity, '"', '')
WHERE EXISTS (
    SELECT 1 FROM respelled r
    WHERE r.account = confirmation.account AND r.region = confirmation.region AND r.old_name = confirmation.identity);

DELETE FROM identity
WHERE EXISTS (
    SELECT 1 FROM respelled r
    JOIN identity i ON i.account = r.account AND i.region = r.region AND i.name = r.new_name
    WHERE r.account = identity.account AND r.region = identity.region AND r.old_name = identity.name);

UPDATE identity SET name = replace(name, '"', '')
WHERE EXISTS (
    SELECT 1 FROM respelled r
    WHERE r.account = identity.account AND r.region = identity.region AND r.old_name = identity.name);

DROP TABLE respelled;
