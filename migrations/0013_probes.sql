-- What kubelets and other servers answered that were to be called, one row per change, as objects are kept.
create table probes (
    cluster_id uuid not null references clusters,
    -- A kubelet is told by its node, another server by its address.
    target text collate "C" not null check (target in ('kubelet', 'endpoint')),
    name text collate "C" not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    body jsonb not null,
    primary key (cluster_id, target, name, valid_from)
);

create unique index probes_open on probes (cluster_id, target, name) where valid_to is null;

-- Whether kubelets were to be called, of which there may be none.
alter table snapshots add column kubelets_called boolean not null default false;
