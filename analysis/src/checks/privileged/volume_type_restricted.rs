//! Volumes of types that reach out of the cluster past its storage classes.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome, WORKLOADS};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::pod_security::{Level, Violation, namespaces, of_workload_in};

/// See its fields.
pub static CHECK: Check = Check {
    id: "volume-type-restricted",
    title: "Pod has a volume of a type that the restricted level refuses",
    area: Area::Privileged,
    severity: Severity::Low,
    rationale: "A pod that names a server, a disk or a repository itself takes what it likes from there, past the storage classes, quotas \
        and rights by which the cluster hands storage out; some of these types run programs of the node as root. Paths of the node have \
        checks of their own.",
    remediation: "Let a PersistentVolume or a storage class name the server, and the pod a PersistentVolumeClaim.",
    reads: WORKLOADS,
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let version = namespaces::version_in(cluster);
    let of_types = of_workload_in("restrictedVolumes", Level::Restricted, version, workload);
    let others = of_types
        .iter()
        .filter(|violation| !violation.field.ends_with(".hostPath"));
    Outcome::of(others.map(|violation| finding(workload, violation)).collect())
}

fn finding(workload: &Workload<'_>, violation: &Violation) -> Finding {
    let title = violation.message.trim_end_matches('.').to_owned();
    let message = format!("{} In {}.", violation.message, workload.reference);
    let (volume, kind) = violation.field.rsplit_once('.').unwrap_or((&violation.field, ""));
    let subkey = volume
        .rsplit_once('[')
        .map_or(volume, |(_, name)| name.trim_end_matches(']'));
    CHECK
        .finding(workload.reference.clone(), subkey, title, message)
        .witness(violation.field.clone(), kind)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::confinement::fixture::deployment;
    use crate::fixture::findings;

    #[test]
    fn a_volume_that_names_a_server_is_reported_and_one_of_the_cluster_or_of_the_node_is_not() {
        let spec = "{containers: [{name: c}], volumes: [{name: share, nfs: {server: s, path: /}}, {name: node, hostPath: {path: /x}},
            {name: tmp, emptyDir: {}}]}";
        let found = findings(&CHECK, &deployment(spec));
        let [finding] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(
            (finding.subkey.as_str(), finding.title.as_str()),
            ("share", "Volume share is of type nfs")
        );
        assert!(finding.witness[0].path.ends_with("volumes[share].nfs"));
    }
}
