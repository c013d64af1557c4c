//! Bindings that let someone write custom resources which grant power.

use std::collections::BTreeSet;

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::power::custom::{CUSTOM_POWERS, PERMISSIONS};
use crate::power::{self, Held, Names, Permission, Power};

/// See its fields.
pub static CHECK: Check = Check {
    id: "power-by-custom-resource",
    title: "Custom resources grant power",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Controllers act with permissions of their own for whoever writes their resources: they deploy, run pods, fetch \
        secrets and write roles. A policy engine obeys whoever writes its policies. RBAC shows none of that, since the rule \
        names the resource only.",
    remediation: "Grant these resources as you would grant what the controller does with them. Bound what it does, too: by \
        projects in Argo CD, by service accounts in Flux.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// The power that it reports.
pub static POWER: Power = Power {
    check: &CHECK,
    may: "write custom resources that grant power",
    so: "A controller acts on each with permissions of its own:",
    permissions: &PERMISSIONS,
    names: Names::Any,
    in_namespace: Severity::Low,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match power::held(cluster, object, &POWER) {
        None => Outcome::NotApplicable,
        Some(held) if held.holders.is_empty() => Outcome::Pass,
        Some(held) => {
            let mut finding = power::finding(&POWER, &held);
            finding.message = format!("{} {}", finding.message, gains(&held));
            if is_at_home(&held) {
                finding.severity = finding.severity.max(CHECK.severity);
                finding.message += " The controller takes what stands in this namespace for the whole cluster.";
            }
            Outcome::Fail(vec![finding])
        }
    }
}

/// Whether one of them is granted without names where it has power over the whole cluster.
fn is_at_home(held: &Held<'_>) -> bool {
    let namespace = held.binding.meta.namespace.as_str();
    let mut at_home = CUSTOM_POWERS
        .iter()
        .filter(|power| !power.home.is_empty() && power.home == namespace);
    at_home.any(|power| {
        let mut rules = held.rules.iter();
        rules.any(|rule| power::allows(rule, &power.permission, Names::Narrow))
    })
}

/// Resources that a finding names; it counts them all.
const MAX_NAMED: usize = 4;

/// What writing each of them is good for: one resource for each gain, and how many more there are.
fn gains(held: &Held<'_>) -> String {
    let is_given = |place: &usize| {
        let permission = &PERMISSIONS[*place];
        let is_granted = held.binding.is_cluster_wide() || !permission.is_of_cluster;
        is_granted
            && held
                .rules
                .iter()
                .any(|rule| power::allows(rule, permission, POWER.names))
    };
    let given: Vec<usize> = (0..PERMISSIONS.len()).filter(is_given).collect();
    let mut seen = BTreeSet::new();
    let distinct = given
        .iter()
        .map(|place| &CUSTOM_POWERS[*place])
        .filter(|power| seen.insert(power.gain));
    let named: Vec<String> = distinct
        .take(MAX_NAMED)
        .map(|power| {
            let Permission { group, resource, .. } = power.permission;
            match resource {
                "*" => format!("each of {group} {}", power.gain),
                _ => format!("{resource}.{group} {}", power.gain),
            }
        })
        .collect();
    let more = match given.len() - named.len() {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("{}{more}.", named.join("; "))
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};
    use crate::power::custom::CUSTOM_POWERS;

    #[test]
    fn a_resource_is_told_with_what_it_is_good_for() {
        let rule = "{verbs: [get, create], apiGroups: [argoproj.io], resources: [applications, applicationsets]}";
        let manifests = granted("ClusterRoleBinding", rule);
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.severity, Severity::Medium);
        let gain =
            "applications.argoproj.io deploys whatever it names, with the permissions of the controller; and 1 more.";
        assert!(found.message.ends_with(gain), "{}", found.message);
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn reading_them_and_their_status_and_other_groups_pass() {
        for rule in [
            "{verbs: [get, list, watch], apiGroups: [argoproj.io], resources: ['*']}",
            "{verbs: [update], apiGroups: [argoproj.io], resources: [applications/status, applications/finalizers]}",
            "{verbs: [create], apiGroups: [app.k8s.io], resources: [applications]}",
            "{verbs: [delete], apiGroups: [argoproj.io], resources: [applications]}",
        ] {
            assert_eq!(severities(&CHECK, &granted("ClusterRoleBinding", rule)), [], "{rule}");
        }
    }

    #[test]
    fn a_policy_that_is_deleted_counts_and_one_of_the_cluster_not_in_a_namespace() {
        let rule = "{verbs: [delete], apiGroups: [kyverno.io], resources: [clusterpolicies]}";
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", rule)),
            [Severity::Medium]
        );
        assert_eq!(severities(&CHECK, &granted("RoleBinding", rule)), []);
        let exception = "{verbs: [create], apiGroups: [kyverno.io], resources: [policyexceptions]}";
        assert_eq!(severities(&CHECK, &granted("RoleBinding", exception)), [Severity::Low]);
    }

    #[test]
    fn a_kind_of_constraint_counts_whatever_its_name_and_its_status_does_not() {
        let of = |resource: &str| {
            let rule = format!("{{verbs: [delete], apiGroups: [constraints.gatekeeper.sh], resources: [{resource}]}}");
            let manifests = granted("ClusterRoleBinding", &rule);
            let severities = severities(&CHECK, &manifests);
            assert!(
                severities.is_empty() || is_closed_by_patches(&CHECK, &manifests),
                "{resource}"
            );
            severities
        };
        assert_eq!(of("k8spspprivilegedcontainer"), [Severity::Medium]);
        assert_eq!(of("'*'"), [Severity::Medium]);
        assert_eq!(of("k8spspprivilegedcontainer/status"), []);
    }

    #[test]
    fn a_policy_that_is_named_counts_and_is_less_bad() {
        let rule = "{verbs: [delete], apiGroups: [kyverno.io], resources: [clusterpolicies], resourceNames: [a]}";
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", rule)),
            [Severity::Low]
        );
    }

    #[test]
    fn applications_of_argo_cds_own_namespace_are_power_over_the_whole_cluster() {
        let rule = "{verbs: [create], apiGroups: [argoproj.io], resources: [applications]}";
        let shop = granted("RoleBinding", rule);
        let argo = shop.replace("namespace: shop}\nroleRef", "namespace: argocd}\nroleRef");
        assert_eq!(severities(&CHECK, &shop), [Severity::Low]);
        assert_eq!(severities(&CHECK, &argo), [Severity::Medium]);
    }

    #[test]
    fn the_table_has_each_resource_once() {
        let mut names: Vec<_> = CUSTOM_POWERS
            .iter()
            .map(|power| (power.permission.group, power.permission.resource))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
