//! Bindings of either kind, and whom they name.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::rbac::SubjectKind;

use super::defaults;

use crate::model::meta::ObjectMeta;
use crate::model::rbac::{RoleRef, Subject};
use crate::model::{Kind, Object, Snapshot};

/// A RoleBinding or a ClusterRoleBinding.
#[derive(Debug, Clone, Copy)]
pub struct Binding<'a> {
    /// Which of the two.
    pub kind: Kind,
    /// Its metadata.
    pub meta: &'a ObjectMeta,
    /// Whom it names.
    pub subjects: &'a [Subject],
    /// The role that it grants.
    pub role_ref: &'a RoleRef,
}

impl<'a> Binding<'a> {
    /// The object as a binding, if it is one and names a role.
    pub fn of(object: &'a Object) -> Option<Self> {
        let (subjects, role_ref) = match object {
            Object::RoleBinding(binding) => (&binding.subjects, &binding.role_ref),
            Object::ClusterRoleBinding(binding) => (&binding.subjects, &binding.role_ref),
            _ => return None,
        };
        Some(Self {
            kind: object.kind(),
            meta: object.meta(),
            subjects,
            role_ref: role_ref.as_ref()?,
        })
    }

    /// Every binding of a snapshot that names a role, those of the whole cluster first.
    pub fn all(snapshot: &'a Snapshot) -> impl Iterator<Item = Self> {
        let cluster = snapshot.of(Kind::ClusterRoleBinding).iter();
        let objects = cluster.chain(snapshot.of(Kind::RoleBinding));
        objects.filter_map(|object| Self::of(object))
    }

    /// Whether what it grants holds in every namespace, and for what stands in none.
    pub fn is_cluster_wide(&self) -> bool {
        self.kind == Kind::ClusterRoleBinding
    }

    /// Where it grants: `in the whole cluster`, `in namespace shop only`.
    pub fn place(&self) -> String {
        match self.kind {
            Kind::ClusterRoleBinding => "in the whole cluster".to_owned(),
            _ => format!("in namespace {} only", self.meta.namespace),
        }
    }

    /// What a person would type to find it.
    pub fn reference(&self) -> ObjectRef {
        self.kind.reference(self.meta)
    }

