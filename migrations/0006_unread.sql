-- What was written and never read.

alter table findings drop subkey;
alter table sessions drop created_at;
alter table sign_in_links drop created_at;
