//! Tokens in pods that have no use for them.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::service_account::ServiceAccount;

/// See its fields.
pub static CHECK: Check = Check {
    id: "service-account-token-automounted",
    title: "Token mounted that grants nothing",
    area: Area::LeastPrivilege,
    severity: Severity::Low,
    rationale: "The token of a service account without permissions still proves an identity to the API server and to \
        whatever trusts its issuer, and is worth stealing as soon as someone binds a role to it.",
    remediation: "Set automountServiceAccountToken to false in the pod template, or on the service account. Keep it where the \
        program shows the token to someone else, such as Vault.",
    reads: &workloads_and::<13>(&[
        Need::Read(Kind::ServiceAccount),
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ClusterRole),
        Need::Read(Kind::Role),
    ]),
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    // The API server mounts no token into static pods.
    if workload.is_static_pod() {
        return Outcome::NotApplicable;
    }
    let (namespace, name) = (&workload.reference.namespace, workload.service_account());
    if !cluster.mounts_token(workload) || cluster.rbac().is_granted(namespace, name) {
        return Outcome::Pass;
    }
    let account = cluster.snapshot.find::<ServiceAccount>(namespace, name);
    let of_account = account.and_then(|account| account.automount_service_account_token);
    Outcome::Fail(vec![finding(workload, of_account)])
}

fn finding(workload: &Workload<'_>, of_account: Option<bool>) -> Finding {
    let (account, namespace) = (workload.service_account(), &workload.reference.namespace);
    let message = format!(
        "Pods of {} get the token of service account {account}, which may do nothing that every service account may not do.",
        workload.reference,
    );
    let account = ObjectRef {
        group: String::new(),
        kind: "ServiceAccount".to_owned(),
        namespace: namespace.clone(),
        name: account.to_owned(),
    };
    let title = format!("{} mounts a token that grants nothing", workload.reference);
    CHECK
        .finding(workload.reference.clone(), "", title, message)
        .witness(
            workload.spec_path("automountServiceAccountToken"),
            json!(workload.spec.automount_service_account_token),
        )
        .witness_in(account, "automountServiceAccountToken", json!(of_account))
        .patch(
            format!("Mount no token in {}", workload.reference.name),
            workload.patch_spec(json!({ "automountServiceAccountToken": false })),
        )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn deployment(spec: &str, account: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {{{spec}containers: [{{name: c}}]}}}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: default, namespace: shop}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: app, namespace: shop}}
{account}
"
        )
    }

    #[test]
    fn a_token_is_mounted_where_nobody_says_otherwise() {
        let found = findings(&CHECK, &deployment("", "")).remove(0);
        assert_eq!(found.witness[0].path, "spec.template.spec.automountServiceAccountToken");
        assert!(found.message.contains("service account default"), "{}", found.message);
        let patch = serde_json::to_value(&found.patch).unwrap();
        assert_eq!(
            patch["body"]["spec"]["template"]["spec"]["automountServiceAccountToken"],
            false
        );
    }

    #[test]
    fn the_pod_wins_over_its_service_account() {
        let off = "automountServiceAccountToken: false";
        let on = "automountServiceAccountToken: true";
        let of = |pod: &str, account: &str| {
            titles(&CHECK, &deployment(&format!("serviceAccountName: app, {pod}"), account)).len()
        };
        assert_eq!(of("", off), 0);
        assert_eq!(of(&format!("{on}, "), off), 1);
        assert_eq!(of(&format!("{off}, "), on), 0);
    }

    #[test]
    fn a_service_account_that_holds_something_may_need_its_token() {
        let binding = "
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: app, namespace: shop}]
";
        assert_eq!(
            titles(
                &CHECK,
                &format!("{}{binding}", deployment("serviceAccountName: app, ", ""))
            ),
            [""; 0]
        );
        assert_eq!(titles(&CHECK, &format!("{}{binding}", deployment("", ""))).len(), 1);
    }

    #[test]
    fn a_static_pod_gets_no_token() {
        let pod = "
apiVersion: v1
kind: Pod
metadata:
  name: etcd-node-1
  namespace: kube-system
  annotations: {kubernetes.io/config.mirror: 0f3a}
  ownerReferences: [{apiVersion: v1, kind: Node, name: node-1, controller: true}]
spec: {containers: [{name: etcd}]}
";
        assert_eq!(titles(&CHECK, pod), [""; 0]);
    }
}
