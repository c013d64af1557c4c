-- Whoever made a token: it goes with them. Neither is set for tokens that were made on the command line.
alter table tokens
    add made_by_user text collate "C" references users on delete cascade,
    add made_by_token bigint references tokens on delete cascade,
    add check (num_nonnulls(made_by_user, made_by_token) <= 1);

update tokens set made_by_user = created_by where created_by in (select name from users);

-- Of tokens that were made with a token only its name was kept, which others may have, and which may be gone: nobody can tell
-- whether they should still work.
with gone as (
    delete from tokens where created_by like 'token %' returning token_id, name
)
insert into admin_audit (at, actor, action, subject)
select now(), 'upgrade', 'token revoked', token_id || ' ' || name from gone;
