-- Reports, kept as they were written: a later release would write others.
create table reports (
    cluster_id uuid not null,
    report_id bigint not null,
    framework text collate "C" not null,
    -- What the framework was called then.
    name text not null,
    snapshot_id bigint not null,
    -- When the snapshot was taken, and the one that it is compared with.
    taken_at timestamptz not null,
    since timestamptz,
    made_at timestamptz not null,
    made_by text not null,
    -- Whether the next one that is due is compared with it.
    scheduled boolean not null,
    score jsonb not null,
    html text not null,
    csv text not null,
    json text not null,
    primary key (cluster_id, report_id),
    unique (cluster_id, framework, snapshot_id),
    foreign key (cluster_id, snapshot_id) references snapshots
);
