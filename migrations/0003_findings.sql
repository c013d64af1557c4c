-- Findings and what checks concluded, one row per change, as objects are kept.

create table findings (
    cluster_id uuid not null references clusters,
    finding_id text collate "C" not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    -- When it was first seen, ever; and since when it has been open without a gap.
    first_seen timestamptz not null,
    opened_at timestamptz not null,
    check_id text collate "C" not null,
    area text collate "C" not null,
    api_group text collate "C" not null,
    kind text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    subkey text not null,
    -- 0 low, 1 medium, 2 high, 3 critical.
    severity smallint not null check (severity between 0 and 3),
    title text collate "C" not null,
    message text not null,
    witness jsonb not null,
    patch jsonb,
    hash bytea not null,
    -- The row follows another one of the finding; it was followed by one.
    replaces boolean not null,
    replaced boolean not null default false,
    -- It was there when its check first decided: that is no change.
    baseline boolean not null,
    -- A release of the checks or of the model, and perhaps not the cluster, made the difference.
    opened_by_release boolean not null,
    closed_by_release boolean not null default false,
    primary key (cluster_id, finding_id, valid_from)
);

create unique index findings_open on findings (cluster_id, finding_id) where valid_to is null;
create index findings_from on findings (cluster_id, valid_from);
create index findings_to on findings (cluster_id, valid_to) where valid_to is not null;
create index findings_object on findings (cluster_id, kind, namespace, name);

-- What a check could not decide while findings of it were open: an object, a namespace (kind Namespace), or everything
-- (kind Cluster). Its findings stay, last seen when they could last be told.
create table undecided (
    cluster_id uuid not null references clusters,
    check_id text collate "C" not null,
    api_group text collate "C" not null,
    kind text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    last_seen timestamptz not null,
    primary key (cluster_id, check_id, api_group, kind, namespace, name, valid_from)
);

create table check_results (
    cluster_id uuid not null references clusters,
    check_id text collate "C" not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    verdict text not null check (verdict in ('pass', 'fail', 'manual', 'notEvaluated', 'excepted')),
    reason text not null,
    evaluated integer not null,
    failed integer not null,
    primary key (cluster_id, check_id, valid_from)
);
