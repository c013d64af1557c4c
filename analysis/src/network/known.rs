//! All that is known of what may connect to what, in the form in which it is sent to whoever evaluates it: the page, and the
//! command line that asks a server.

use serde::{Deserialize, Serialize};

use super::coverage::READS;
use super::engine::Network;
use super::model::Model;
use super::read;
use super::rule::{Flaw, Policy};
use crate::cluster::Cluster;
use crate::model::Snapshot;
use crate::run::why;

/// The cluster, its policies, and what is missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The cluster.
    pub model: Model,
    /// The policies that the API server would take.
    pub policies: Vec<Policy>,
    /// The others, which do nothing.
    pub flaws: Vec<Flaw>,
    /// What was not read, so that answers may be others, in sentences.
    pub gaps: Vec<String>,
}

impl Known {
    /// What a cluster shows.
    pub fn of(cluster: &Cluster<'_>) -> Self {
        let (policies, flaws) = read::policies(cluster.snapshot);
        Self {
            model: Model::of(cluster),
            policies,
            flaws,
            gaps: gaps(cluster.snapshot),
        }
    }

    /// It under its policies.
    pub fn network(&self) -> Network {
        Network::new(&self.model, self.policies.clone())
    }
}

/// What was not read, so that answers may be others, in sentences.
pub fn gaps(snapshot: &Snapshot) -> Vec<String> {
    let outcomes = READS.iter().map(|need| (need.kind(), snapshot.outcome(need.kind())));
    let unread = outcomes.filter(|(_, outcome)| !outcome.is_known());
    let sentences = unread.map(|(kind, outcome)| why(&kind.info().resource(), &outcome));
    snapshot
        .gap
        .iter()
        .map(|gap| format!("{gap}."))
        .chain(sentences)
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::snapshots::Collected;

    use super::*;
    use crate::fixture::snapshot;
    use crate::model::Kind;

    #[test]
    fn what_was_denied_is_a_gap_and_what_a_cluster_does_not_serve_is_none() {
        let mut denied = snapshot("");
        assert!(gaps(&denied).is_empty());
        denied.set(Kind::AdminNetworkPolicy, Collected::Absent, Vec::new());
        let reason = "forbidden".to_owned();
        denied.set(Kind::NetworkPolicy, Collected::Denied { reason }, Vec::new());
        assert_eq!(gaps(&denied), ["Reading networkpolicies.networking.k8s.io was denied."]);
    }

    #[test]
    fn what_is_sent_is_what_was_known() {
        let cluster = snapshot(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80, endPort: 90}, {port: http}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: wrong, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}
",
        );
        let known = Known::of(&Cluster::new(&cluster, DateTime::UNIX_EPOCH));
        assert_eq!((known.policies.len(), known.flaws.len()), (1, 1));
        let sent = serde_json::to_string(&known).unwrap();
        assert_eq!(serde_json::from_str::<Known>(&sent).unwrap(), known);
    }
}
