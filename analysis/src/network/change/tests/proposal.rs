use serde_json::json;
use shared::network::change::{Mistake, Proposal};
use shared::object::ObjectRef;

use super::{DB_FROM_WEB, REPLICA, TWO, model, told};
use crate::network::change::{State, changes, proposal};
use crate::network::rule::Policy;

fn proposed(manifests: &str) -> Result<Vec<String>, Vec<Mistake>> {
    let (model, network) = model(&format!("{TWO}---{DB_FROM_WEB}"));
    let proposal = Proposal {
        manifests: manifests.into(),
        deleted: Vec::new(),
    };
    let state = State {
        model: &model,
        network: &network,
    };
    let changes = changes::proposed(state, &proposal, usize::MAX);
    match changes.mistakes.is_empty() {
        true => Ok(changes.pairs.iter().map(told).collect()),
        false => Err(changes.mistakes),
    }
}

#[test]
fn of_what_changes_the_first_pairs_are_told_and_all_are_counted() {
    let (model, network) = model(TWO);
    let state = State {
        model: &model,
        network: &network,
    };
    let proposal = Proposal {
        manifests: DB_FROM_WEB.into(),
        deleted: Vec::new(),
    };
    let [all, one] = [usize::MAX, 1].map(|most| changes::proposed(state, &proposal, most));
    assert!(all.pairs.len() > 1);
    assert_eq!((one.pairs.as_slice(), one.summary), (&all.pairs[..1], all.summary));
}

#[test]
fn what_is_missing_on_both_sides_is_told_once() {
    let [one, two] = ["one", "two"].map(str::to_owned);
    assert_eq!(
        changes::gaps(&[two.clone(), one.clone()], std::slice::from_ref(&two)),
        [one, two]
    );
}

#[test]
fn a_proposed_policy_takes_the_place_of_the_one_of_its_name() {
    let wider = DB_FROM_WEB.replace("port: 5432", "port: 5432, endPort: 5433");
    assert_eq!(
        proposed(&wider).unwrap(),
        ["Deployment shop/web StatefulSet shop/db +TCP[[5433, 5433]] -none"]
    );
    assert!(proposed("").unwrap().is_empty());
    assert!(proposed(DB_FROM_WEB).unwrap().is_empty());
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [serde_saphyr::from_str::<serde_json::Value>(&wider).unwrap()]});
    assert_eq!(proposed(&list.to_string()).unwrap().len(), 1);
}

#[test]
fn a_policy_may_be_proposed_to_go_and_must_be_there() {
    let (_, network) = model(&format!("{TWO}---{DB_FROM_WEB}"));
    let named = |name: &str| ObjectRef {
        name: name.into(),
        ..network.policies[0].object.clone()
    };
    let without = |name| {
        let deleted = vec![named(name)];
        proposal::apply(
            &network.policies,
            &Proposal {
                deleted,
                ..Proposal::default()
            },
        )
    };
    assert!(without("db").unwrap().is_empty());
    assert_eq!(
        without("dB").unwrap_err()[0].reason,
        "NetworkPolicy shop/dB is not there"
    );
}

/// Document, line, field and reason of all mistakes.
fn mistakes(manifests: &str) -> Vec<(Option<usize>, Option<u64>, String, String)> {
    let all = proposed(manifests).unwrap_err().into_iter();
    all.map(|one| (one.document, one.line, one.field, one.reason)).collect()
}

#[test]
fn what_the_api_server_would_refuse_is_told_at_its_line() {
    let text = "# A comment
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: shop}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: b, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - ports:
    - port: 80
    - protocol: TCP
      endPort: 90
";
    let reason = "may not be specified when `port` is not specified";
    let found = (
        Some(2),
        Some(16),
        "spec.ingress[0].ports[1].endPort".into(),
        reason.into(),
    );
    assert_eq!(mistakes(text), [found]);
}

#[test]
fn a_field_that_does_not_exist_and_a_value_of_the_wrong_type_are_told_with_their_place() {
    let head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n";
    let [(_, line, field, reason)] = &mistakes(&format!("{head}spec:\n  podSelector: {{}}\n  ingres: []\n"))[..] else {
        panic!("one mistake");
    };
    assert_eq!(
        (*line, field.as_str(), reason.as_str()),
        (Some(6), "spec.ingres", "unknown field \"spec.ingres\"")
    );
    let wrong =
        format!("{head}spec:\n  ingress:\n  - {{}}\n  - from:\n    - podSelector: web\n  policyTypes: Ingress\n");
    let [(_, line, field, _)] = &mistakes(&wrong)[..] else {
        panic!("one mistake");
    };
    assert_eq!(
        (*line, field.as_str()),
        (Some(8), "spec.ingress[1].from[0].podSelector")
    );
}

#[test]
fn what_is_no_policy_or_no_yaml_is_told() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n";
    let [(document, line, field, reason)] = &mistakes(deployment)[..] else {
        panic!("one mistake");
    };
    assert_eq!((*document, *line, field.as_str()), (Some(1), Some(2), "kind"));
    assert!(
        reason.starts_with("Deployment of apps/v1 is no network policy; known are NetworkPolicy of"),
        "{reason}"
    );
    let [(_, _, field, reason)] = &mistakes("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n")[..] else {
        panic!("one mistake");
    };
    assert_eq!(field, "metadata.name");
    assert_eq!(reason, "Required value: name or generateName is required");
    let [(document, line, _, reason)] = &mistakes(&format!("{DB_FROM_WEB}---\na: [1\nb: 2\n"))[..] else {
        panic!("one mistake");
    };
    assert_eq!(*document, Some(2), "{line:?}");
    assert!(line.is_some() && reason.starts_with("it is not valid YAML"), "{reason}");
}

#[test]
fn policies_come_out_of_json_as_they_went_in() {
    let (_, network) = model(&format!("{TWO}---{DB_FROM_WEB}{REPLICA}"));
    let sent = serde_json::to_string(&network.policies).unwrap();
    let back: Vec<Policy> = serde_json::from_str(&sent).unwrap();
    assert_eq!(back, network.policies);
}
