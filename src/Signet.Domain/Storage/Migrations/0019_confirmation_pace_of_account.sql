-- An account's newest confirmation mails limit how many more it may send.
CREATE INDEX confirmation_pace_account ON confirmation_pace (account, sent_at);