    /// The namespace of a service account that it names: its own where the subject has none.
    pub fn namespace_of(&self, subject: &'a Subject) -> &'a str {
        match subject.namespace.as_str() {
            "" => &self.meta.namespace,
            namespace => namespace,
        }
    }

    /// The service account that a subject is, as namespace and name: by kind, or as the user of that name.
    pub fn service_account(&self, subject: &'a Subject) -> Option<(&'a str, &'a str)> {
        match subject.kind.as_str() {
            "ServiceAccount" => Some((self.namespace_of(subject), subject.name.as_str())),
            "User" => subject.name.strip_prefix("system:serviceaccount:")?.split_once(':'),
            _ => None,
        }
    }

    /// A subject as the API server knows it; none for kinds that are none.
    pub fn subject(&self, subject: &Subject) -> Option<shared::rbac::Subject> {
        let (kind, namespace, name) = match (self.service_account(subject), subject.kind.as_str()) {
            (Some((namespace, name)), _) => (SubjectKind::ServiceAccount, namespace, name),
            (None, "User") => (SubjectKind::User, "", subject.name.as_str()),
            (None, "Group") => (SubjectKind::Group, "", subject.name.as_str()),
            _ => return None,
        };
        Some(shared::rbac::Subject {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The subjects as the API server knows them, sorted, each once.
    pub fn known_subjects(&self) -> Vec<shared::rbac::Subject> {
        let named = self.distinct_subjects();
        let mut subjects: Vec<_> = named.filter_map(|(_, subject)| self.subject(subject)).collect();
        subjects.sort();
        subjects.dedup();
        subjects
    }

    /// Whether Kubernetes itself made it, and nobody was added to it.
    pub fn is_default(&self) -> bool {
        !self.subjects.is_empty() && self.subjects.iter().all(|subject| defaults::names(self, subject))
    }

    /// A subject as it is written: `ServiceAccount shop/web`, `Group ops`.
    pub fn name_of(&self, subject: &Subject) -> String {
        match subject.kind.as_str() {
            "ServiceAccount" if subject.namespace.is_empty() => {
                format!("ServiceAccount {}/{}", self.meta.namespace, subject.name)
            }
            "ServiceAccount" => format!("ServiceAccount {}/{}", subject.namespace, subject.name),
            kind => format!("{kind} {}", subject.name),
        }
    }

    /// Its subjects that name somebody, each once, with the place in the list where each first stands. A service account
    /// without a namespace in a ClusterRoleBinding is nobody.
    pub fn distinct_subjects(&self) -> impl Iterator<Item = (usize, &'a Subject)> {
        let binding = *self;
        let mut seen = BTreeSet::new();
        let named = binding.subjects.iter().enumerate().filter(move |(_, subject)| {
            binding
                .service_account(subject)
                .is_none_or(|(namespace, _)| !namespace.is_empty())
        });
        named.filter(move |(_, subject)| seen.insert(binding.name_of(subject)))
    }

    /// Who a subject is, the same for a service account however it is written.
    pub fn identity(&self, subject: &'a Subject) -> String {
        match self.service_account(subject) {
            Some((namespace, name)) => format!("ServiceAccount {namespace}/{name}"),
            None => self.name_of(subject),
        }
    }

    /// What tells two subjects apart: who they are, or what is written where that is nobody.
    fn known(&self, subject: &Subject) -> (Option<shared::rbac::Subject>, String) {
        let who = self.subject(subject);
        let written = if who.is_none() {
            self.name_of(subject)
        } else {
            String::new()
        };
        (who, written)
    }

    /// The change that takes the subject off it; see [`Binding::without_all`].
    pub fn without(&self, subject: &Subject) -> Option<Patch> {
        self.without_all(&[subject])
    }

    /// The change that takes these subjects off it, and the whole binding where nobody else is left; none for a binding of
    /// very many subjects, of which each patch would repeat all the others.
    pub fn without_all(&self, subjects: &[&Subject]) -> Option<Patch> {
        if self.subjects.len() > MAX_PATCHED_SUBJECTS {
            return None;
        }
        // A service account may be named twice: by its kind, and as the user that it is.
        let who: BTreeSet<_> = subjects.iter().map(|subject| self.known(subject)).collect();
        let kept: Vec<Value> = self
            .subjects
            .iter()
            .filter(|other| !who.contains(&self.known(other)))
            .map(subject_manifest)
            .collect();
        Some(match kept.as_slice() {
            [] => Patch::Delete {
                target: self.reference(),
            },
            kept => Patch::Merge {
                target: self.reference(),
                body: json!({ "subjects": kept }),
            },
        })
    }
}

const MAX_PATCHED_SUBJECTS: usize = 100;

/// A subject as a manifest writes it, without what is empty.
pub fn subject_manifest(subject: &Subject) -> Value {
    let fields = [
        ("kind", &subject.kind),
        ("apiGroup", &subject.api_group),
        ("name", &subject.name),
        ("namespace", &subject.namespace),
    ];
    let written = fields.into_iter().filter(|(_, value)| !value.is_empty());
    Value::Object(
        written
            .map(|(field, value)| (field.to_owned(), value.as_str().into()))
            .collect(),
    )
}

/// What a group stands for that is given by the API server itself and not by whoever authenticates.
pub fn implied_group(subject: &Subject) -> Option<String> {
    if subject.kind == "Group" {
        members(&subject.name)
    } else {
        None
    }
}

/// Who is in a group that the API server itself fills.
pub(super) fn members(group: &str) -> Option<String> {
    match group {
        "system:authenticated" => Some("everyone who has signed in, every service account included".to_owned()),
        "system:unauthenticated" => Some("everyone who reaches the API server, without signing in".to_owned()),
        "system:serviceaccounts" => Some("every service account".to_owned()),
        name => {
            let namespace = name.strip_prefix("system:serviceaccounts:")?;
            Some(format!("every service account of namespace {namespace}"))
        }
    }
}

/// Whether the subject is a group that everyone is in who reaches the API server, has signed in, or runs in a pod; or the
/// user that those are who have not signed in.
pub fn is_everyone(subject: &Subject) -> bool {
    let groups = [
        "system:authenticated",
        "system:unauthenticated",
        "system:serviceaccounts",
    ];
    match subject.kind.as_str() {
        "Group" => groups.contains(&subject.name.as_str()),
        "User" => subject.name == "system:anonymous",
        _ => false,
    }
}

/// `system:masters` is let through before any role is looked at, so a binding gives it nothing.
pub fn is_masters(subject: &Subject) -> bool {
    subject.kind == "Group" && subject.name == "system:masters"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    const BINDING: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects:
- {kind: ServiceAccount, name: web}
- {kind: User, name: 'system:serviceaccount:tools:ci', apiGroup: rbac.authorization.k8s.io}
- {kind: ServiceAccount, name: web, namespace: shop}
";

    #[test]
    fn a_service_account_is_known_by_kind_and_by_user_name() {
        let snapshot = snapshot(BINDING);
        let binding = Binding::of(&snapshot.of(Kind::RoleBinding)[0]).unwrap();
        let accounts: Vec<_> = binding
            .subjects
            .iter()
            .map(|subject| binding.service_account(subject))
            .collect();
        assert_eq!(
            accounts,
            [Some(("shop", "web")), Some(("tools", "ci")), Some(("shop", "web"))]
        );
    }

    #[test]
    fn a_subject_that_is_written_twice_is_one_and_leaves_whole() {
        let snapshot = snapshot(BINDING);
        let binding = Binding::of(&snapshot.of(Kind::RoleBinding)[0]).unwrap();
        assert_eq!(
            binding.distinct_subjects().map(|(place, _)| place).collect::<Vec<_>>(),
            [0, 1]
        );
        let Some(Patch::Merge { body, .. }) = binding.without(&binding.subjects[0]) else {
            panic!("not a merge patch")
        };
        let left = json!([{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "system:serviceaccount:tools:ci"}]);
        assert_eq!(body["subjects"], left);
    }

    #[test]
    fn a_binding_without_its_only_subject_goes() {
        let snapshot = snapshot(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: r}
subjects: [{kind: Group, name: ops}]
",
        );
        let binding = Binding::of(&snapshot.of(Kind::ClusterRoleBinding)[0]).unwrap();
        assert_eq!(
            binding.without(&binding.subjects[0]),
            Some(Patch::Delete {
                target: binding.reference()
            })
        );
    }

    #[test]
    fn a_service_account_without_a_namespace_is_nobody_in_the_cluster() {
        let snapshot = snapshot(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: r}
subjects: [{kind: ServiceAccount, name: web}, {kind: User, name: web}]
",
        );
        let binding = Binding::of(&snapshot.of(Kind::ClusterRoleBinding)[0]).unwrap();
        assert_eq!(
            binding.distinct_subjects().map(|(place, _)| place).collect::<Vec<_>>(),
            [1]
        );
    }
}
