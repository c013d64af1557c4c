-- What came of the handshakes with the API server: its certificate and the versions of TLS that it takes, or why it was not seen.
-- Null where there was no API server to greet.
alter table snapshots add column serving jsonb;
