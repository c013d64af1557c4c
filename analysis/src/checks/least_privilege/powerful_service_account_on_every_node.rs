//! Service accounts on every node that could take the cluster over.

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::power::takeover;
use crate::rbac::{Binding, Role};

/// See its fields.
pub static CHECK: Check = Check {
    id: "powerful-service-account-on-every-node",
    title: "Powerful service account on every node",
    area: Area::LeastPrivilege,
    severity: Severity::High,
    rationale: "A DaemonSet puts its token on each node. If that token could take the cluster over, whoever breaks out onto any \
        node has done so, and separate nodes for what matters no longer help.",
    remediation: "Split what needs the power into a Deployment on nodes of its own, and leave the DaemonSet what a node needs: \
        mostly to read, and to write its own objects.",
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
    if workload.reference.kind != "DaemonSet" {
        return Outcome::NotApplicable;
    }
    if !cluster.mounts_token(workload) {
        return Outcome::Pass;
    }
    let (namespace, account) = (&workload.reference.namespace, workload.service_account());
    let bindings = cluster.rbac().bindings_to_account(namespace, account);
    let powers = bindings
        .filter(|binding| binding.is_cluster_wide())
        .filter_map(|binding| {
            let role = Role::bound_by(cluster.snapshot, binding)?;
            let power = takeover::power_of(&role.rules, true)?;
            Some(finding(workload, binding, &role, power))
        });
    // One is enough: the binding that grants it is reported by itself.
    Outcome::of(powers.take(1).collect())
}

fn finding(workload: &Workload<'_>, binding: &Binding<'_>, role: &Role<'_>, power: &str) -> Finding {
    let account = format!(
        "ServiceAccount {}/{}",
        workload.reference.namespace,
        workload.service_account()
    );
    let title = format!(
        "{} puts a token on every node that may {power} in the whole cluster",
        workload.reference
    );
    let message = format!(
        "{} runs as {account}, which may {power} in the whole cluster through {}, by {}.",
        workload.reference,
        role.reference,
        binding.reference(),
    );
    CHECK
        .finding(workload.reference.clone(), "", title, message)
        .witness(
            workload.spec_path("serviceAccountName"),
            json!(workload.spec.service_account_name),
        )
        .witness_in(binding.reference(), "roleRef.name", binding.role_ref.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::{granted, titles};

    const EXEC: &str = "{verbs: [create], apiGroups: [''], resources: [pods/exec]}";

    fn with(kind: &str, spec: &str, granted: &str) -> Vec<String> {
        let workload = format!(
            "
apiVersion: apps/v1
kind: {kind}
metadata: {{name: agent, namespace: shop}}
spec: {{template: {{spec: {{serviceAccountName: app, {spec}containers: [{{name: c}}]}}}}}}
"
        );
        titles(&CHECK, &format!("{workload}\n---\n{granted}"))
    }

    #[test]
    fn a_daemon_set_whose_account_could_take_over_is_reported() {
        assert_eq!(
            with("DaemonSet", "", &granted("ClusterRoleBinding", EXEC)),
            [
                "DaemonSet shop/agent puts a token on every node that may run commands in containers in the whole cluster"
            ]
        );
    }

    #[test]
    fn one_namespace_other_workloads_and_pods_without_the_token_pass() {
        assert_eq!(with("DaemonSet", "", &granted("RoleBinding", EXEC)), [""; 0]);
        assert_eq!(with("Deployment", "", &granted("ClusterRoleBinding", EXEC)), [""; 0]);
        let off = "automountServiceAccountToken: false, ";
        assert_eq!(with("DaemonSet", off, &granted("ClusterRoleBinding", EXEC)), [""; 0]);
        let reading = "{verbs: [get, list, watch], apiGroups: [''], resources: [pods, nodes]}";
        assert_eq!(with("DaemonSet", "", &granted("ClusterRoleBinding", reading)), [""; 0]);
    }
}
