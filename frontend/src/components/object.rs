//! Kubernetes objects by kind, namespace and name.

use leptos::prelude::*;
use shared::object::ObjectRef;

use crate::here::{Here, encode};

/// Kinds that have a page of their own.
const WORKLOADS: [&str; 8] = [
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

/// The page of a workload; for other kinds the findings on the object.
pub(crate) fn object_path(object: &ObjectRef) -> String {
    let (kind, name) = (encode(&object.kind), encode(&object.name));
    if WORKLOADS.contains(&object.kind.as_str()) {
        return format!("/workloads/{kind}/{}/{name}", encode(&object.namespace));
    }
    let namespace = if object.namespace.is_empty() {
        "-".into()
    } else {
        encode(&object.namespace)
    };
    format!("/findings?kind={kind}&namespace={namespace}&name={name}")
}

#[cfg(test)]
mod tests {
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
    fn workloads_have_a_page_and_the_rest_a_list() {
        assert_eq!(
            object_path(&object("Deployment", "web", "bff")),
            "/workloads/Deployment/web/bff"
        );
        assert_eq!(
            object_path(&object("ClusterRole", "", "system:x")),
            "/findings?kind=ClusterRole&namespace=-&name=system:x"
        );
    }
}
