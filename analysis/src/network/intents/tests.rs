use chrono::DateTime;
use shared::network::intents::IntentOutcome;
use shared::snapshots::Collected;

use super::{judge, parse};
use crate::cluster::Cluster;
use crate::fixture::snapshot;
use crate::model::{Kind, Snapshot};
use crate::network::engine::Network;
use crate::network::model::Model;
use crate::network::read;

fn told(snapshot: &Snapshot, intents: &str) -> Vec<String> {
    let cluster = Cluster::new(snapshot, DateTime::UNIX_EPOCH);
    let model = Model::of(&cluster);
    let network = Network::new(&model, read::policies(snapshot).0);
    let told = |outcome| match outcome {
        IntentOutcome::Holds => "holds".into(),
        IntentOutcome::Broken { first, pairs } => {
            let connections = serde_json::to_string(&first.connections).unwrap();
            format!("{pairs}: {} {} {connections}", first.source, first.destination)
        }
        IntentOutcome::Vacuous { reason } | IntentOutcome::NotEvaluated { reason } => reason,
    };
    let judged = judge(&cluster, &model, &network, &parse(intents).unwrap());
    judged.into_iter().map(|one| told(one.outcome)).collect()
}

/// Web and db in shop, tool in dev; and these policies.
fn shop(policies: &str) -> Snapshot {
    let deployment = |namespace: &str, name: &str| {
        format!(
            "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}
---"
        )
    };
    let namespaces = "
apiVersion: v1
kind: Namespace
metadata: {name: dev, labels: {stage: dev}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {stage: prod}}
---";
    let workloads = [
        deployment("shop", "web"),
        deployment("shop", "db"),
        deployment("dev", "tool"),
    ]
    .concat();
    snapshot(&format!("{namespaces}{workloads}{policies}\n"))
}

const DB: &str = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
";

const ONLY_WEB: &str = "
- name: The database accepts only the web
  from: {namespace: shop, pods: {matchLabels: {app: web}}}
  to: {namespace: shop, pods: {matchLabels: {app: db}}}
  ports: [{port: 5432}]
  expect: only
";

#[test]
fn a_database_that_accepts_only_its_application_holds_and_is_broken_by_anyone_else() {
    assert_eq!(told(&shop(DB), ONLY_WEB), ["holds"]);
    // By tool, by addresses of both families, and by web on other ports.
    assert_eq!(
        told(&shop(""), ONLY_WEB),
        ["4: Deployment dev/tool Deployment shop/db \"all\""]
    );
    let wider = DB.replace("port: 5432", "port: 5432, endPort: 5433");
    assert_eq!(
        told(&shop(&wider), ONLY_WEB),
        ["1: Deployment shop/web Deployment shop/db [{\"protocol\":\"TCP\",\"ports\":[[5433,5433]]}]"]
    );
}

#[test]
fn nothing_passes_where_nothing_is_expected() {
    let intents = "
- name: dev never reaches prod
  from: {namespaces: {matchLabels: {stage: dev}}}
  to: {namespaces: {matchExpressions: [{key: stage, operator: In, values: [prod]}]}}
  expect: none
- name: nothing in shop reaches the Internet
  from: {namespace: shop}
  to: {internet: true}
  ports: [{port: 443}, {protocol: UDP, port: 1, endPort: 65535}]
  expect: none
- name: nobody from the office reaches the database by SSH
  from: {cidr: 198.18.0.0/15}
  to: {pods: {matchLabels: {app: db}}}
  ports: [{port: 22}]
  expect: none
";
    let udp = "[{\"protocol\":\"TCP\",\"ports\":[[443,443]]},{\"protocol\":\"UDP\",\"ports\":[[1,65535]]}]";
    assert_eq!(
        told(&shop(""), intents),
        [
            "2: Deployment dev/tool Deployment shop/db \"all\"".to_owned(),
            format!("4: Deployment shop/db 1.0.0.0/8 {udp}"),
            "1: 198.18.0.0/15 Deployment shop/db [{\"protocol\":\"TCP\",\"ports\":[[22,22]]}]".to_owned(),
        ]
    );
    let closed = "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{podSelector: {}}]}]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
";
    assert_eq!(told(&shop(closed), intents), ["holds", "holds", "holds"]);
}

#[test]
fn an_intent_about_nobody_says_so() {
    let intents = "
- name: a
  from: {namespace: shop}
  to: {pods: {matchLabels: {app: cache}}}
  expect: none
- name: b
  from: {namespace: nowhere}
  to: {namespace: shop}
  expect: none
";
    assert_eq!(
        told(&shop(""), intents),
        [
            "Nothing in the cluster is what `to` selects.",
            "Nothing in the cluster is what `from` selects."
        ]
    );
}

#[test]
fn pods_on_the_network_of_a_node_don_t_break_what_only_others_may_do() {
    let agent = "---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: dev}
spec: {hostNetwork: true, containers: [{name: c, image: i}]}
";
    let open_to_all_addresses = DB.replace("{podSelector: {matchLabels: {app: web}}}", "{namespaceSelector: {}}");
    let before = told(&shop(&open_to_all_addresses), ONLY_WEB);
    assert_eq!(
        before,
        ["1: Deployment dev/tool Deployment shop/db [{\"protocol\":\"TCP\",\"ports\":[[5432,5432]]}]"]
    );
    assert_eq!(
        told(&shop(&format!("{open_to_all_addresses}{agent}")), ONLY_WEB),
        before
    );
}

#[test]
fn what_was_not_read_leaves_an_intent_open() {
    let mut denied = shop(DB);
    denied.set(
        Kind::NetworkPolicy,
        Collected::Denied {
            reason: "forbidden".into(),
        },
        Vec::new(),
    );
    assert_eq!(
        told(&denied, ONLY_WEB),
        ["Reading networkpolicies.networking.k8s.io was denied."]
    );
}

#[test]
fn what_is_wrong_in_an_intent_is_told_with_its_line() {
    let error = |text: &str| parse(text).unwrap_err().to_string();
    let intent =
        |from: &str, more: &str| format!("- name: a\n  from: {from}\n  to: {{namespace: b}}\n  expect: none\n{more}");
    let wrong = [
        (intent("{cidr: 10.0.0.0/33}", ""), "line 2", "is no block of addresses"),
        (intent("{}", ""), "line 2", "an end is one of"),
        (
            intent("{internet: true, namespace: a}", ""),
            "line 2",
            "can't stand beside pods",
        ),
        (intent("{pods: {matchLabel: {app: a}}}", ""), "line 2", "matchLabel"),
        (
            intent("{pods: {matchExpressions: [{key: a, operator: Like}]}}", ""),
            "line 2",
            "matchExpressions[0].operator",
        ),
        (intent("{namespace: a}", "  port: 1\n"), "line 5", "port"),
        (
            intent("{namespace: a}", "  ports: [{port: 9, endPort: 8}]\n"),
            "line 5",
            "`endPort` must not be less",
        ),
        (intent("{namespace: a}", "- name: b\n"), "line 5", "missing field"),
    ];
    for (text, line, words) in wrong {
        let error = error(&text);
        assert!(error.contains(line) && error.contains(words), "{text}\n{error}");
    }
    let twice = intent("{namespace: a}", &intent("{namespace: a}", ""));
    assert_eq!(error(&twice), "the intent \"a\" is there twice");
}

#[test]
fn intents_are_written_as_they_were_read() {
    let intents = parse(ONLY_WEB).unwrap();
    let written = serde_json::to_string(&intents).unwrap();
    assert_eq!(parse(&written).unwrap(), intents);
}
