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
        afterwards stays open on every node that runs it, unless the provider goes on fixing it. And a kubelet more \
        than three minors older than the API server (two, before 1.25), or newer than it, is tested by nobody: fields \
        that the one writes the other does not know.",
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
    let (mut wrong, mut unseen) = (Vec::new(), None);
    match Release::of(&cluster.snapshot.version) {
        Some(server) => wrong.extend(skew(kubelet, server)),
        None => unseen = Some("The version of the API server is not known.".to_owned()),
    }
    match support(kubelet, cluster.now) {
        Support::Ended(day) => wrong.push(format!("support of {kubelet} ended by {day}")),
        Support::Until(_) => {}
        Support::Unknown => {
            unseen = Some(format!(
                "How long {kubelet} is supported is not known here, which ends with {}.",
                support::NEWEST
            ));
        }
    }
    Outcome::of_seen(finding(object, version, &wrong).into_iter().collect(), unseen)
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

fn finding(object: &Object, version: &str, wrong: &[String]) -> Option<Finding> {
    let first = wrong.first()?;
    let name = &object.meta().name;
    let finding = CHECK
        .finding(
            object.reference(),
            "",
            format!("Kubelet {version}: {first}"),
            format!("The kubelet of node {name} is {version}: {}.", wrong.join(", and ")),
        )
        .witness("status.nodeInfo.kubeletVersion", version);
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
