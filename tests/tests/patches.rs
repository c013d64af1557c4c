//! Every patch that is offered on the demo is one that the real API server accepts, and does what is said of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use std::collections::BTreeMap;

use analysis::finding::CheckId;
use analysis::model::{Kind, Snapshot};
use analysis::rbac::access::{Access, Origin};
use analysis::rbac::escalation::Escalation;
use analysis::simulate::apply;
use serde_json::{Value, json};
use server::demo;
use shared::escalations::{Escalations, Fix};
use shared::object::ObjectRef;
use shared::patch::Patch;
use tests::app::demo_end;
use tests::{dry_run, rest, testbed};

fn ways(snapshot: &Snapshot) -> Escalations {
    let access = Access::new(snapshot, Origin::Live);
    Escalation::new(snapshot, &access).report()
}

/// Distinct patches, each with the check that offers it.
fn patches() -> BTreeMap<String, (CheckId, Patch)> {
    let snapshot = demo::snapshot(demo::LAST_DAY, demo_end()).unwrap();
    let findings = analysis::run(&snapshot, demo_end()).findings;
    let of_findings = findings
        .into_iter()
        .filter_map(|finding| Some((finding.check, finding.patch?)));
    let Escalations { items, cut, .. } = ways(&snapshot);
    let fixes = items.into_iter().filter_map(|way| way.fix).chain(cut.fixes);
    let of_ways = fixes.filter_map(|fix| Some(("escalations".into(), fix.patch?)));
    of_findings
        .chain(of_ways)
        .map(|(check, patch)| (serde_json::to_string(&patch).unwrap(), (check, patch)))
        .collect()
}

fn target(patch: &Patch) -> Option<&ObjectRef> {
    match patch {
        Patch::Strategic { target, .. } | Patch::Merge { target, .. } | Patch::Delete { target } => Some(target),
        Patch::Create { .. } => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_server_accepts_every_patch_in_a_dry_run() {
    let client = testbed::shared().await.client("admin").await.unwrap();
    let manifests = demo::manifests(demo::LAST_DAY, demo_end());
    let find = |kind: Kind, namespace: &str, name: &str| {
        manifests
            .iter()
            .find(|manifest| rest::identity(manifest).ok() == Some((kind, namespace, name)))
    };
    for namespace in manifests.iter().filter(|manifest| manifest["kind"] == "Namespace") {
        let bare = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {
            "name": namespace["metadata"]["name"], "labels": namespace["metadata"]["labels"],
        }});
        rest::apply(&client, &bare).await.unwrap();
    }
    let patches = patches();
    let checks: std::collections::BTreeSet<&str> = patches.values().map(|(check, _)| check.as_ref()).collect();
    assert!(checks.len() >= 10, "{checks:?}");
    for (check, patch) in patches.into_values() {
        if let Some(target) = target(&patch).filter(|target| target.kind != "Namespace") {
            let kind = Kind::of_group_kind(&target.group, &target.kind).unwrap();
            let manifest = find(kind, &target.namespace, &target.name).unwrap_or_else(|| panic!("{check}: {target}"));
            rest::apply(&client, &without_status(manifest))
                .await
                .unwrap_or_else(|error| panic!("{check}: {error:#}"));
        }
        dry_run::patch(&client, &patch)
            .await
            .unwrap_or_else(|error| panic!("{check}: {error:#}\n{patch:?}"));
    }
}

/// What a person would have applied. Kubernetes' own objects are there already, with fields that others manage.
fn without_status(manifest: &Value) -> Value {
    let mut manifest = manifest.clone();
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("status");
    }
    if let Some(meta) = manifest["metadata"].as_object_mut() {
        meta.retain(|field, _| matches!(field.as_str(), "name" | "namespace" | "labels" | "annotations"));
    }
    manifest
}

/// How many subjects reach how many sinks that were not meant to.
fn pairs(found: &Escalations) -> usize {
    found.items.iter().filter(|way| !way.expected).count()
}

#[test]
fn a_fix_closes_as_many_ways_as_it_says() {
    let snapshot = demo::snapshot(demo::LAST_DAY, demo_end()).unwrap();
    let found = ways(&snapshot);
    let fixes: BTreeMap<String, &Fix> = found
        .items
        .iter()
        .filter_map(|way| way.fix.as_ref())
        .map(|fix| (serde_json::to_string(&fix.removal).unwrap(), fix))
        .collect();
    assert!(fixes.len() > 5);
    for (removal, fix) in fixes {
        let after = apply(&snapshot, fix.patch.as_ref().unwrap()).unwrap();
        assert_eq!(pairs(&ways(&after)), pairs(&found) - fix.closes as usize, "{removal}");
    }
    let mut after = snapshot;
    for fix in &found.cut.fixes {
        let before = pairs(&ways(&after));
        after = apply(&after, fix.patch.as_ref().unwrap()).unwrap();
        assert_eq!(pairs(&ways(&after)), before - fix.closes as usize, "{:?}", fix.removal);
    }
}
