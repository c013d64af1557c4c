//! Secrets that hold a token which never ends.

use chrono::{DateTime, NaiveDate, Utc};
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::meta::ObjectMeta;
use crate::model::{Kind, Object};
use crate::power::takeover;
use crate::rbac::Role;

/// See its fields.
pub static CHECK: Check = Check {
    id: "legacy-token-secret",
    title: "Token without an end",
    area: Area::LeastPrivilege,
    severity: Severity::Medium,
    rationale: "The token in a Secret of type kubernetes.io/service-account-token does not end, is bound to no pod, and goes \
        wherever the Secret is copied to: backups, repositories, the clipboard of whoever read it. A token \
        that the kubelet mounts is good for an hour, or for up to a year where the API server extends it, as it does by \
        default; but it ends with its pod.",
    remediation: "Ask for a token with an end instead (kubectl create token, or a projected volume), then delete the Secret. \
        Kubernetes labels those that were used with kubernetes.io/legacy-token-last-used; one that was used in the last 90 days is \
        somebody's, and there is no patch that would take it away.",
    reads: &[
        Need::Read(Kind::Secret),
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ],
    judge: Judge::Object(&[Kind::Secret], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::Secret(secret) = object else {
        return Outcome::NotApplicable;
    };
    if secret.r#type != "kubernetes.io/service-account-token" {
        return Outcome::NotApplicable;
    }
    match object.meta().labels.get("kubernetes.io/legacy-token-invalid-since") {
        Some(_) => Outcome::Pass,
        None => Outcome::Fail(vec![finding(cluster, object.meta())]),
    }
}

fn finding(cluster: &Cluster<'_>, meta: &ObjectMeta) -> Finding {
    let target = Kind::Secret.reference(meta);
    let account = meta.annotation("kubernetes.io/service-account.name");
    let whose = account.map_or("a service account".to_owned(), |name| {
        format!("ServiceAccount {}/{name}", meta.namespace)
    });
    let last_used = meta.labels.get("kubernetes.io/legacy-token-last-used");
    let used = last_used
        .map(|date| format!(" It was last used on {date}."))
        .unwrap_or_default();
    let power = account.and_then(|name| power(cluster, &meta.namespace, name));
    let can = power
        .map(|power| format!(" Whoever has it may {power} in the whole cluster."))
        .unwrap_or_default();
    let title = format!("{target} holds a token of {whose} without an end");
    let message = format!("{title}.{used}{can}");
    let is_used = last_used.is_some_and(|date| is_recent(date, cluster.now));
    let patch = (!is_used).then(|| Patch::Delete { target: target.clone() });
    let change = format!("Delete {target}");
    let mut finding = CHECK
        .finding(target, "", title, message)
        .witness("type", "kubernetes.io/service-account-token")
        .patch(change, patch);
    if power.is_some() {
        finding.severity = Severity::High;
    }
    finding
}

/// For how many days a token that was used counts as in use.
const IN_USE: i64 = 90;

/// Whether it was used of late: a day that can't be read may be any.
fn is_recent(date: &str, now: DateTime<Utc>) -> bool {
    NaiveDate::parse_from_str(date, "%Y-%m-%d").map_or(true, |day| (now.date_naive() - day).num_days() <= IN_USE)
}

/// What a service account may do in the whole cluster that takes it over.
fn power(cluster: &Cluster<'_>, namespace: &str, name: &str) -> Option<&'static str> {
    let bindings = cluster.rbac().bindings_to_account(namespace, name);
    let mut roles = bindings
        .filter(|binding| binding.is_cluster_wide())
        .filter_map(|binding| Role::bound_by(cluster.snapshot, binding));
    roles.find_map(|role| takeover::power_of(&role.rules, true))
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    const SECRET: &str = "
apiVersion: v1
kind: Secret
metadata: {name: app-token, namespace: shop, annotations: {kubernetes.io/service-account.name: app}}
type: kubernetes.io/service-account-token
";

    #[test]
    fn a_token_is_as_bad_as_what_its_account_may_do() {
        assert_eq!(severities(&CHECK, SECRET), [Severity::Medium]);
        assert!(is_closed_by_patches(&CHECK, SECRET));
        let exec = granted(
            "ClusterRoleBinding",
            "{verbs: [create], apiGroups: [''], resources: [pods/exec]}",
        );
        assert_eq!(severities(&CHECK, &format!("{SECRET}---\n{exec}")), [Severity::High]);
    }

    #[test]
    fn other_types_and_tokens_that_no_longer_count_pass() {
        assert_eq!(severities(&CHECK, &SECRET.replace("service-account-token", "tls")), []);
        let invalid = SECRET.replace(
            "namespace: shop,",
            "namespace: shop, labels: {kubernetes.io/legacy-token-invalid-since: '2026-01-01'},",
        );
        assert_eq!(severities(&CHECK, &invalid), []);
    }

    #[test]
    fn a_token_that_is_in_use_is_not_deleted_by_a_patch() {
        let has_patch = |date: &str| {
            let label = format!("namespace: shop, labels: {{kubernetes.io/legacy-token-last-used: '{date}'}},");
            let found = findings(&CHECK, &SECRET.replace("namespace: shop,", &label)).remove(0);
            assert!(found.message.contains(date));
            found.patch.is_some()
        };
        // Tests judge as of 2026-11-18.
        assert_eq!([has_patch("2026-11-17"), has_patch("2026-08-20")], [false, false]);
        assert_eq!([has_patch("2026-08-19"), has_patch("of late")], [true, false]);
    }
}
