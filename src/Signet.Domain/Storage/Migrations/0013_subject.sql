-- Subjects of a quarter of a megabyte were kept whole, and read whole for every list. The message itself keeps all of it.
UPDATE message SET subject = substr(subject, 1, 1000) || '…', subject_folded = substr(subject_folded, 1, 1000) || '…' WHERE length(subject) > 1001;

UPDATE message_search SET subject = substr(subject, 1, 1000) || '…' WHERE length(subject) > 1001;
