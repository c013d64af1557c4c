-- Who may come in. These tables are local: no key of them holds a cluster.

create table users (
    name text collate "C" primary key,
    admin boolean not null,
    -- A PHC string; null until a password is set.
    password_hash text,
    created_at timestamptz not null,
    last_sign_in timestamptz
);

create table sessions (
    -- SHA-256 of the cookie.
    hash bytea primary key,
    user_name text collate "C" not null references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create index sessions_user on sessions (user_name);

create table sign_in_links (
    -- SHA-256 of the link's secret.
    hash bytea primary key,
    user_name text collate "C" not null references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Failed sign-ins by the name that was tried, whether or not there is such a user.
create table sign_in_failures (
    user_name text collate "C" primary key,
    failures integer not null,
    last_at timestamptz not null
);

create table tokens (
    token_id bigint generated always as identity primary key,
    -- SHA-256 of the secret.
    hash bytea not null unique,
    name text not null,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz
);

-- What administrators did to Plimsoll itself.
create table admin_audit (
    audit_id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null
);
