-- Objects that were in no list and of which it could not be found out whether they exist: what is judged again must not take
-- them for missing.
alter table snapshots add column doubtful jsonb not null default '[]';
