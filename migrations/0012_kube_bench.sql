-- What kube-bench said of nodes: one row for each time it was handed in, until another follows for the node or it is forgotten.

create table kube_bench (
    cluster_id uuid not null references clusters,
    node text collate "C" not null,
    -- When it was handed in.
    valid_from timestamptz not null,
    valid_to timestamptz,
    received_by text not null,
    hash bytea not null,
    primary key (cluster_id, node, valid_from)
);

create unique index kube_bench_held on kube_bench (cluster_id, node) where valid_to is null;

-- Results by their SHA-256: the nodes of a pool say the same, and so does a node day after day.
create table kube_bench_results (
    cluster_id uuid not null references clusters,
    hash bytea not null,
    results jsonb not null,
    primary key (cluster_id, hash)
);
