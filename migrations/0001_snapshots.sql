-- Clusters, and what is known of each of their snapshots.
--
-- Every key of a cluster's data includes cluster_id, and there are no triggers: the schema loads unchanged on Citus.
-- Names compare bytewise ("C"), so that pages come in the same order whatever the database's locale.

create table clusters (
    cluster_id uuid primary key,
    name text collate "C" not null,
    source text not null check (source in ('live', 'files', 'demo')),
    -- Kubernetes version of the API server; empty where unknown.
    version text not null,
    -- The number of the last snapshot, failed or not.
    last_number bigint not null,
    -- When the last good snapshot was taken.
    last_taken_at timestamptz
);

create table snapshots (
    cluster_id uuid not null references clusters,
    snapshot_id bigint not null,
    taken_at timestamptz not null,
    -- Reading, judging and storing; 0 where it failed.
    duration_ms integer not null,
    outcome text not null check (outcome in ('complete', 'partial', 'failed')),
    reason text not null,
    warnings jsonb not null,
    -- Kubernetes version then.
    version text not null,
    -- Releases of the check catalogue and of the model: what they change is no drift.
    catalogue text not null,
    model integer not null,
    objects integer not null,
    kinds_collected integer not null,
    kinds_total integer not null,
    namespaces integer not null,
    workloads integer not null,
    pods integer not null,
    nodes integer not null,
    -- Null where nothing was decided; the range is null where the snapshot failed.
    score_value real,
    score_low real,
    score_high real,
    evidence real,
    checks_pass integer not null,
    checks_fail integer not null,
    checks_manual integer not null,
    checks_not_evaluated integer not null,
    checks_excepted integer not null,
    open_critical integer not null,
    open_high integer not null,
    open_medium integer not null,
    open_low integer not null,
    -- What the workloads and the findings of the snapshot hash to: equal ones are not compared row by row.
    workloads_digest bytea,
    findings_digest bytea,
    primary key (cluster_id, snapshot_id)
);

create unique index snapshots_good on snapshots (cluster_id, taken_at) where outcome <> 'failed';

create table snapshot_kinds (
    cluster_id uuid not null,
    snapshot_id bigint not null,
    api_group text collate "C" not null,
    kind text collate "C" not null,
    status text not null check (status in ('collected', 'denied', 'absent', 'failed', 'skipped')),
    count integer,
    reason text not null,
    -- What the objects that are known of this kind hash to; carried over while it can't be read, null until it could once.
    digest bytea,
    primary key (cluster_id, snapshot_id, api_group, kind),
    foreign key (cluster_id, snapshot_id) references snapshots
);

create table snapshot_areas (
    cluster_id uuid not null,
    snapshot_id bigint not null,
    area text collate "C" not null,
    score_value real,
    score_low real not null,
    score_high real not null,
    evidence real not null,
    checks_pass integer not null,
    checks_fail integer not null,
    checks_manual integer not null,
    checks_not_evaluated integer not null,
    checks_excepted integer not null,
    open_critical integer not null,
    open_high integer not null,
    open_medium integer not null,
    open_low integer not null,
    primary key (cluster_id, snapshot_id, area),
    foreign key (cluster_id, snapshot_id) references snapshots
);
