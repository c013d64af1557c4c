//! What a change would do: apply it to a snapshot in memory, and judge the result.

mod merge;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::findings::Effect;
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::Verdict;

use crate::checks::CHECKS;
use crate::model::meta::ObjectMeta;
use crate::model::normalise::{admit, normalise};
use crate::model::{Kind, Object, Snapshot};
use crate::{Report, run_all};

/// Why a change can't be applied.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// What is to be changed or deleted is not there.
    #[error("{0} is not in the snapshot")]
    NotFound(ObjectRef),
    /// What is to be created is there.
    #[error("{0} is there already")]
    Exists(ObjectRef),
    /// The name, namespace or kind would change, which no patch may.
    #[error("the patch makes {0} another object")]
    Renamed(ObjectRef),
    /// The manifest is of a kind that posture does not read.
    #[error("a manifest of this kind is not understood")]
    UnknownKind,
    /// A directive of strategic merge patches other than `$patch: delete` and `$patch: replace`.
    #[error("the directive {0} is not understood")]
    Directive(String),
    /// The result is no object of its kind.
    #[error("the result does not fit its kind")]
    Misfit(#[from] serde_json::Error),
}

/// The snapshot after the change. Objects that stay are shared with the one before.
///
/// # Errors
/// See [`SimulateError`].
pub fn apply(snapshot: &Snapshot, patch: &Patch) -> Result<Snapshot, SimulateError> {
    let mut after = snapshot.clone();
    match patch {
        Patch::Strategic { target, body } => {
            change(&mut after, target, |object| merge::strategic(object, &body.value()))?
        }
        Patch::Merge { target, body } => change(&mut after, target, |object| {
            merge::merge(object, body);
            Ok(())
        })?,
        Patch::Create { manifest } => create(&mut after, manifest)?,
        Patch::Delete { target } => delete(&mut after, target)?,
    }
    Ok(after)
}

/// What the change closes and opens, against what was found before it, by the same checks and settings.
///
/// # Errors
/// Those of [`apply`].
pub fn effect(
    snapshot: &Snapshot,
    before: &Report,
    patch: &Patch,
    now: DateTime<Utc>,
) -> Result<Effect, SimulateError> {
    let after = apply(snapshot, patch)?;
    let judged = run_all(CHECKS, &before.catalogue, &after, &before.settings, now);
    Ok(compare(before, &judged))
}

fn change(
    snapshot: &mut Snapshot,
    target: &ObjectRef,
    edit: impl FnOnce(&mut Value) -> Result<(), SimulateError>,
) -> Result<(), SimulateError> {
    let object = snapshot
        .resolve(target)
        .ok_or_else(|| SimulateError::NotFound(target.clone()))?;
    let (kind, mut body) = (object.kind(), object.body()?);
    edit(&mut body)?;
    let object = Object::deserialize(kind, body)?;
    if object.reference() != *target {
        return Err(SimulateError::Renamed(target.clone()));
    }
    match normalise(object) {
        Some(object) => snapshot.put(object),
        None => snapshot.remove(kind, &target.namespace, &target.name),
    }
    Ok(())
}

fn create(snapshot: &mut Snapshot, manifest: &Value) -> Result<(), SimulateError> {
    let field = |name: &str| manifest.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = Kind::of_manifest(field("apiVersion"), field("kind")).ok_or(SimulateError::UnknownKind)?;
    let Some(object) = admit(Object::deserialize(kind, manifest)?) else {
        return Ok(());
    };
    let reference = object.reference();
    if snapshot.resolve(&reference).is_some() {
        return Err(SimulateError::Exists(reference));
    }
    snapshot.put(object);
    Ok(())
}

/// Deletes an object, and with it what it controls, or what is in it if it is a namespace.
fn delete(snapshot: &mut Snapshot, target: &ObjectRef) -> Result<(), SimulateError> {
    if snapshot.resolve(target).is_none() {
        return Err(SimulateError::NotFound(target.clone()));
    }
    let mut doomed = vec![target.clone()];
    while let Some(next) = doomed.pop() {
        doomed.extend(
            snapshot
                .objects()
                .filter(|object| goes_with(object.meta(), &next))
                .map(|object| object.reference()),
        );
        if let Some(kind) = Kind::of_group_kind(&next.group, &next.kind) {
            snapshot.remove(kind, &next.namespace, &next.name);
        }
    }
    Ok(())
}

