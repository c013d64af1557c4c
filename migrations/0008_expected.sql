-- Why a finding is there by design, where a well-known controller needs what it reports.
alter table findings add column expected text;
