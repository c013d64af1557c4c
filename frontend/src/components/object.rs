//! Kubernetes objects, and the subjects of bindings, by kind, namespace and name.

use leptos::prelude::*;
use shared::object::ObjectRef;
use shared::rbac::Subject;

use crate::here::{Here, encode};

/// Kinds that are workloads by themselves; of any other that has to be known.
pub(crate) const WORKLOADS: [&str; 8] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "Pod",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
];

/// `Deployment payments/payments-api`, linked to what is known of it.
pub(crate) fn object_link(here: Here, object: &ObjectRef) -> AnyView {
    let (text, to) = (object.to_string(), object_path(object));
    view! { <a class="mono" href=move || here.link(&to)>{text}</a> }.into_any()
}

/// The page of a workload, namespace, role or service account, or where a binding is listed; for other kinds the findings on the object.
pub(crate) fn object_path(object: &ObjectRef) -> String {
    let (kind, namespace, name) = (encode(&object.kind), place(&object.namespace), encode(&object.name));
    match object.kind.as_str() {
        workload if WORKLOADS.contains(&workload) => workload_path(object),
        "Namespace" => namespace_path(&object.name),
        "Role" | "ClusterRole" => format!("/access/roles/{kind}/{namespace}/{name}"),
        "RoleBinding" | "ClusterRoleBinding" => {
            format!("/access?view=table&kind={kind}&within={namespace}&q={name}")
        }
        "ServiceAccount" => format!("/access/subjects/{kind}/{namespace}/{name}"),
        _ => format!("/findings?kind={kind}&namespace={namespace}&name={name}"),
    }
}

/// The page of what is known to be a workload, whatever its kind: an operator's own, such as a Rollout, has one too.
pub(crate) fn workload_path(object: &ObjectRef) -> String {
    let (kind, namespace, name) = (encode(&object.kind), place(&object.namespace), encode(&object.name));
    format!("/workloads/{kind}/{namespace}/{name}")
}

/// The page of a namespace.
pub(crate) fn namespace_path(name: &str) -> String {
    format!("/namespaces/{}", encode(name))
}

/// The page of a subject.
pub(crate) fn subject_path(subject: &Subject) -> String {
    let (namespace, name) = (place(&subject.namespace), encode(&subject.name));
    format!("/access/subjects/{}/{namespace}/{name}", subject.kind.as_str())
}

/// A service account.
pub(crate) fn account(namespace: &str, name: &str) -> ObjectRef {
    ObjectRef {
        group: String::new(),
        kind: "ServiceAccount".into(),
        namespace: namespace.into(),
        name: name.into(),
    }
}

/// The namespace in an address; `-` for what stands in none.
pub(crate) fn place(namespace: &str) -> String {
    match namespace {
        "" => "-".into(),
        namespace => encode(namespace),
    }
}

/// `shop/web`, or the name alone for what stands in no namespace.
pub(crate) fn short_name(namespace: &str, name: &str) -> String {
    match namespace {
        "" => name.to_owned(),
        namespace => format!("{namespace}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use shared::rbac::SubjectKind;

    use super::*;

    fn object(kind: &str, namespace: &str, name: &str) -> ObjectRef {
        ObjectRef {
            group: String::new(),
            kind: kind.into(),
            namespace: namespace.into(),
            name: name.into(),
        }
    }

    #[test]
    fn what_has_no_page_has_a_list() {
        let path = |kind: &str, namespace: &str, name: &str| object_path(&object(kind, namespace, name));
        assert_eq!(path("Deployment", "web", "bff"), "/workloads/Deployment/web/bff");
        assert_eq!(
            path("ClusterRole", "", "system:x"),
            "/access/roles/ClusterRole/-/system:x"
        );
        assert_eq!(
            path("ServiceAccount", "web", "bff"),
            "/access/subjects/ServiceAccount/web/bff"
        );
        assert_eq!(
            path("RoleBinding", "web", "x"),
            "/access?view=table&kind=RoleBinding&within=web&q=x"
        );
        assert_eq!(path("Namespace", "", "web"), "/namespaces/web");
        assert_eq!(path("Node", "", "n1"), "/findings?kind=Node&namespace=-&name=n1");
    }

    #[test]
    fn a_workload_of_any_kind_has_a_page() {
        let rollout = object("Rollout", "web", "bff");
        assert_eq!(workload_path(&rollout), "/workloads/Rollout/web/bff");
        assert_eq!(object_path(&rollout), "/findings?kind=Rollout&namespace=web&name=bff");
    }

    #[test]
    fn a_subject_is_found_by_its_kind() {
        let subject = |kind, namespace: &str, name: &str| Subject {
            kind,
            namespace: namespace.into(),
            name: name.into(),
        };
        assert_eq!(
            subject_path(&subject(SubjectKind::Group, "", "oidc:a/b")),
            "/access/subjects/Group/-/oidc:a%2Fb"
        );
        assert_eq!(
            subject_path(&subject(SubjectKind::ServiceAccount, "web", "bff")),
            "/access/subjects/ServiceAccount/web/bff"
        );
    }
}
