//! A verdict for each pod and each template of pods among objects.

use shared::object::ObjectRef;
use shared::pod_security::PodVerdict;

use super::admission::Exemptions;
use super::namespaces::shown;
use super::{Level, Pod, Version, rebased, violations};
use crate::model::meta::{ObjectMeta, OwnerReference};
use crate::model::workload::{pod_meta, pod_spec, pod_spec_path};
use crate::model::{Object, Snapshot};

/// A verdict for each pod that has no owner among the objects, and for each template, in the order of kinds, namespaces and names.
pub fn verdicts(snapshot: &Snapshot, level: Level, version: Version, exemptions: &Exemptions) -> Vec<PodVerdict> {
    let is_made_of_another = |object: &Object| matches!(object, Object::Pod(_)) && has_owner(snapshot, object.meta());
    let judged = snapshot.objects().filter(|object| !is_made_of_another(object));
    judged
        .filter_map(|object| verdict(object, level, version, exemptions))
        .collect()
}

/// Whether one of the owners that metadata names is there: in the same namespace, or in none, as a Node is.
fn has_owner(snapshot: &Snapshot, meta: &ObjectMeta) -> bool {
    let owner = |owner: &OwnerReference, namespace: &str| ObjectRef {
        group: owner
            .api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
            .to_owned(),
        kind: owner.kind.clone(),
        namespace: namespace.to_owned(),
        name: owner.name.clone(),
    };
    let is_there = |reference: &OwnerReference| {
        ["", &meta.namespace]
            .iter()
            .any(|namespace| snapshot.resolve(&owner(reference, namespace)).is_some())
    };
    meta.owner_references.iter().any(is_there)
}

fn verdict(object: &Object, level: Level, version: Version, exemptions: &Exemptions) -> Option<PodVerdict> {
    let spec = pod_spec(object)?;
    // A template may well have no metadata.
    let none = ObjectMeta::default();
    let meta = pod_meta(object).unwrap_or(&none);
    let ObjectMeta { namespace, name, .. } = object.meta();
    let mut violations = match exemptions.exempt(namespace, &spec.runtime_class_name) {
        true => Vec::new(),
        false => violations(level, version, Pod { meta, spec }),
    };
    let path = pod_spec_path(object.kind());
    for violation in &mut violations {
        violation.field = rebased(&violation.field, path);
    }
    Some(PodVerdict {
        namespace: namespace.clone(),
        kind: object.kind().info().kind.to_owned(),
        name: name.clone(),
        allowed: violations.is_empty(),
        violations: violations.iter().map(shown).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;
    use crate::pod_security::version::NEWEST;

    fn judged(manifests: &str) -> Vec<(String, bool)> {
        let verdicts = verdicts(&snapshot(manifests), Level::Baseline, NEWEST, &Exemptions::default());
        verdicts
            .into_iter()
            .map(|verdict| (format!("{} {}", verdict.kind, verdict.name), verdict.allowed))
            .collect()
    }

    #[test]
    fn templates_are_judged_and_pods_that_none_of_them_made() {
        let manifests = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {hostPID: true, containers: [{name: c}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web}]}
spec: {hostPID: true, containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db}]}
spec: {containers: [{name: c}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c}]}}}}}
";
        let expected = [("Pod db-1", true), ("Deployment web", false), ("CronJob report", true)];
        assert_eq!(
            judged(manifests),
            expected.map(|(name, allowed)| (name.to_owned(), allowed))
        );
    }

    #[test]
    fn an_object_without_a_specification_is_no_pod() {
        assert!(judged("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n").is_empty());
        assert!(judged("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {}\n").is_empty());
    }
}
