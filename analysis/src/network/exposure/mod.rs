//! What is open to the outside: the ways in that Services, Ingresses, routes and ports of nodes make, as far as policies let anyone
//! through, and the ways out.
//!
//! Policies are asked about the client's own address. Whether a load balancer or a node puts its own in place of it depends on the
//! cluster, and is not known here.

pub(super) mod backends;
mod controllers;
mod inbound;
mod internal;
mod outbound;
mod policies;
pub mod targets;

use shared::network::exposure::Exposure;

use super::engine::Network;
use super::model::Model;
use crate::check::{Need, workloads_and};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::run::{unmet_need, why};
use targets::Index;

/// Without these nothing can be said.
pub(super) const NEEDS: &[Need] = &workloads_and::<13>(&[
    Need::Read(Kind::Namespace),
    Need::Read(Kind::NetworkPolicy),
    Need::IfServed(Kind::ClusterNetworkPolicy),
    Need::IfServed(Kind::AdminNetworkPolicy),
    Need::IfServed(Kind::BaselineAdminNetworkPolicy),
]);

/// Without these there may be more ways in.
const WAYS: &[Kind] = &[
    Kind::Service,
    Kind::EndpointSlice,
    Kind::Ingress,
    Kind::IngressClass,
    Kind::Gateway,
    Kind::GatewayClass,
    Kind::HttpRoute,
    Kind::GrpcRoute,
    Kind::TlsRoute,
];

/// What is open.
///
/// # Errors
/// Workloads, namespaces or policies were not read: the reason, as a sentence.
pub fn exposure(cluster: &Cluster<'_>, model: &Model, network: &Network) -> Result<Exposure, String> {
    if let Some(reason) = unmet_need(NEEDS, cluster.snapshot) {
        return Err(reason);
    }
    let index = Index::of(model);
    let outcomes = WAYS
        .iter()
        .map(|kind| (kind.info().resource(), cluster.snapshot.outcome(*kind)));
    let unread = outcomes.filter(|(_, outcome)| !outcome.is_known());
    Ok(Exposure {
        ways: inbound::ways(cluster, model, network, &index),
        reaches: outbound::reaches(cluster, model, network, &index),
        unread: unread.map(|(resource, outcome)| why(&resource, &outcome)).collect(),
    })
}

#[cfg(test)]
mod tests;
