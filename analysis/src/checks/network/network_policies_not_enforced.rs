//! Clusters in which nobody heeds network policies.

use shared::network::enforcement::Enforced;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::network::enforcement::enforcement;

/// See its fields.
pub static CHECK: Check = Check {
    id: "network-policies-not-enforced",
    title: "The network plugin does not enforce network policies",
    area: Area::Network,
    severity: Severity::High,
    rationale: "The API server takes network policies whether or not anybody enforces them. Where the network plugin does not, every \
        pod may connect to every other, and policies only look as if they cut anything off.",
    remediation: "Switch the plugin's enforcement on where it has one, or run one that enforces policies beside it or in its place.",
    reads: &[Need::Read(Kind::DaemonSet)],
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let enforcement = enforcement(cluster);
    match enforcement.state {
        Enforced::Yes => Outcome::Pass,
        Enforced::Unknown => Outcome::Manual(format!("Whether network policies are enforced. {}", enforcement.reason)),
        Enforced::No => {
            let title = "The network plugin does not enforce network policies";
            let finding = CHECK.finding(ObjectRef::cluster(), "", title, enforcement.reason);
            let plugins = enforcement.plugins.into_iter();
            let shown = plugins.fold(finding, |finding, plugin| {
                finding.witness_in(plugin.object, "spec.template.spec.containers", plugin.name)
            });
            Outcome::Fail(vec![shown])
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::Verdict;

    use super::CHECK;
    use crate::fixture::{snapshot, titles, verdict};

    fn daemon(image: &str) -> String {
        format!(
            "
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: cni, namespace: kube-system}}
spec: {{template: {{spec: {{hostNetwork: true, containers: [{{name: c, image: {image}}}]}}}}}}
"
        )
    }

    #[test]
    fn a_plugin_that_enforces_nothing_fails_and_one_that_does_passes() {
        assert_eq!(
            titles(&CHECK, &daemon("ghcr.io/flannel-io/flannel:v0.27.0")),
            ["The network plugin does not enforce network policies"]
        );
        assert_eq!(titles(&CHECK, &daemon("quay.io/calico/node:v3.30.0")), [""; 0]);
    }

    #[test]
    fn where_no_plugin_is_recognised_a_person_must_look() {
        assert_eq!(verdict(&CHECK, &snapshot("")), Verdict::Manual);
    }
}
