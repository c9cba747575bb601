-- Whose DKIM key signs a message, so that delivering it needs no decision: the account and region of the identity that was found
-- for From (or for Source, when the check of From is not recorded), and the address. Null: only the server signs.
ALTER TABLE message ADD COLUMN sender_account {text};

ALTER TABLE message ADD COLUMN sender_region {text};

ALTER TABLE message ADD COLUMN sender_address {text};

-- For what still waits. An ARN is arn:aws:ses:REGION:ACCOUNT:identity/NAME; an address may have a display name before it. One that is
-- not plain (quoted, say) is left out, and so is a decision that is no JSON.
DO $$
DECLARE
    waiting record;
    found record;
BEGIN
    FOR waiting IN SELECT id, decision FROM message WHERE finished_at IS NULL LOOP
        BEGIN
            SELECT split_part(c.value ->> 'identity', ':', 4) AS region, split_part(c.value ->> 'identity', ':', 5) AS account,
                trim(COALESCE(substring(c.value ->> 'address' FROM '<([^>]*)>'), c.value ->> 'address')) AS address
            INTO found
            FROM json_array_elements(waiting.decision::json -> 'checks') WITH ORDINALITY AS c (value, place)
            WHERE c.value ->> 'role' IN ('From', 'Source')
            ORDER BY c.value ->> 'role', place LIMIT 1;

            UPDATE message SET sender_region = found.region, sender_account = found.account, sender_address = found.address
            WHERE id = waiting.id AND found.account ~ '^[0-9]{12}$' AND found.region <> ''
                AND found.address ~ '^[^ "()<>,:;@]+@[^ "()<>,:;@]+$';
        EXCEPTION WHEN data_exception THEN
            CONTINUE;
        END;
    END LOOP;
END
$$;
