//! Bindings that let someone delete events.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "event-deletion",
    title: "Events can be deleted",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Events show the pod that was started, the image that was pulled and the command that failed. \
        Whoever deletes them wipes the trace that is looked at first.",
    remediation: "Take delete and deletecollection off: events go by themselves after an hour. Send the audit \
        log to where nobody of the cluster can delete it.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "delete events",
    so: "Events are the trace that is looked at first.",
    permissions: &[
        permission(&["delete", "deletecollection"], "", "events"),
        permission(&["delete", "deletecollection"], "events.k8s.io", "events"),
    ],
    names: Names::Narrow,
    in_namespace: Severity::Low,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    power::judge(cluster, object, &POWER)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{granted, is_closed_by_patches, severities};

    #[test]
    fn either_group_counts() {
        for rule in [
            "{verbs: [delete], apiGroups: [''], resources: [events]}",
            "{verbs: [deletecollection], apiGroups: ['events.k8s.io'], resources: [events]}",
            "{verbs: ['*'], apiGroups: [''], resources: ['*']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Low], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn writing_events_passes() {
        for rule in [
            "{verbs: [create, patch, update], apiGroups: [''], resources: [events]}",
            "{verbs: [delete], apiGroups: [''], resources: [pods]}",
            "{verbs: [delete], apiGroups: ['events.k8s.io'], resources: [pods]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_counts_too() {
        let rule = "{verbs: [delete], apiGroups: [''], resources: [events]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Low]);
    }
}
