//! The address at which policies are made for a namespace: it names the namespace, and what else differs from what is usual.

use shared::network::answers::ProposalQuery;
use shared::network::propose::{Callers, Directions};

use crate::here::{Here, encode};

/// Where policies are tried. It is a page of its own, since it needs more code than all others.
pub(crate) const WHAT_IF: &str = "/network/what-if";

/// Where they are made.
pub(crate) fn path(namespace: &str, (directions, callers): (Directions, Callers)) -> String {
    let directions = match directions {
        Directions::Ingress => "",
        Directions::Both => "&directions=both",
    };
    let callers = match callers {
        Callers::Cluster => "",
        Callers::Namespace => "&callers=namespace",
    };
    format!("{WHAT_IF}?for={}{directions}{callers}", encode(namespace))
}

/// What the address asks for; none where it names no namespace.
pub(super) fn asked(here: Here) -> Option<ProposalQuery> {
    let at = here.at();
    let is = |name: &str, word: &str| here.param(name).as_deref() == Some(word);
    Some(ProposalQuery {
        cluster: at.cluster,
        at: at.at,
        namespace: here.param("for")?,
        directions: match is("directions", "both") {
            true => Directions::Both,
            false => Directions::Ingress,
        },
        callers: match is("callers", "namespace") {
            true => Callers::Namespace,
            false => Callers::Cluster,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_not_said() {
        assert_eq!(
            path("shop", (Directions::default(), Callers::default())),
            "/network/what-if?for=shop"
        );
        assert_eq!(
            path("shop", (Directions::Both, Callers::Namespace)),
            "/network/what-if?for=shop&directions=both&callers=namespace"
        );
    }
}
