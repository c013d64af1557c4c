//! What leads further, and what looks as if it did.

mod closure;
mod naive;
mod techniques;

use shared::escalations::{Escalations, Sink};

use super::Escalation;
use crate::fixture::snapshot;
use crate::rbac::access::{Access, Origin};

/// What is found in manifests as in a running cluster without the defaults of Kubernetes.
fn live(manifests: &str) -> Escalations {
    report(manifests, Origin::Live)
}

fn report(manifests: &str, origin: Origin) -> Escalations {
    let snapshot = snapshot(manifests);
    let access = Access::new(&snapshot, origin);
    Escalation::new(&snapshot, &access).report()
}

/// The sinks that a subject reaches.
fn sinks(found: &Escalations, subject: &str) -> Vec<Sink> {
    let items = found.items.iter().filter(|item| item.subject.name == subject);
    items.map(|item| item.sink).collect()
}

/// A ClusterRole of these rules, bound to the user ann in the whole cluster.
fn everywhere(rules: &str) -> String {
    format!(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: given}}
rules: [{rules}]
---
{}",
        bound("ClusterRoleBinding", "{name: given}", "ClusterRole", "given", ANN)
    )
}

/// A Role of these rules, bound to the user ann in the namespace shop.
fn in_shop(rules: &str) -> String {
    format!(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: given, namespace: shop}}
rules: [{rules}]
---
{}",
        bound("RoleBinding", "{name: given, namespace: shop}", "Role", "given", ANN)
    )
}

const ANN: &str = "{kind: User, name: ann}";

fn bound(kind: &str, metadata: &str, role_kind: &str, role: &str, subject: &str) -> String {
    format!(
        "
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {metadata}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {role_kind}, name: {role}}}
subjects: [{subject}]
---
"
    )
}

/// A role that grants everything, and the service account shop/boss that holds it; namespaces that let no privileged pods in.
const BOSS: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: boss, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: boss}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects: [{kind: ServiceAccount, name: boss, namespace: shop}]
---
";

/// A pod of the service account shop/boss.
const BOSS_POD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: runs, namespace: shop}
spec: {serviceAccountName: boss, nodeName: n1, containers: [{name: c, image: i}]}
---
";

/// A rule of the core group.
fn core(verbs: &str, resources: &str) -> String {
    format!("{{verbs: [{verbs}], apiGroups: [''], resources: [{resources}]}}")
}

/// A rule of another group.
fn of(group: &str, verbs: &str, resources: &str) -> String {
    format!("{{verbs: [{verbs}], apiGroups: [{group}], resources: [{resources}]}}")
}

fn rbac(verbs: &str, resources: &str) -> String {
    of("rbac.authorization.k8s.io", verbs, resources)
}

/// The same rule for one name only.
fn named(rule: &str, name: &str) -> String {
    format!("{}, resourceNames: ['{name}']}}", rule.trim_end_matches('}'))
}
