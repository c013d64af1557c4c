//! Bindings that let someone rewrite where services are reached.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::{self, Names, Power, permission};

/// See its fields.
pub static CHECK: Check = Check {
    id: "service-status-writes",
    title: "Traffic to other addresses can be taken",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "The load balancer address in the status of a Service is taken by every node for the Service's \
        own: traffic to it goes to the pods of the Service instead (CVE-2020-8554, which has no fix). External IPs \
        in its specification do the same.",
    remediation: "Take services/status off: only the load balancer's controller writes it. Forbid externalIPs by \
        an admission policy.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "take traffic to other addresses",
    so: "What stands in the status of a Service as its address is taken for the Service's own by every \
        node.",
    permissions: &[permission(&["update", "patch"], "", "services/status")],
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
    fn writing_the_status_counts() {
        for rule in [
            "{verbs: [patch], apiGroups: [''], resources: [services/status]}",
            "{verbs: [update], apiGroups: [''], resources: ['*/status']}",
        ] {
            let manifests = granted("ClusterRoleBinding", rule);
            assert_eq!(severities(&CHECK, &manifests), [Severity::Medium], "{rule}");
            assert!(is_closed_by_patches(&CHECK, &manifests), "{rule}");
        }
    }

    #[test]
    fn services_themselves_and_reading_pass() {
        for rule in [
            "{verbs: [update, patch], apiGroups: [''], resources: [services]}",
            "{verbs: [get], apiGroups: [''], resources: [services/status]}",
            "{verbs: [patch], apiGroups: ['apps'], resources: [services/status]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn in_one_namespace_it_is_less_bad() {
        let rule = "{verbs: [patch], apiGroups: [''], resources: [services/status]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), [Severity::Low]);
    }
}
