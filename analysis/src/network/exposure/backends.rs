//! What Ingresses and routes lead to.

use std::collections::BTreeSet;

use shared::object::ObjectRef;

use crate::model::gateway::{BackendRef, Gateway, GrpcRoute, HttpRoute, Listener, RouteSpec, TlsRoute};
use crate::model::ingress::{Ingress, IngressBackend};
use crate::model::meta::ObjectMeta;
use crate::model::service::{Service, ServicePort};
use crate::model::{Kind, Snapshot};
use crate::tls::routes::comes_through;

/// A port of a Service.
pub(crate) type Backend<'a> = (&'a Service, &'a ServicePort);

/// Those of an Ingress, each once. What it names and is not there leads nowhere.
pub(crate) fn of_ingress<'a>(snapshot: &'a Snapshot, ingress: &Ingress) -> Vec<Backend<'a>> {
    let (Some(meta), Some(spec)) = (&ingress.metadata, &ingress.spec) else {
        return Vec::new();
    };
    let paths = spec
        .rules
        .iter()
        .filter_map(|rule| rule.ingress_rule_value.as_ref()?.http.as_ref());
    let backends = paths
        .flat_map(|http| &http.paths)
        .filter_map(|path| path.backend.as_ref());
    let named = spec
        .default_backend
        .iter()
        .chain(backends)
        .filter_map(|backend: &IngressBackend| {
            let service = backend.service.as_ref()?;
            let port = service.port.as_ref()?;
            Some((service.name.as_str(), port.name.as_str(), port.number))
        });
    let distinct: BTreeSet<(&str, &str, i32)> = named.collect();
    let found = distinct.into_iter().filter_map(|(name, port, number)| {
        let service = snapshot.find::<Service>(&meta.namespace, name)?;
        let mut ports = service.spec.as_ref()?.ports.iter();
        let is_meant = |one: &&ServicePort| {
            if port.is_empty() {
                one.port == number
            } else {
                one.name == port
            }
        };
        Some((service, ports.find(is_meant)?))
    });
    found.collect()
}

/// A route, and where it comes through.
#[derive(Debug)]
pub(crate) struct Routed<'a> {
    /// The route.
    pub(crate) route: ObjectRef,
    /// The Gateway.
    pub(crate) gateway: &'a Gateway,
    /// Its listener.
    pub(crate) listener: &'a Listener,
    /// What it leads to.
    pub(crate) backends: Vec<Backend<'a>>,
}

/// All routes by the Gateways and listeners that they come through.
pub(crate) fn routed(snapshot: &Snapshot) -> Vec<Routed<'_>> {
    let routes = routes(snapshot);
    let listeners = snapshot.all::<Gateway>().filter_map(|gateway| {
        let (meta, spec) = (gateway.metadata.as_ref()?, gateway.spec.as_ref()?);
        Some((gateway, meta, &spec.listeners))
    });
    let mut all = Vec::new();
    for (gateway, meta, listeners) in listeners {
        for listener in listeners {
            let through = routes
                .iter()
                .filter(|(_, route, spec)| comes_through(snapshot, (route, spec), (meta, listener)));
            all.extend(through.map(|(kind, route, spec)| Routed {
                route: kind.reference(route),
                gateway,
                listener,
                backends: of_route(snapshot, route, spec),
            }));
        }
    }
    all
}

fn routes(snapshot: &Snapshot) -> Vec<(Kind, &ObjectMeta, &RouteSpec)> {
    let http = snapshot
        .all::<HttpRoute>()
        .map(|route| (Kind::HttpRoute, &route.metadata, &route.spec));
    let grpc = snapshot
        .all::<GrpcRoute>()
        .map(|route| (Kind::GrpcRoute, &route.metadata, &route.spec));
    let tls = snapshot
        .all::<TlsRoute>()
        .map(|route| (Kind::TlsRoute, &route.metadata, &route.spec));
    let all = http.chain(grpc).chain(tls);
    all.filter_map(|(kind, meta, spec)| Some((kind, meta.as_ref()?, spec.as_ref()?)))
        .collect()
}

/// Whether a Service of another namespace may be led to is said by ReferenceGrants, which are not read: it is taken for granted.
fn of_route<'a>(snapshot: &'a Snapshot, route: &ObjectMeta, spec: &RouteSpec) -> Vec<Backend<'a>> {
    let is_service = |backend: &&BackendRef| backend.kind.as_deref().is_none_or(|kind| kind == "Service");
    let named = spec.rules.iter().flat_map(|rule| &rule.backend_refs).filter(is_service);
    let distinct: BTreeSet<(&str, &str, Option<i32>)> = named
        .map(|backend| {
            let own = backend.namespace.is_empty();
            let namespace = if own { &route.namespace } else { &backend.namespace };
            (namespace.as_str(), backend.name.as_str(), backend.port)
        })
        .collect();
    let found = distinct.into_iter().filter_map(|(namespace, name, port)| {
        let service = snapshot.find::<Service>(namespace, name)?;
        let mut ports = service.spec.as_ref()?.ports.iter();
        Some((service, ports.find(|one| Some(one.port) == port)?))
    });
    found.collect()
}
