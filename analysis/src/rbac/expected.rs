//! Roles that well-known controllers bring: what they grant is known, and why.
//!
//! `expected.json` holds the rules that give power, as the projects publish them, with the version that was read. A role is
//! known by its name, by whose it is, and by what it grants: a rule that grants more than a known one is judged as usual.

use std::sync::LazyLock;

use serde::Deserialize;

use super::binding::Binding;
use super::rules;
use crate::model::rbac::{PolicyRule, Subject};

/// A role of a project, or several that need the same.
#[derive(Debug, Deserialize)]
struct Known {
    project: String,
    /// The version that was read; empty for a cloud, which has none that a user sees.
    #[serde(default)]
    version: String,
    /// Why it needs what it grants, in a sentence.
    reason: String,
    /// Names of the binding; any where there are none.
    #[serde(default)]
    bindings: Vec<String>,
    /// Names of the role; a leading asterisk stands for whatever the release is called.
    roles: Vec<String>,
    /// Whose it is, as `namespace/name`, with the same asterisk for either.
    #[serde(default)]
    accounts: Vec<String>,
    /// Users and groups whose it is as well: `User jane`.
    #[serde(default)]
    others: Vec<String>,
    rules: Vec<PolicyRule>,
}

/// What can't be read is left out, and a test counts what was.
static KNOWN: LazyLock<Vec<Known>> =
    LazyLock::new(|| serde_json::from_str(include_str!("expected.json")).unwrap_or_default());

/// Why it is expected that a binding grants these rules to these subjects; none where it is not.
pub fn reason<'a>(
    binding: &Binding<'_>,
    subjects: impl Iterator<Item = &'a Subject>,
    granted: &[&PolicyRule],
) -> Option<String> {
    let subjects: Vec<String> = subjects.map(|subject| binding.name_of(subject)).collect();
    let is_it = |known: &&Known| {
        let is_its = |subject: &String| match subject.split_once(' ') {
            Some(("ServiceAccount", account)) => has(&known.accounts, account),
            _ => known.others.contains(subject),
        };
        (known.bindings.is_empty() || known.bindings.contains(&binding.meta.name))
            && has(&known.roles, &binding.role_ref.name)
            && subjects.iter().all(is_its)
            && granted.iter().all(|rule| rules::covers(&known.rules, rule))
    };
    let found = KNOWN.iter().find(|known| !subjects.is_empty() && is_it(known))?;
    let Known { project, version, .. } = found;
    let source = [project.as_str(), version.as_str()].join(" ");
    Some(format!("{} ({})", found.reason, source.trim_end()))
}

/// Whether one of the patterns is the name: an asterisk at its beginning, or after the namespace, stands for anything.
fn has(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| {
        let (patterns, names) = (pattern.split('/'), name.split('/'));
        pattern.split('/').count() == name.split('/').count()
            && patterns.zip(names).all(|(pattern, name)| ends(pattern, name))
    })
}

