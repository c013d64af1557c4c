-- How far network policies covered the cluster at a snapshot, for its course over time. No row where that could not be told.
create table snapshot_network (
    cluster_id uuid not null,
    snapshot_id bigint not null,
    -- Pods over which policies have a say, and those of them that are isolated.
    pods integer not null,
    pods_ingress integer not null,
    pods_egress integer not null,
    -- Namespaces with such pods, and those of them that deny by default.
    namespaces integer not null,
    namespaces_ingress integer not null,
    namespaces_egress integer not null,
    -- Pairs of pods: all, those that are open, those that are open in part, and the share of the ports of all that is open.
    pairs bigint not null,
    pairs_open bigint not null,
    pairs_part bigint not null,
    open_ports double precision,
    primary key (cluster_id, snapshot_id),
    foreign key (cluster_id, snapshot_id) references snapshots
);
