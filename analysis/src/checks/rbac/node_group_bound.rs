//! Bindings that grant something to every node.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::Subject;
use crate::model::{Kind, Object};
use crate::power::{self, takeover};
use crate::rbac::{Binding, Role, expected};

/// See its fields.
pub static CHECK: Check = Check {
    id: "node-group-bound",
    title: "Nodes hold permissions by a role",
    area: Area::Rbac,
    severity: Severity::Medium,
    rationale: "Nodes are authorised apart: each sees the Secrets and pods that are its own, and no others. What a role grants to \
        them holds for every node at once, so that one that is taken over reads what belongs to all.",
    remediation: "Turn the Node authoriser on (--authorization-mode=Node,RBAC) and take the nodes off the binding.",
    reads: power::READS,
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let Some(role) = Role::bound_by(cluster.snapshot, &binding) else {
        return Outcome::NotApplicable;
    };
    let is_granted = |subject: &Subject| !role.beyond_defaults(&binding, subject).is_empty();
    let nodes: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_node(subject) && is_granted(subject))
        .collect();
    match nodes.is_empty() {
        true => Outcome::Pass,
        false => Outcome::Fail(vec![finding(&binding, &role, &nodes)]),
    }
}

fn is_node(subject: &Subject) -> bool {
    match subject.kind.as_str() {
        "Group" => subject.name == "system:nodes",
        "User" => subject.name.starts_with("system:node:"),
        _ => false,
    }
}

fn finding(binding: &Binding<'_>, role: &Role<'_>, nodes: &[(usize, &Subject)]) -> crate::finding::Finding {
    let who = power::who(binding, nodes);
    let holds = power::agree(nodes, "holds", "hold");
    let title = format!("{who} {holds} {} {}", role.reference, binding.place());
    let mut message = format!(
        "{} grants {} {} to {who}, past the Node authoriser.",
        binding.reference(),
        role.reference,
        binding.place(),
    );
    let power = takeover::power_of(&role.rules, binding.is_cluster_wide());
    if let Some(power) = power {
        message += &format!(" A node that is taken over may {power}.");
    }
    let mut finding = power::of_subjects(&CHECK, binding, nodes, title, message);
    if power.is_some() && binding.is_cluster_wide() {
        finding.severity = Severity::High;
    }
    let subjects = binding.distinct_subjects().map(|(_, subject)| subject);
    finding.expected = expected::reason(binding, subjects, &role.rules);
    finding
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, granted, is_closed_by_patches, severities};

    fn to(subject: &str, rule: &str) -> String {
        granted("ClusterRoleBinding", rule).replace("{kind: ServiceAccount, name: app, namespace: shop}", subject)
    }

    const GROUP: &str = "{kind: Group, name: 'system:nodes'}";
    const READ: &str = "{verbs: [get], apiGroups: [''], resources: [configmaps]}";

    #[test]
    fn nodes_are_known_by_their_group_and_by_their_names() {
        for subject in [GROUP, "{kind: User, name: 'system:node:a'}"] {
            assert_eq!(severities(&CHECK, &to(subject, READ)), [Severity::Medium], "{subject}");
            assert!(is_closed_by_patches(&CHECK, &to(subject, READ)), "{subject}");
        }
        assert_eq!(severities(&CHECK, &to("{kind: Group, name: nodes}", READ)), []);
    }

    #[test]
    fn the_role_that_nodes_had_before_the_node_authoriser_is_worse() {
        let old = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: 'system:node'}
roleRef: {kind: ClusterRole, name: 'system:node'}
subjects: [{kind: Group, name: 'system:nodes'}]
";
        assert_eq!(severities(&CHECK, old), [Severity::High]);
    }

    #[test]
    fn a_default_role_that_was_widened_gets_its_rules_back_and_nodes_stay() {
        let role = "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient";
        let manifests = to(GROUP, READ)
            .replace("tested", &format!("'{role}'"))
            .replace("name: b}", "name: 'kubeadm:node-autoapprove-certificate-rotation'}");
        let found = findings(&CHECK, &manifests).remove(0);
        let patch = serde_json::to_value(&found.patch).unwrap();
        assert_eq!(patch["target"]["name"], role);
        assert!(is_closed_by_patches(&CHECK, &manifests));
    }

    #[test]
    fn what_kubeadm_grants_to_nodes_passes() {
        let rotation = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: 'kubeadm:node-autoapprove-certificate-rotation'}
roleRef: {kind: ClusterRole, name: 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient'}
subjects: [{kind: Group, name: 'system:nodes'}]
";
        assert_eq!(severities(&CHECK, rotation), []);
    }
}