fn goes_with(meta: &ObjectMeta, gone: &ObjectRef) -> bool {
    let is_in = gone.group.is_empty() && gone.kind == "Namespace" && meta.namespace == gone.name;
    let is_controlled = meta.controller().is_some_and(|owner| {
        let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
        (group, owner.kind.as_str(), owner.name.as_str())
            == (gone.group.as_str(), gone.kind.as_str(), gone.name.as_str())
            && meta.namespace == gone.namespace
    });
    is_in || is_controlled
}

type Identity<'a> = (&'a str, &'a ObjectRef, &'a str);

fn identities(report: &Report) -> BTreeSet<Identity<'_>> {
    report
        .findings
        .iter()
        .map(|finding| (finding.check.as_ref(), &finding.object, finding.subkey.as_str()))
        .collect()
}

fn compare(before: &Report, after: &Report) -> Effect {
    let (old, new) = (identities(before), identities(after));
    let closed = old
        .difference(&new)
        .filter(|finding| is_decided(after, finding))
        .count();
    let opened = new.difference(&old).count();
    let score = |report: &Report| report.score().value.unwrap_or_default();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Effect {
        closes: count(closed),
        opens: count(opened),
        score: score(after) - score(before),
    }
}

/// Whether a report can say that a finding is gone.
fn is_decided(report: &Report, (check, object, _): &Identity<'_>) -> bool {
    let result = report.results.iter().find(|result| result.check == *check);
    let is_evaluated = result.is_some_and(|result| result.verdict != Verdict::NotEvaluated);
    let undecided = report.undecided.get(*check);
    is_evaluated && undecided.is_none_or(|subjects| !subjects.contains(*object))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::snapshot;
    use crate::settings::Settings;
    use crate::{run, run_with};

    const EVERY_KIND: &str = include_str!("simulate/every_kind.yaml");
    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn the_fixture_has_every_kind() {
        let snapshot = snapshot(EVERY_KIND);
        let missing: Vec<_> = Kind::ALL.iter().filter(|kind| snapshot.of(**kind).is_empty()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn an_empty_patch_changes_nothing() {
        let before = snapshot(EVERY_KIND);
        for object in before.objects() {
            let target = object.reference();
            let empty = [
                Patch::Strategic {
                    target: target.clone(),
                    body: json!({}).into(),
                },
                Patch::Merge {
                    target: target.clone(),
                    body: json!({}),
                },
            ];
            for patch in empty {
                let after = apply(&before, &patch).unwrap();
                assert_eq!(after.resolve(&target).unwrap(), object);
                assert_eq!(after.len(), before.len());
            }
        }
    }

    #[test]
    fn what_protobuf_brought_survives_too() {
        let before = snapshot(EVERY_KIND);
        for object in before.objects() {
            let decoded = Object::from_protobuf(object.kind(), &object.to_protobuf()).unwrap();
            assert_eq!(
                Object::deserialize(object.kind(), decoded.body().unwrap()).unwrap(),
                decoded
            );
        }
    }

    #[test]
    fn every_patch_closes_its_finding() {
        let before = snapshot(EVERY_KIND);
        let report = run(&before, NOW);
        let patched: Vec<_> = report
            .findings
            .iter()
            .filter_map(|finding| Some((finding, finding.patch.as_ref()?)))
            .collect();
        assert!(patched.len() > 5);
        for (finding, patch) in patched {
            let after = run(&apply(&before, patch).unwrap(), NOW);
            let identity = (finding.check.as_ref(), &finding.object, finding.subkey.as_str());
            assert!(
                !identities(&after).contains(&identity),
                "{} on {}",
                finding.check,
                finding.object
            );
        }
    }

    const PRIVILEGED: &str = "
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: tools}
spec: {template: {spec: {hostPID: true, containers: [{name: a, securityContext: {privileged: true}}, {name: b}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: agent-a, namespace: tools, ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: agent, controller: true}]}
spec: {hostPID: true, containers: [{name: a, securityContext: {privileged: true}}, {name: b}]}
";

    fn patch_of(report: &Report, check: &str) -> Patch {
        report
            .findings
            .iter()
            .find(|finding| finding.check == check)
            .and_then(|finding| finding.patch.clone())
            .unwrap()
    }

    #[test]
    fn the_effect_counts_what_closes_and_the_score_rises() {
        let snapshot = snapshot(PRIVILEGED);
        let before = run(&snapshot, NOW);
        let effect = effect(&snapshot, &before, &patch_of(&before, "container-privileged"), NOW).unwrap();
        assert_eq!((effect.closes, effect.opens), (1, 0));
        assert!(effect.score > 0.0);
    }

    #[test]
    fn an_effect_is_judged_by_the_settings_by_which_the_finding_was() {
        let snapshot = snapshot(
            "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, \
            spec: {containers: [{name: c, image: 'docker.io/shop/web:1'}]}}",
        );
        let settings = Settings {
            allowed_registries: vec!["registry.example.com".into()],
            ..Settings::default()
        };
        let before = run_with(CHECKS, &snapshot, &settings, NOW);
        let image = json!({"spec": {"containers": [{"name": "c", "image": "registry.example.com/shop/web:1"}]}});
        let patch = Patch::Strategic {
            target: snapshot.of(Kind::Pod)[0].reference(),
            body: image.into(),
        };
        let effect = effect(&snapshot, &before, &patch, NOW).unwrap();
        assert_eq!((effect.closes, effect.opens), (1, 0));
    }

    #[test]
    fn turning_a_patch_round_opens_what_it_closed() {
        let snapshot = snapshot(PRIVILEGED);
        let patch = patch_of(&run(&snapshot, NOW), "container-privileged");
        let after = apply(&snapshot, &patch).unwrap();
        let Patch::Strategic { target, body } = patch else {
            panic!("a workload is patched strategically")
        };
        let turned = body.value().to_string().replace("false", "true");
        let body = serde_json::from_str(&turned).unwrap();
        let back = effect(&after, &run(&after, NOW), &Patch::Strategic { target, body }, NOW).unwrap();
        assert_eq!((back.closes, back.opens), (0, 1));
    }

    #[test]
    fn what_is_deleted_takes_along_what_it_controls() {
        let snapshot = snapshot(PRIVILEGED);
        let target = ObjectRef {
            group: "apps".into(),
            kind: "DaemonSet".into(),
            namespace: "tools".into(),
            name: "agent".into(),
        };
        let after = apply(&snapshot, &Patch::Delete { target }).unwrap();
        assert!(after.is_empty());
        assert!(run(&after, NOW).findings.is_empty());
    }

    #[test]
    fn a_change_that_does_not_fit_is_an_error() {
        let snapshot = snapshot(PRIVILEGED);
        let target = snapshot.of(Kind::DaemonSet)[0].reference();
        let strategic = |body: Value| {
            apply(
                &snapshot,
                &Patch::Strategic {
                    target: target.clone(),
                    body: body.into(),
                },
            )
        };
        assert!(matches!(strategic(json!({"spec": "x"})), Err(SimulateError::Misfit(_))));
        assert!(matches!(
            strategic(json!({"metadata": {"name": "x"}})),
            Err(SimulateError::Renamed(_))
        ));
        assert!(matches!(
            strategic(json!({"$retainKeys": []})),
            Err(SimulateError::Directive(_))
        ));
        let nobody = ObjectRef {
            name: "nobody".into(),
            ..target.clone()
        };
        assert!(matches!(
            apply(&snapshot, &Patch::Delete { target: nobody }),
            Err(SimulateError::NotFound(_))
        ));
        let manifest =
            json!({"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "tools"}});
        assert!(matches!(
            apply(&snapshot, &Patch::Create { manifest }),
            Err(SimulateError::Exists(_))
        ));
        assert!(matches!(
            apply(
                &snapshot,
                &Patch::Create {
                    manifest: json!({"kind": "Car"})
                }
            ),
            Err(SimulateError::UnknownKind)
        ));
    }
}
