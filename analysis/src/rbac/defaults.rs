//! The roles and bindings that Kubernetes, kubeadm and OpenShift make themselves, recognised by their exact content.
//!
//! `defaults.json` is what kube-apiserver 1.37 made in an empty cluster, aggregated rules filled in. Other releases differ a
//! little, and users add to them: so a default is excused for what stands here, and judged for what it grants beyond.

use std::sync::{Arc, LazyLock};

use serde_json::json;
use shared::object::ObjectRef;
use shared::patch::Patch;

use super::binding::Binding;
use super::role;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object, Snapshot};

/// Them, as a JSON array of manifests.
pub const DEFAULTS: &str = include_str!("defaults.json");

/// What kubeadm 1.37 makes beside them, its DNS and proxy included: `admin.conf` is signed for a group of its own, so that it
/// can be revoked as `system:masters` can't, and nodes join with a token that may ask for certificates and little else.
const KUBEADM: &str = include_str!("kubeadm.json");

/// What OpenShift 4 grants to everyone who has signed in, or has not: to look itself up, to find out what there is, to pull images
/// of all, to run builds. Its API server puts it back when it starts.
const OPENSHIFT: &str = include_str!("openshift.json");

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| read(&[DEFAULTS, KUBEADM]));

static OF_OPENSHIFT: LazyLock<Snapshot> = LazyLock::new(|| read(&[OPENSHIFT]));

static RESTORED: LazyLock<Snapshot> = LazyLock::new(|| read(&[DEFAULTS]));

fn read(lists: &[&str]) -> Snapshot {
    let mut snapshot = Snapshot::new("v1.37.2");
    for object in lists.iter().flat_map(|json| objects(json)) {
        snapshot.put(object);
    }
    snapshot
}

/// Those of a kind that the API server makes itself, and not an installer.
pub(super) fn of_api_server(kind: Kind) -> impl Iterator<Item = &'static Arc<Object>> {
    let of_kubeadm = |object: &Object| object.meta().name.starts_with("kubeadm:");
    SNAPSHOT.of(kind).iter().filter(move |object| !of_kubeadm(object))
}

/// What can't be read is left out, and a test counts what was.
fn objects(json: &str) -> Vec<Object> {
    let values: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let object = |value: serde_json::Value| {
        let kind = Kind::of_manifest(value["apiVersion"].as_str()?, value["kind"].as_str()?)?;
        Object::deserialize(kind, value).ok()
    };
    values.into_iter().filter_map(object).collect()
}

/// The default of that kind and name.
pub(super) fn object(reference: &ObjectRef) -> Option<&'static Object> {
    let found = SNAPSHOT.resolve(reference).or_else(|| OF_OPENSHIFT.resolve(reference));
    found.map(AsRef::as_ref)
}

/// The default of that kind and name which the API server puts back when it starts; it does not do so for kubeadm's.
pub(super) fn restored(reference: &ObjectRef) -> Option<&'static Object> {
    RESTORED.resolve(reference).map(AsRef::as_ref)
}

/// The rules of the default role of that name.
pub fn rules(role: &ObjectRef) -> Option<&'static [PolicyRule]> {
    match object(role)? {
        Object::Role(role) => Some(&role.rules),
        Object::ClusterRole(role) => Some(&role.rules),
        _ => None,
    }
}

/// The change that gives the default role of a binding back the rules that Kubernetes gives it, and what it does; none where
/// a controller keeps them.
pub fn role_restored(binding: &Binding<'_>) -> Option<(String, Patch)> {
    let target = role::reference(binding)?;
    let default = object(&target)?;
    if matches!(default, Object::ClusterRole(role) if role.aggregation_rule.is_some()) {
        return None;
    }
    let kept: Vec<_> = rules(&target)?.iter().map(super::rules::manifest).collect();
    let change = format!("Give {target} back the rules that Kubernetes gives it, and no others");
    let body = json!({ "rules": kept });
    Some((change, Patch::Merge { target, body }))
}

/// Whether Kubernetes or OpenShift itself made this binding and named this subject in it.
pub fn names(binding: &Binding<'_>, subject: &Subject) -> bool {
    if lets_project_pull(binding, subject) {
        return true;
    }
    let Some(default) = object(&binding.reference()).and_then(Binding::of) else {
        return false;
    };
    let same_role = default.role_ref.kind == binding.role_ref.kind && default.role_ref.name == binding.role_ref.name;
    same_role
        && default
            .subjects
            .iter()
            .any(|other| default.name_of(other) == binding.name_of(subject))
}

/// Whether it is the binding by which OpenShift lets the service accounts of each project pull the images of that project; a
/// controller puts it back.
fn lets_project_pull(binding: &Binding<'_>, subject: &Subject) -> bool {
    let (name, role) = (binding.meta.name.as_str(), binding.role_ref);
    let is_pullers = binding.kind == Kind::RoleBinding && name == "system:image-pullers";
    let is_of_role = role.kind == "ClusterRole" && role.name == "system:image-puller";
    let namespace = subject.name.strip_prefix("system:serviceaccounts:");
    is_pullers && is_of_role && subject.kind == "Group" && namespace == Some(binding.meta.namespace.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_read() {
        let values = |json: &str| serde_json::from_str::<Vec<serde_json::Value>>(json).unwrap().len();
        assert_eq!(SNAPSHOT.len(), values(DEFAULTS) + values(KUBEADM));
        assert_eq!(OF_OPENSHIFT.len(), values(OPENSHIFT));
        assert!(SNAPSHOT.of(Kind::ClusterRole).len() > 60);
    }

    #[test]
    fn every_default_binding_names_a_default_role() {
        for snapshot in [&*SNAPSHOT, &*OF_OPENSHIFT] {
            for binding in Binding::all(snapshot) {
                let role = super::super::Role::bound_by(snapshot, &binding);
                assert!(role.is_some(), "{}", binding.reference());
            }
        }
    }

    #[test]
    fn what_kubeadm_made_is_not_put_back() {
        let role = |name: &str| ObjectRef {
            group: "rbac.authorization.k8s.io".into(),
            kind: "ClusterRole".into(),
            namespace: String::new(),
            name: name.into(),
        };
        assert!(object(&role("system:coredns")).is_some() && restored(&role("system:coredns")).is_none());
        assert!(restored(&role("view")).is_some());
    }

    #[test]
    fn no_check_of_rbac_has_anything_to_say_about_the_defaults() {
        let mut cluster = crate::fixture::snapshot("");
        SNAPSHOT
            .objects()
            .chain(OF_OPENSHIFT.objects())
            .for_each(|object| cluster.put(object.as_ref().clone()));
        let report = crate::run(&cluster, chrono::DateTime::UNIX_EPOCH);
        let said: Vec<String> = report
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.check, finding.object))
            .collect();
        assert_eq!(said, [""; 0]);
    }
}
