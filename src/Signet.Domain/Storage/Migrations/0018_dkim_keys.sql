-- DKIM was verified by the aliases alone. Whether the keys that they lead to are published is looked up as soon as a server starts, not
-- within a day: until then mail may be signed with a key that no receiver finds.
UPDATE identity SET next_check_at = 0, due_at = 0 WHERE dkim_status = 'Success' AND next_check_at IS NOT NULL;
