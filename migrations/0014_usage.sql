-- What containers used when they were measured for the snapshot, summed up by workload, as protobuf (analysis/src/model/usage.rs). It differs
-- at every snapshot, and so is no object with a history of changes. Null where it was not read. It goes when the snapshot goes.
alter table snapshots add column usage bytea;
