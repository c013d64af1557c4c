//! Which routes come through a listener of a Gateway, as the Gateway API attaches them.

use shared::object::ObjectRef;

use crate::admission::filter::namespace_labels;
use crate::model::gateway::{GrpcRoute, HttpRoute, Listener, ParentRef, RouteFilter, RouteMatch, RouteRule, RouteSpec};
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Snapshot};
use crate::selector;

/// A route for HTTP or gRPC.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    kind: Kind,
    meta: &'a ObjectMeta,
    /// What it says.
    pub spec: &'a RouteSpec,
}

impl Route<'_> {
    /// The route.
    pub fn reference(&self) -> ObjectRef {
        self.kind.reference(self.meta)
    }

    /// Whether it serves nothing but redirects to https, and the proofs that one owns a domain.
    pub fn is_for_redirects(&self) -> bool {
        let rules = &self.spec.rules;
        !rules.is_empty() && rules.iter().all(|rule| redirects(rule) || is_challenge(rule))
    }
}

fn redirects(rule: &RouteRule) -> bool {
    let to_https = |filter: &RouteFilter| {
        let redirect = filter.request_redirect.as_ref();
        redirect.is_some_and(|redirect| redirect.scheme.eq_ignore_ascii_case("https"))
    };
    rule.filters.iter().any(to_https)
}

/// The proof is fetched without TLS, before there is a certificate (RFC 8555, 8.3).
fn is_challenge(rule: &RouteRule) -> bool {
    let is_one = |matched: &RouteMatch| {
        let path = matched.path.as_ref().map_or("", |path| path.value.as_str());
        path.starts_with("/.well-known/acme-challenge/")
    };
    !rule.matches.is_empty() && rule.matches.iter().all(is_one)
}

/// The routes that come through a listener of the Gateway with that metadata.
pub fn routes<'a>(
    snapshot: &'a Snapshot,
    gateway: &'a ObjectMeta,
    listener: &'a Listener,
) -> impl Iterator<Item = Route<'a>> {
    let of_http = snapshot
        .all::<HttpRoute>()
        .map(|route| (Kind::HttpRoute, &route.metadata, &route.spec));
    let of_grpc = snapshot
        .all::<GrpcRoute>()
        .map(|route| (Kind::GrpcRoute, &route.metadata, &route.spec));
    let routes = of_http.chain(of_grpc).filter_map(|(kind, meta, spec)| {
        Some(Route {
            kind,
            meta: meta.as_ref()?,
            spec: spec.as_ref()?,
        })
    });
    routes.filter(move |route| comes_through(snapshot, (route.meta, route.spec), (gateway, listener)))
}

/// Whether a route of any kind comes through a listener of the Gateway with that metadata.
pub(crate) fn comes_through(
    snapshot: &Snapshot,
    (route, spec): (&ObjectMeta, &RouteSpec),
    (gateway, listener): (&ObjectMeta, &Listener),
) -> bool {
    let mut parents = spec.parent_refs.iter();
    parents.any(|parent| names(parent, route, gateway, listener))
        && allows(snapshot, listener, &gateway.namespace, &route.namespace)
}

fn names(parent: &ParentRef, route: &ObjectMeta, gateway: &ObjectMeta, listener: &Listener) -> bool {
    let is = |value: &Option<String>, default: &str| value.as_deref().is_none_or(|value| value == default);
    let namespace = match parent.namespace.as_str() {
        "" => &route.namespace,
        _ => &parent.namespace,
    };
    is(&parent.kind, "Gateway")
        && is(&parent.group, "gateway.networking.k8s.io")
        && (&parent.name, namespace) == (&gateway.name, &gateway.namespace)
        && (parent.section_name.is_empty() || parent.section_name == listener.name)
        && parent.port.is_none_or(|port| port == listener.port)
}

/// Whether the listener lets routes of a namespace in: its own alone, unless it says otherwise.
fn allows(snapshot: &Snapshot, listener: &Listener, own: &str, namespace: &str) -> bool {
    let allowed = listener
        .allowed_routes
        .as_ref()
        .and_then(|allowed| allowed.namespaces.as_ref());
    match allowed.map(|allowed| (allowed.from.as_str(), &allowed.selector)) {
        Some(("All", _)) => true,
        Some(("None", _)) => false,
        Some(("Selector", selector)) => {
            let meta = snapshot
                .find::<Namespace>("", namespace)
                .and_then(|found| found.metadata.as_ref());
            let labels = namespace_labels(meta, namespace);
            selector
                .as_ref()
                .is_some_and(|selector| selector::matches(selector, &labels))
        }
        _ => own == namespace,
    }
}