fn ends(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => name.ends_with(end),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::rbac::{
        cluster_admin_bound, node_group_bound, token_creation, webhook_configuration_writes, workload_creation,
    };
    use crate::finding::Finding;
    use crate::fixture::{findings, granted};

    fn bound(role: &str, account: &str, rules: &str) -> String {
        granted("ClusterRoleBinding", rules)
            .replace("tested", role)
            .replace("name: app, namespace: shop", account)
    }

    const INJECTOR: &str = "name: cert-manager-cainjector, namespace: cert-manager";
    const UPDATE: &str =
        "{verbs: [get, update], apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations]}";

    fn webhooks(manifests: &str) -> Finding {
        findings(&webhook_configuration_writes::CHECK, manifests).remove(0)
    }

    #[test]
    fn every_known_role_is_read_and_gives_its_version() {
        let values: Vec<serde_json::Value> = serde_json::from_str(include_str!("expected.json")).unwrap();
        assert_eq!(KNOWN.len(), values.len());
        assert!(
            KNOWN
                .iter()
                .all(|known| (!known.version.is_empty() || known.accounts.is_empty()) && known.reason.ends_with('.'))
        );
    }

    #[test]
    fn what_a_controller_needs_is_told_and_is_no_less_bad() {
        let found = webhooks(&bound("cert-manager-cainjector", INJECTOR, UPDATE));
        assert!(found.expected.unwrap().ends_with("(cert-manager 1.18)"));
        assert_eq!(found.severity, webhook_configuration_writes::CHECK.severity);
    }

    #[test]
    fn more_than_it_needs_another_name_or_another_holder_is_not_expected() {
        let more = UPDATE.replace("update]", "update, delete]");
        for manifests in [
            bound("cert-manager-cainjector", INJECTOR, &more),
            bound("cert-manager-cainjector", INJECTOR, &format!("{UPDATE}, {more}")),
            bound("injector", INJECTOR, UPDATE),
            bound(
                "cert-manager-cainjector",
                "name: default, namespace: cert-manager",
                UPDATE,
            ),
            bound("cert-manager-cainjector", INJECTOR, UPDATE).replace("kind: ServiceAccount", "kind: User"),
        ] {
            assert_eq!(webhooks(&manifests).expected, None, "{manifests}");
        }
    }

    #[test]
    fn everything_is_expected_of_what_applies_everything_and_of_nobody_else_in_its_place() {
        let admin = |account: &str| {
            let manifests = bound(
                "cluster-admin",
                account,
                "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}",
            );
            findings(&cluster_admin_bound::CHECK, &manifests).remove(0).expected
        };
        assert!(admin("name: kustomize-controller, namespace: flux-system").is_some());
        assert_eq!(admin("name: source-controller, namespace: flux-system"), None);
        assert_eq!(admin("name: kustomize-controller, namespace: shop"), None);
    }

    const EVERYTHING: &str = "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}";

    #[test]
    fn what_a_cloud_grants_to_its_own_users_is_told_and_to_nobody_else() {
        let admin = |binding: &str, kind: &str, name: &str| {
            let manifests = bound("cluster-admin", &format!("name: '{name}', namespace: shop"), EVERYTHING)
                .replace("kind: ServiceAccount", &format!("kind: {kind}"))
                .replace("{name: b}", &format!("{{name: '{binding}'}}"));
            findings(&cluster_admin_bound::CHECK, &manifests).remove(0).expected
        };
        assert!(
            admin("eks:addon-cluster-admin", "User", "eks:addon-manager")
                .unwrap()
                .ends_with("(EKS)")
        );
        assert!(
            admin("aks-cluster-admin-binding", "User", "clusterAdmin")
                .unwrap()
                .ends_with("(AKS)")
        );
        assert_eq!(admin("aks-cluster-admin-binding", "User", "jane"), None);
        assert_eq!(admin("b", "User", "clusterAdmin"), None);
        assert_eq!(
            admin("aks-cluster-admin-binding", "ServiceAccount", "clusterAdmin"),
            None
        );
    }

    #[test]
    fn nodes_of_a_cloud_are_known_by_the_binding_and_by_what_it_grants() {
        let to = |binding: &str, role: &str, rule: &str| {
            let bound = bound(role, "name: 'system:nodes'", rule)
                .replace("kind: ServiceAccount", "kind: Group")
                .replace("{name: b}", &format!("{{name: '{binding}'}}"));
            findings(&node_group_bound::CHECK, &bound).remove(0).expected
        };
        let (eks, rule) = (
            "eks:node-bootstrapper",
            "{verbs: [create], apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/selfnodeserver]}",
        );
        assert!(to(eks, &format!("'{eks}'"), rule).is_some());
        assert_eq!(to(eks, &format!("'{eks}'"), &rule.replace("create", "approve")), None);
        let pods = "{verbs: [get, list, watch], apiGroups: [''], resources: [pods]}";
        assert!(to("system:aks-client-nodes", "'system:node'", pods).is_some());
        assert_eq!(to("b", "'system:node'", pods), None);
    }

    #[test]
    fn an_asterisk_stands_for_the_namespace_and_for_the_release() {
        let operator = |account: &str| {
            let rule = "{verbs: ['*'], apiGroups: [apps], resources: [statefulsets]}";
            let manifests = bound(
                "prometheus-operator",
                &format!("name: {account}, namespace: monitoring"),
                rule,
            );
            findings(&workload_creation::CHECK, &manifests).remove(0).expected
        };
        for account in [
            "prometheus-operator",
            "kube-prometheus-stack-operator",
            "prometheus-kube-prometheus-operator",
            "x-kube-prometheus-stack-operator",
        ] {
            assert!(operator(account).is_some(), "{account}");
        }
        assert_eq!(operator("web"), None);
    }

    #[test]
    fn names_count() {
        let token = |name: &str| {
            let rule = format!(
                "{{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [{name}]}}"
            );
            let manifests = bound("calico-node", "name: calico-node, namespace: kube-system", &rule);
            findings(&token_creation::CHECK, &manifests).remove(0).expected
        };
        assert!(token("calico-node").is_some());
        assert_eq!(token("other"), None);
    }
}
