//! Bindings that grant everything.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object};
use crate::rbac::binding::{implied_group, is_masters, subject_manifest};
use crate::rbac::{Binding, Role, expected, rules};

/// See its fields.
pub static CHECK: Check = Check {
    id: "cluster-admin-bound",
    title: "Every permission granted",
    area: Area::Rbac,
    severity: Severity::Critical,
    rationale: "Whoever may do everything in the cluster owns every workload, secret and node of it, and can hide the \
        traces; a role with all three wildcards grants that whatever its name. Within one namespace it owns all that runs \
        there. Only system:masters, and kubeadm's group of administrators, hold it by default.",
    remediation: "Bind a role that lists what the subject needs, then take the subject off this binding. Keep everything \
        for one account that is used in emergencies only.",
    reads: &[
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let Some(role) = Role::bound_by(cluster.snapshot, &binding) else {
        return Outcome::NotApplicable;
    };
    let findings = binding.distinct_subjects().filter_map(|(place, subject)| {
        // It may do everything already, so the binding gives it nothing.
        if is_masters(subject) {
            return None;
        }
        let rule = role
            .beyond_defaults(&binding, subject)
            .into_iter()
            .find(|rule| rules::is_everything(rule))?;
        Some(finding(&binding, &role, (place, subject), rule))
    });
    Outcome::of(findings.collect())
}

fn finding(binding: &Binding<'_>, role: &Role<'_>, (place, subject): (usize, &Subject), rule: &PolicyRule) -> Finding {
    let name = binding.name_of(subject);
    let title = match binding.is_cluster_wide() {
        true => format!("{name} may do everything in the cluster"),
        false => format!("{name} may do everything in namespace {}", binding.meta.namespace),
    };
    let who = implied_group(subject)
        .map(|who| format!(" That is {who}."))
        .unwrap_or_default();
    let limit = match binding.is_cluster_wide() {
        true => "",
        false => " It reaches nothing outside the namespace: no nodes, and no objects of the cluster.",
    };
    let message = format!(
        "{} grants every verb on every resource to {name} {}, through {}.{who}{limit}",
        binding.reference(),
        binding.place(),
        role.reference,
    );
    let (source, rule_path) = role.place_of(rule);
    let mut finding = CHECK
        .finding(binding.reference(), &name, title, message)
        .witness(format!("subjects[{place}]"), subject_manifest(subject))
        .witness("roleRef.name", binding.role_ref.name.as_str())
        .witness_in(source, rule_path, rules::evidence(rule))
        .patch(format!("Take {} from {name}", role.reference), binding.without(subject));
    finding.expected = expected::reason(binding, std::iter::once(subject), &[rule]);
    if !binding.is_cluster_wide() {
        finding.severity = Severity::High;
    }
    finding
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn binding(kind: &str, role_ref: &str, subjects: &str) -> String {
        let namespace = if kind == "RoleBinding" { ", namespace: shop" } else { "" };
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: b{namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, {role_ref}}}
subjects: [{subjects}]
"
        )
    }

    const CLUSTER_ADMIN: &str = "kind: ClusterRole, name: cluster-admin";
    const OPS: &str = "{kind: Group, name: ops, apiGroup: rbac.authorization.k8s.io}";

    #[test]
    fn cluster_admin_through_a_cluster_role_binding_is_critical() {
        let found = findings(&CHECK, &binding("ClusterRoleBinding", CLUSTER_ADMIN, OPS)).remove(0);
        assert_eq!(
            (found.title.as_str(), found.severity),
            ("Group ops may do everything in the cluster", Severity::Critical)
        );
        assert!(matches!(found.patch, Some(Patch::Delete { .. })));
        assert_eq!(found.witness[2].path, "rules[0]");
    }

    #[test]
    fn cluster_admin_through_a_role_binding_holds_in_its_namespace_only() {
        let found = findings(&CHECK, &binding("RoleBinding", CLUSTER_ADMIN, OPS)).remove(0);
        assert_eq!(
            (found.title.as_str(), found.severity),
            ("Group ops may do everything in namespace shop", Severity::High)
        );
        assert!(found.message.contains("in namespace shop only"), "{}", found.message);
    }

    #[test]
    fn a_role_is_known_by_what_it_grants_and_not_by_its_name() {
        let role = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helper}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}, {verbs: ['*'], apiGroups: ['*'], resources: ['*']}]
