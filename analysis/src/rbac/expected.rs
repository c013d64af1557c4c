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
    version: String,
    /// Why it needs what it grants, in a sentence.
    reason: String,
    /// Names of the role; a leading asterisk stands for whatever the release is called.
    roles: Vec<String>,
    /// Whose it is, as `namespace/name`, with the same asterisk.
    accounts: Vec<String>,
    rules: Vec<PolicyRule>,
}

/// What can't be read is left out, and a test counts what was.
static KNOWN: LazyLock<Vec<Known>> =
    LazyLock::new(|| serde_json::from_str(include_str!("expected.json")).unwrap_or_default());

/// Why it is expected that a binding grants these rules to these subjects; none where it is not.
pub fn reason<'a>(
    binding: &Binding<'_>,
    mut subjects: impl Iterator<Item = &'a Subject>,
    granted: &[&PolicyRule],
) -> Option<String> {
    let accounts: Option<Vec<String>> = subjects.try_fold(Vec::new(), |mut accounts, subject| {
        let namespace = if subject.namespace.is_empty() {
            &binding.meta.namespace
        } else {
            &subject.namespace
        };
        accounts.push(format!("{namespace}/{}", subject.name));
        (subject.kind == "ServiceAccount").then_some(accounts)
    });
    let accounts = accounts.filter(|accounts| !accounts.is_empty())?;
    let is_it = |known: &&Known| {
        has(&known.roles, &binding.role_ref.name)
            && accounts.iter().all(|account| has(&known.accounts, account))
            && granted.iter().all(|rule| rules::covers(&known.rules, rule))
    };
    let Known {
        project,
        version,
        reason,
        ..
    } = KNOWN.iter().find(is_it)?;
    Some(format!("{reason} ({project} {version})"))
}

fn has(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_prefix('*') {
        Some(end) => name.ends_with(end),
        None => name == pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::rbac::{cluster_admin_bound, token_creation, webhook_configuration_writes};
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
                .all(|known| !known.version.is_empty() && known.reason.ends_with('.'))
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
