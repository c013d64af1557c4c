//! Nodes whose kubelet gets no more fixes, or does not fit the API server.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::kubernetes::support::{self, Support, support};
use crate::kubernetes::version::Release;
use crate::model::node::Node;
use crate::model::{Kind, Object, Typed};

/// See its fields.
pub static CHECK: Check = Check {
    id: "kubelet-version-unsupported",
    title: "Kubelet's version is not supported",
    area: Area::Images,
    severity: Severity::Medium,
    rationale: "A release of Kubernetes gets fixes for some fourteen months; what becomes known of its kubelet \
        afterwards stays open on every node that runs it. EKS, GKE and AKS go on fixing their own builds for a while: \
        there it is of low severity, and the provider's calendar decides. And a kubelet more than three minors older \
        than the API server (two, before 1.25), or newer than it, is tested by nobody: fields that the one writes the \
        other does not know.",
    remediation: "Upgrade the nodes, the API server first where they are ahead of it. Move pods away by kubectl \
        drain, or replace the nodes.",
    reads: &[Need::Read(Kind::Node)],
    judge: Judge::Object(&[Kind::Node], judge),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let info = Node::of(object).and_then(|node| node.status.as_ref()?.node_info.as_ref());
    let version = info.map_or("", |info| info.kubelet_version.as_str());
    // A virtual kubelet is no kubelet, and counts its own versions.
    if version.contains("-vk-") {
        return Outcome::NotApplicable;
    }
    let Some(kubelet) = Release::of(version) else {
        return Outcome::NotEvaluated(format!(
            "{} does not tell the version of its kubelet.",
            object.reference()
        ));
    };
    let server = Release::of(&cluster.snapshot.version);
    let skewed = server.and_then(|server| skew(kubelet, server));
    let of_server = server
        .is_none()
        .then(|| "The version of the API server is not known.".to_owned());
    let (ended, unseen) = match support(kubelet, cluster.now) {
        Support::Ended(day) => (Some(day), of_server),
        Support::Until(_) => (None, of_server),
        Support::Unknown => (None, Some(unknown(kubelet))),
    };
    let finding = finding(object, version, skewed, ended.map(|day| (kubelet, day)));
    Outcome::of_seen(finding.into_iter().collect(), unseen)
}

fn unknown(kubelet: Release) -> String {
    format!(
        "How long {kubelet} is supported is not known here, which ends with {}.",
        support::NEWEST
    )
}

/// Whether a provider builds the kubelet and fixes it by a calendar of its own. AKS tells by a label, and not by the version.
fn is_of_provider(object: &Object, version: &str) -> bool {
    let is_of_aks = || object.meta().labels.get("kubernetes.azure.com/cluster").is_some();
    version.contains("-eks-") || version.contains("-gke.") || is_of_aks()
}

/// What is wrong with the distance between kubelet and API server.
fn skew(kubelet: Release, server: Release) -> Option<String> {
    let bearable = if kubelet.minor < 25 { 2 } else { 3 };
    let is_ahead = kubelet > server;
    let is_behind = kubelet.major == server.major && server.minor.saturating_sub(kubelet.minor) > bearable;
    match (is_ahead, is_behind || kubelet.major < server.major) {
        (true, _) => Some(format!("it is ahead of the API server, which is {server}")),
        (_, true) => Some(format!("it is too far behind the API server, which is {server}")),
        _ => None,
    }
}

