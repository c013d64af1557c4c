//! Connections that must not be, by what the owner of the cluster declared.

use serde_json::json;
use shared::network::Pair;
use shared::network::intents::{IntentOutcome, JudgedIntent};
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::network::coverage::READS;
use crate::network::intents;

/// See its fields.
pub static CHECK: Check = Check {
    id: "network-intent-broken",
    title: "Network lets through what you declared must not pass",
    area: Area::Network,
    severity: Severity::High,
    rationale: "Policies add to each other, and a label or a namespace that comes later may open what was closed. What must hold is \
        yours to declare, such as that the database accepts only its application; it is then held against the policies at every \
        snapshot. As long as nothing is declared, this is not evaluated.",
    remediation: "Look at the connection that breaks it on the page Network, which tells the rule that lets it through on each side, and \
        narrow that rule; or change the intent where the connection is meant to be.",
    reads: &READS,
    judge: Judge::Cluster(judge),
};

fn judge(cluster: &Cluster<'_>) -> Outcome {
    let declared = &cluster.settings.network_intents;
    if declared.is_empty() {
        return Outcome::NotEvaluated("No network intents are declared in the settings.".into());
    }
    let network = cluster.network();
    let (mut findings, mut unseen) = (Vec::new(), None);
    for judged in intents::judge(cluster, &network.model, &network.network, declared) {
        match &judged.outcome {
            IntentOutcome::Holds => {}
            IntentOutcome::Broken { first, pairs } => findings.push(finding(&judged, first, *pairs)),
            IntentOutcome::Vacuous { reason } | IntentOutcome::NotEvaluated { reason } => {
                unseen.get_or_insert_with(|| format!("{}: {reason}", judged.name));
            }
        }
    }
    Outcome::of_seen(findings, unseen)
}

/// The cluster's own: which pair breaks it may change while it stays broken.
fn finding(judged: &JudgedIntent, first: &Pair, pairs: u64) -> Finding {
    let (source, destination) = (first.source.to_string(), first.destination.to_string());
    let more = match pairs {
        0 | 1 => String::new(),
        2 => " So is one more pair.".to_owned(),
        pairs => format!(" So are {} more pairs.", pairs - 1),
    };
    CHECK
        .finding(
            ObjectRef::cluster(),
            judged.name.clone(),
            format!("Broken: {}", judged.name),
            format!("{source} may connect to {destination}.{more}"),
        )
        .witness("source", source)
        .witness("destination", destination)
        .witness("connections", json!(first.connections))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::check::Outcome;
    use crate::cluster::Cluster;
    use crate::fixture::snapshot;
    use crate::network::intents::parse;
    use crate::settings::Settings;

    const SHOP: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: job, namespace: shop}
spec: {template: {metadata: {labels: {app: job}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
";

    fn outcome(intents: &str) -> Outcome {
        let snapshot = snapshot(SHOP);
        let settings = Settings {
            network_intents: parse(intents).unwrap(),
            ..Settings::default()
        };
        let cluster = Cluster::with(&snapshot, chrono::DateTime::UNIX_EPOCH, &settings);
        crate::run::outcomes(&CHECK, &cluster).remove(0).1
    }

    #[test]
    fn what_is_declared_is_held_against_the_policies() {
        let only_web = "[{name: db, from: {namespace: shop, pods: {matchLabels: {app: web}}}, to: {namespace: shop, pods: {matchLabels: {app: db}}}, expect: only}]";
        assert_eq!(outcome(only_web), Outcome::Pass);
        let nobody = "[{name: closed, from: {namespace: shop}, to: {namespace: shop, pods: {matchLabels: {app: db}}}, expect: none}]";
        let Outcome::Fail(found) = outcome(nobody) else {
            panic!("it holds")
        };
        assert_eq!(
            found[0].message,
            "Deployment shop/web may connect to StatefulSet shop/db."
        );
        assert_eq!((found[0].subkey.as_str(), found.len()), ("closed", 1));
    }

    #[test]
    fn an_intent_about_nobody_passes_nothing() {
        let nobody = "[{name: n, from: {namespace: shop}, to: {namespace: nowhere}, expect: none}]";
        assert!(matches!(outcome(nobody), Outcome::NotEvaluated(reason) if reason.starts_with("n: ")));
        assert!(matches!(outcome("[]"), Outcome::NotEvaluated(_)));
    }
}