";
        let bound = binding("ClusterRoleBinding", "kind: ClusterRole, name: helper", OPS);
        assert_eq!(
            titles(&CHECK, &format!("{role}\n---\n{bound}")),
            ["Group ops may do everything in the cluster"]
        );
        let harmless = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
";
        let bound = binding("ClusterRoleBinding", CLUSTER_ADMIN, OPS);
        assert_eq!(titles(&CHECK, &format!("{harmless}\n---\n{bound}")), [""; 0]);
    }

    #[test]
    fn a_rule_is_shown_in_the_role_in_which_it_stands() {
        let roles = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: helper}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: helper}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a, labels: {to: helper}}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: b, labels: {to: helper}}
rules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]
";
        let bound = binding("ClusterRoleBinding", "kind: ClusterRole, name: helper", OPS);
        let found = findings(
            &CHECK,
            &format!(
                "{roles}
---
{bound}"
            ),
        )
        .remove(0);
        assert_eq!(
            (found.witness[2].object.name.as_str(), found.witness[2].path.as_str()),
            ("b", "rules[0]")
        );
    }

    #[test]
    fn wildcards_on_names_or_on_one_group_are_not_everything() {
        for rule in [
            "{verbs: ['*'], apiGroups: [apps], resources: ['*']}",
            "{verbs: [get, list], apiGroups: ['*'], resources: ['*']}",
            "{verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [x]}",
        ] {
            let role = format!(
                "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: helper}}
rules: [{rule}]
"
            );
            let bound = binding("ClusterRoleBinding", "kind: ClusterRole, name: helper", OPS);
            assert_eq!(titles(&CHECK, &format!("{role}\n---\n{bound}")), [""; 0], "{rule}");
        }
    }

    #[test]
    fn the_default_binding_is_judged_for_its_excess() {
        let masters = "{kind: Group, name: 'system:masters', apiGroup: rbac.authorization.k8s.io}";
        let manifests = binding("ClusterRoleBinding", CLUSTER_ADMIN, &format!("{masters}, {OPS}"))
            .replace("name: b", "name: cluster-admin");
        let found = findings(&CHECK, &manifests);
        assert_eq!(found.len(), 1);
        let Some(Patch::Merge { body, .. }) = &found[0].patch else {
            panic!("not a merge patch")
        };
        assert_eq!(body["subjects"][0]["name"], "system:masters");
        assert_eq!(body["subjects"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn what_kubeadm_binds_is_known_by_its_content() {
        let kubeadm = "{kind: Group, name: 'kubeadm:cluster-admins', apiGroup: rbac.authorization.k8s.io}";
        let named = |subjects: &str| {
            binding("ClusterRoleBinding", CLUSTER_ADMIN, subjects).replace("name: b", "name: 'kubeadm:cluster-admins'")
        };
        assert_eq!(titles(&CHECK, &named(kubeadm)), [""; 0]);
        assert_eq!(
            titles(&CHECK, &named(OPS)),
            ["Group ops may do everything in the cluster"]
        );
    }

    #[test]
    fn a_label_does_not_make_a_binding_a_default() {
        let labelled = binding("ClusterRoleBinding", CLUSTER_ADMIN, OPS).replace(
            "name: b",
            "name: 'system:monitoring', labels: {kubernetes.io/bootstrapping: rbac-defaults}",
        );
        assert_eq!(titles(&CHECK, &labelled).len(), 1);
    }

    #[test]
    fn a_role_of_the_same_name_in_another_namespace_grants_nothing_here() {
        let role = "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: helper, namespace: tools}
rules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]
";
        let bound = binding("RoleBinding", "kind: Role, name: helper", OPS);
        assert_eq!(titles(&CHECK, &format!("{role}\n---\n{bound}")), [""; 0]);
    }
}
