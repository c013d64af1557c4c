//! Where policies are made that close what a check of the network found.

use leptos::prelude::*;
use shared::findings::{FindingDetail, Status};
use shared::network::propose::{Callers, Directions};
use shared::object::ObjectRef;

use crate::components::icon::{Icon, icon_small};
use crate::here::Here;
use crate::pages::network::making;

/// The checks whose findings such policies close, for which traffic they have to be made, and whom Services may serve. Policies
/// only ever let in more than others do: what a policy opens that is there, none that is added closes.
const CLOSED: [(&str, (Directions, Callers)); 7] = [
    ("namespace-without-policy", (Directions::Ingress, Callers::Cluster)),
    (
        "namespace-without-default-deny",
        (Directions::Ingress, Callers::Cluster),
    ),
    (
        "workload-selected-by-no-policy",
        (Directions::Ingress, Callers::Cluster),
    ),
    (
        "exposed-workload-without-ingress-policy",
        (Directions::Ingress, Callers::Cluster),
    ),
    (
        "database-open-across-namespaces",
        (Directions::Ingress, Callers::Namespace),
    ),
    (
        "namespace-without-egress-default-deny",
        (Directions::Both, Callers::Cluster),
    ),
    ("metadata-endpoint-reachable", (Directions::Both, Callers::Cluster)),
];

/// The way there; nothing where no policy that is added would close it.
pub(super) fn policies(here: Here, finding: &FindingDetail) -> Option<AnyView> {
    let row = &finding.row;
    let to = (row.status == Status::Open).then(|| path(&row.check, &row.object))??;
    let namespace = namespace(&row.object)?.to_owned();
    Some(
        view! {
            <section>
                <h3>"Policies that close it"</h3>
                <p>
                    "They are made for all of namespace "<code>{namespace}</code>" and keep what Services, Ingresses and ports declare. You \
                    see all that they cut before anything is applied."
                </p>
                <p><a class="btn small" href=move || here.link(&to)>"Make policies for it"{icon_small(Icon::Arrow)}</a></p>
            </section>
        }
        .into_any(),
    )
}

fn path(check: &str, object: &ObjectRef) -> Option<String> {
    let (_, made) = CLOSED.iter().find(|(closed, _)| *closed == check)?;
    Some(making::path(namespace(object)?, *made))
}

/// The namespace that an object is, or lies in.
fn namespace(object: &ObjectRef) -> Option<&str> {
    let namespace = match object.kind.as_str() {
        "Namespace" => &object.name,
        _ => &object.namespace,
    };
    Some(namespace.as_str()).filter(|namespace| !namespace.is_empty())
}

#[cfg(test)]
mod tests {
    use analysis::checks::CHECKS;
    use shared::verdict::Area;

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
    fn policies_are_made_for_the_namespace_that_a_finding_is_in() {
        let of = |check: &str, object: ObjectRef| path(check, &object);
        assert_eq!(
            of("namespace-without-default-deny", object("Namespace", "", "shop")).as_deref(),
            Some("/network/what-if?for=shop")
        );
        assert_eq!(
            of("database-open-across-namespaces", object("StatefulSet", "shop", "db")).as_deref(),
            Some("/network/what-if?for=shop&callers=namespace")
        );
        assert_eq!(
            of("policy-selects-nothing", object("NetworkPolicy", "shop", "web")),
            None
        );
        assert_eq!(of("metadata-endpoint-reachable", object("Node", "", "node-1")), None);
    }

    #[test]
    fn what_policies_close_are_checks_of_the_network() {
        for (closed, _) in CLOSED {
            let check = CHECKS.iter().find(|check| check.id == closed);
            assert_eq!(check.map(|check| check.area), Some(Area::Network), "{closed}");
        }
    }
}
