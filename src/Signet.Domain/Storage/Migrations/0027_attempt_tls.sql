-- Null in rows that are older, and where it did not come to it. tls_certificate is 'valid' or says why it is not; tls_policy says what TLS had to be
-- and who asked for that.
ALTER TABLE attempt ADD COLUMN tls_cipher {text};

ALTER TABLE attempt ADD COLUMN tls_certificate {text};

ALTER TABLE attempt ADD COLUMN tls_policy {text};
