//! Default service accounts whose token every pod gets that does not refuse it.

use serde_json::json;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::service_account::ServiceAccount;
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "default-service-account-automounted",
    title: "Default service account hands out its token",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "Every pod that names no service account gets the token of the one called default, whether its program calls the API \
        or not. Whoever takes over such a pod has an identity in the cluster, and all that is granted to it now or later.",
    remediation: "Set automountServiceAccountToken to false on it. Give a pod that calls the API a service account of its own; one that \
        shows its token to someone else, such as Vault, may set automountServiceAccountToken to true itself.",
    reads: &[
        Need::Read(Kind::ServiceAccount),
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ],
    judge: Judge::Object(&[Kind::ServiceAccount], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match object {
        Object::ServiceAccount(account) if object.meta().name == "default" => {
            match account.automount_service_account_token {
                Some(false) => Outcome::Pass,
                Some(true) | None => Outcome::Fail(vec![finding(cluster, object, account)]),
            }
        }
        _ => Outcome::NotApplicable,
    }
}

/// No patch where something is granted to it: then pods may need the token.
fn finding(cluster: &Cluster<'_>, object: &Object, account: &ServiceAccount) -> Finding {
    let namespace = &object.meta().namespace;
    let target = object.reference();
    let patch = Patch::Merge {
        target: target.clone(),
        body: json!({ "automountServiceAccountToken": false }),
    };
    let title = format!("The default service account of namespace {namespace} hands out its token");
    let message = format!(
        "Pods of namespace {namespace} that name no service account get the token of {target}, unless they refuse it."
    );
    CHECK
        .finding(target, "", title, message)
        .witness(
            "automountServiceAccountToken",
            json!(account.automount_service_account_token),
        )
        .patch(
            format!("Hand out no token of the default service account of {namespace}"),
            Some(patch).filter(|_| !cluster.rbac().is_granted(namespace, "default")),
        )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    fn account(name: &str, fields: &str) -> String {
        format!(
            "
apiVersion: v1
kind: ServiceAccount
metadata: {{name: {name}, namespace: shop}}
{fields}
"
        )
    }

    #[test]
    fn a_default_account_hands_out_its_token_unless_it_says_otherwise() {
        for on in ["", "automountServiceAccountToken: true"] {
            assert_eq!(
                titles(&CHECK, &account("default", on)),
                ["The default service account of namespace shop hands out its token"]
            );
            assert!(is_closed_by_patches(&CHECK, &account("default", on)));
        }
        let off = account("default", "automountServiceAccountToken: false");
        assert_eq!(titles(&CHECK, &off), [""; 0]);
        assert_eq!(titles(&CHECK, &account("app", "")), [""; 0]);
    }

    #[test]
    fn where_something_is_granted_to_it_pods_may_need_the_token() {
        let binding = "
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
";
        let found = findings(&CHECK, &(account("default", "") + binding)).remove(0);
        assert_eq!(found.patch, None);
    }
}
