-- Whether a check could say nothing of some object, whatever it concluded of others: a control that is about a part of what it
-- looks at then can't be told to pass.
alter table check_results add partial boolean not null default false;