fn finding(object: &Object, version: &str, skewed: Option<String>, ended: Option<(Release, &str)>) -> Option<Finding> {
    let is_of_provider = is_of_provider(object, version);
    let of_whom = if is_of_provider { "upstream support" } else { "support" };
    let ended = ended.map(|(release, day)| format!("{of_whom} of {release} ended by {day}"));
    let is_skewed = skewed.is_some();
    let wrong: Vec<String> = skewed.into_iter().chain(ended).collect();
    let (first, name) = (wrong.first()?, &object.meta().name);
    let mut finding = CHECK
        .finding(
            object.reference(),
            "",
            format!("Kubelet {version}: {first}"),
            format!("The kubelet of node {name} is {version}: {}.", wrong.join(", and ")),
        )
        .witness("status.nodeInfo.kubeletVersion", version);
    if is_of_provider && !is_skewed {
        finding.severity = Severity::Low;
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    /// The outcome for a kubelet beside an API server, on a day.
    fn outcome(kubelet: &str, server: &str, day: &str) -> Outcome {
        let node = format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: n1}}\nstatus: {{nodeInfo: {{kubeletVersion: '{kubelet}'}}}}"
        );
        let mut snapshot = snapshot(&node);
        snapshot.version = server.into();
        let now = format!("{day}T00:00:00Z").parse().unwrap();
        crate::run::outcomes(&CHECK, &Cluster::new(&snapshot, now)).remove(0).1
    }

    fn title(outcome: Outcome) -> String {
        let Outcome::Fail(found) = outcome else {
            panic!("{outcome:?}")
        };
        found[0].title.clone()
    }

    #[test]
    fn three_minors_behind_are_borne_and_four_are_not() {
        assert_eq!(outcome("v1.34.2", "v1.37.2", "2026-10-01"), Outcome::Pass);
        let behind = title(outcome("v1.33.1", "v1.37.2", "2026-06-01"));
        assert_eq!(
            behind,
            "Kubelet v1.33.1: it is too far behind the API server, which is 1.37"
        );
    }

    #[test]
    fn an_old_kubelet_may_be_two_behind_only() {
        assert!(skew(Release::of("1.24").unwrap(), Release::of("1.27").unwrap()).is_some());
        assert!(skew(Release::of("1.25").unwrap(), Release::of("1.28").unwrap()).is_none());
    }

    #[test]
    fn an_absurd_minor_is_ahead_of_all_others() {
        let absurd = skew(Release::of("v1.4294967295.0").unwrap(), Release::of("v1.37.2").unwrap());
        assert_eq!(absurd.as_deref(), Some("it is ahead of the API server, which is 1.37"));
    }

    #[test]
    fn a_kubelet_must_not_be_ahead() {
        let ahead = title(outcome("v1.36.0-gke.7", "v1.35.9", "2026-11-01"));
        assert_eq!(
            ahead,
            "Kubelet v1.36.0-gke.7: it is ahead of the API server, which is 1.35"
        );
    }

    #[test]
    fn support_ends_on_its_day() {
        assert_eq!(outcome("v1.34.2", "v1.34.2", "2026-10-26"), Outcome::Pass);
        let ended = title(outcome("v1.34.2", "v1.34.2", "2026-11-29"));
        assert_eq!(ended, "Kubelet v1.34.2: support of 1.34 ended by 2026-10-27");
    }

    #[test]
    fn what_a_provider_goes_on_fixing_is_of_low_severity() {
        for kubelet in ["v1.34.2-eks-113cf36", "v1.34.2-gke.1134000"] {
            let Outcome::Fail(found) = outcome(kubelet, "v1.34.2", "2026-11-29") else {
                panic!("{kubelet}")
            };
            assert_eq!(found[0].severity, Severity::Low);
            assert!(found[0].title.ends_with("upstream support of 1.34 ended by 2026-10-27"));
        }
        let Outcome::Fail(found) = outcome("v1.32.2-eks-113cf36", "v1.36.2", "2026-11-29") else {
            panic!()
        };
        assert_eq!(found[0].severity, Severity::Medium);
    }

    #[test]
    fn a_node_of_aks_is_known_by_its_label() {
        let node = "apiVersion: v1
kind: Node
metadata: {name: n1, labels: {kubernetes.azure.com/cluster: MC_group}}
status: {nodeInfo: {kubeletVersion: v1.34.2}}";
        let mut snapshot = snapshot(node);
        snapshot.version = "v1.34.2".into();
        let now = "2026-11-29T00:00:00Z".parse().unwrap();
        let outcome = crate::run::outcomes(&CHECK, &Cluster::new(&snapshot, now)).remove(0).1;
        assert!(matches!(outcome, Outcome::Fail(found) if found[0].severity == Severity::Low));
    }

    #[test]
    fn a_virtual_kubelet_is_none() {
        let virtual_kubelet = outcome("v1.19.10-vk-azure-aci-1.6.1", "v1.37.2", "2026-11-29");
        assert_eq!(virtual_kubelet, Outcome::NotApplicable);
    }

    #[test]
    fn what_is_not_known_is_not_passed() {
        for (kubelet, server) in [("", "v1.37.2"), ("v1.36.1", ""), ("v1.38.0", "v1.38.0")] {
            let outcome = outcome(kubelet, server, "2026-11-29");
            assert!(
                matches!(outcome, Outcome::NotEvaluated(_)),
                "{kubelet} {server}: {outcome:?}"
            );
        }
    }
}
