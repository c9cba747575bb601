-- Whose DKIM key signs a message, so that delivering it needs no decision: the account and region of the identity that was found
-- for From (or for Source, when the check of From is not recorded), and the address. Null: only the server signs.
ALTER TABLE message ADD COLUMN sender_account TEXT;

ALTER TABLE message ADD COLUMN sender_region TEXT;

ALTER TABLE message ADD COLUMN sender_address TEXT;

-- For what still waits. An ARN is arn:aws:ses:REGION:ACCOUNT:identity/NAME; an address may have a display name before it. One that is
-- not plain (quoted, say) is left out, and so is a decision that is no JSON.
UPDATE message SET sender_region = s.region, sender_account = s.account, sender_address = s.address
FROM (
    SELECT id,
        CASE WHEN json_valid(arn) THEN json_extract(arn, '$[3]') END AS region,
        CASE WHEN json_valid(arn) THEN json_extract(arn, '$[4]') END AS account,
        CASE WHEN instr(written, '<') > 0
            THEN substr(written, instr(written, '<') + 1, instr(written, '>') - instr(written, '<') - 1) ELSE written END AS address
    FROM (
        SELECT id, '["' || replace(json_extract(decision, path || '.identity'), ':', '","') || '"]' AS arn,
            trim(json_extract(decision, path || '.address')) AS written,
            ROW_NUMBER() OVER (PARTITION BY id ORDER BY json_extract(decision, path || '.role'), place) AS place
        FROM (
            SELECT m.id, m.decision, c.fullkey AS path, c.key AS place
            FROM (
                SELECT id, CASE WHEN json_valid(decision) THEN decision ELSE '{}' END AS decision FROM message WHERE finished_at IS NULL
            ) m, json_each(m.decision, '$.checks') c
        )
        WHERE json_extract(decision, path || '.role') IN ('From', 'Source')
    )
    WHERE place = 1
) s
WHERE s.id = message.id AND s.account GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]' AND s.region <> ''
    AND s.address GLOB '?*@?*' AND s.address NOT GLOB '*@*@*' AND s.address NOT GLOB '*[ "()<>,:;]*';
