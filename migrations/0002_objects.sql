-- Objects and workloads, one row per change. The state at T is `valid_from <= T and (valid_to is null or valid_to > T)`.

-- What objects were made of, under the first 16 bytes of its SHA-256: the model's protobuf, without any secret.
create table bodies (
    cluster_id uuid not null references clusters,
    hash bytea not null,
    body bytea not null,
    primary key (cluster_id, hash)
);

create table objects (
    cluster_id uuid not null,
    api_group text collate "C" not null,
    kind text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    hash bytea not null,
    -- The row follows another one of the object; it was followed by one.
    replaces boolean not null,
    replaced boolean not null default false,
    -- It was there when its kind was first read: that is no change.
    baseline boolean not null,
    -- A release of the model, and perhaps not the cluster, made the difference.
    opened_by_release boolean not null,
    closed_by_release boolean not null default false,
    primary key (cluster_id, api_group, kind, namespace, name, valid_from),
    foreign key (cluster_id, hash) references bodies
);

create unique index objects_open on objects (cluster_id, api_group, kind, namespace, name) where valid_to is null;
create index objects_from on objects (cluster_id, valid_from);
create index objects_to on objects (cluster_id, valid_to) where valid_to is not null;

-- What runs, each counted once by its topmost owner.
create table workloads (
    cluster_id uuid not null references clusters,
    api_group text collate "C" not null,
    kind text collate "C" not null,
    namespace text collate "C" not null,
    name text collate "C" not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    hash bytea not null,
    pods integer not null,
    images text[] not null,
    service_account text not null,
    replicas integer,
    containers jsonb not null,
    primary key (cluster_id, api_group, kind, namespace, name, valid_from)
);

create unique index workloads_open on workloads (cluster_id, api_group, kind, namespace, name) where valid_to is null;
create index workloads_to on workloads (cluster_id, valid_to) where valid_to is not null;
