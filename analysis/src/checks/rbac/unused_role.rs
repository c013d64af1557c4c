//! Roles that nothing grants.

use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::model::meta::ObjectMeta;
use crate::model::{Kind, Object};
use crate::rbac::{Role, role};

/// See its fields.
pub static CHECK: Check = Check {
    id: "unused-role",
    title: "Role that nothing grants",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "A role that nobody holds waits to be bound by whoever finds its name fitting, and nobody watches what is in it. \
        Roles that others aggregate are used, and so are Kubernetes' own.",
    remediation: "Delete it. Roles that a package brings for its users to bind can be accepted.",
    reads: &[
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
    ],
    judge: Judge::Object(&[Kind::ClusterRole, Kind::Role], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(role) = Role::of(cluster.snapshot, object) else {
        return Outcome::NotApplicable;
    };
    if role.default().is_some() {
        return Outcome::NotApplicable;
    }
    if !cluster.rbac().bindings_of(&role.reference).is_empty() || is_aggregated(cluster, object) {
        return Outcome::Pass;
    }
    // Manifests, which have no version of a server, need not be all that there is.
    if cluster.snapshot.version.is_empty() {
        return Outcome::NotEvaluated(format!(
            "Whether something else binds {} was not found out.",
            role.reference
        ));
    }
    let title = format!("Nothing grants {}", role.reference);
    let message = format!("No binding names {}, and no role aggregates it.", role.reference);
    let target = role.reference.clone();
    let change = format!("Delete {target}");
    let finding = CHECK
        .finding(target.clone(), "", title, message)
        .patch(change, Patch::Delete { target });
    Outcome::Fail(vec![finding])
}

/// Whether a role takes it in that is bound, or is there to be: admin, edit and view are, though nobody may hold them yet.
fn is_aggregated(cluster: &Cluster<'_>, object: &Object) -> bool {
    let Object::ClusterRole(role) = object else {
        return false;
    };
    let is_label = |meta: &ObjectMeta| {
        ["admin", "edit", "view"].iter().any(|name| {
            let label = format!("rbac.authorization.k8s.io/aggregate-to-{name}");
            meta.labels.get(&label).is_some_and(|value| value == "true")
        })
    };
    role.metadata.as_ref().is_some_and(is_label) || role::is_aggregated(cluster.snapshot, role)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings_in, granted, is_closed_by_patches, severities, snapshot, titles};

    const ROLE: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: left}
rules: [{verbs: [get], apiGroups: [''], resources: [pods]}]
";

    #[test]
    fn a_role_that_nothing_binds_can_go() {
        assert_eq!(titles(&CHECK, ROLE), ["Nothing grants ClusterRole left"]);
        assert!(is_closed_by_patches(&CHECK, ROLE));
    }

    #[test]
    fn what_is_bound_aggregated_or_kubernetes_own_passes() {
        assert_eq!(
            severities(
                &CHECK,
                &granted("RoleBinding", "{verbs: [get], apiGroups: [''], resources: [pods]}")
            ),
            []
        );
        assert_eq!(severities(&CHECK, &ROLE.replace("name: left", "name: view")), []);
        let labelled = ROLE.replace(
            "{name: left}",
            "{name: left, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}",
        );
        assert_eq!(severities(&CHECK, &labelled), []);
        let aggregated = format!(
            "{}\n---\n{}",
            ROLE.replace("{name: left}", "{name: left, labels: {to: outer}}"),
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: outer}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: outer}}]}
"
        );
        assert_eq!(titles(&CHECK, &aggregated), ["Nothing grants ClusterRole outer"]);
    }

    #[test]
    fn a_binding_elsewhere_binds_another_role_and_manifests_stay_open() {
        let role = ROLE
            .replace("kind: ClusterRole", "kind: Role")
            .replace("{name: left}", "{name: left, namespace: shop}");
        let binding = "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: tools}
roleRef: {kind: Role, name: left}
";
        assert_eq!(severities(&CHECK, &format!("{role}\n---\n{binding}")).len(), 1);
        let mut files = snapshot(ROLE);
        files.version.clear();
        assert_eq!(findings_in(&CHECK, &files), []);
    }
}
