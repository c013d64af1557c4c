//! What is open to the outside, and what workloads may reach there.

use axum::response::Response;
use shared::network::answers::ExposureAnswer;
use shared::network::exposure::{Sources, Via, Way};
use shared::page::{At, Stamped};
use shared::problem::Problem;

use super::known::known;
use crate::api::download::download;
use crate::api::error::ApiError;
use crate::api::read::Read;
use crate::csv::line;

/// The ways into workloads from outside as far as policies let anyone through, and what workloads may reach outside.
#[utoipa::path(get, path = "/network/exposure", tag = "network", params(At), responses(
    (status = 200, body = Stamped<ExposureAnswer>),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn exposure(read: Read<At>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(ExposureAnswer::default()));
    };
    let known = known(&read.state, &read.viewer, as_of).await?;
    Ok(read.answer(known.exposure.clone()))
}

/// The ways in as CSV, a line for each.
#[utoipa::path(get, path = "/network/exposure/export.csv", tag = "network", params(At), responses(
    (status = 200, body = String, content_type = "text/csv"),
    (status = 404, body = Problem, description = "No such cluster, or it was not read, or not enough of it to tell"),
))]
pub(super) async fn export_csv(read: Read<At>) -> Result<Response, ApiError> {
    let unread = || ApiError::NotFound("The cluster was not read yet.".into());
    let known = known(&read.state, &read.viewer, read.as_of.as_ref().ok_or_else(unread)?).await?;
    let Some(exposure) = &known.exposure.exposure else {
        let why = known.exposure.not_evaluated.clone();
        return Err(ApiError::NotFound(why.unwrap_or_default()));
    };
    let lines = std::iter::once(COLUMNS.to_owned()).chain(exposure.ways.iter().map(told));
    Ok(download("text/csv; charset=utf-8", "exposure.csv", lines.collect()))
}

const COLUMNS: &str =
    "namespace,kind,name,by,objectKind,objectNamespace,object,protocol,port,target,letsIn,isolated,policies\r\n";

fn told(way: &Way) -> String {
    let by = match way.via {
        Via::LoadBalancer => "load balancer",
        Via::InternalLoadBalancer => "internal load balancer",
        Via::NodePort => "port of each node",
        Via::ExternalIp => "external address",
        Via::Ingress => "Ingress",
        Via::Route => "route of a Gateway",
        Via::HostPort => "port of its node",
        Via::HostNetwork => "network of its node",
    };
    let port = |port: Option<u16>| port.map_or_else(|| "any".to_owned(), |port| port.to_string());
    let (outer, target) = (port(way.port), port(way.target));
    let isolated = if way.is_isolated { "yes" } else { "no" };
    let policies: Vec<String> = way.why.iter().map(ToString::to_string).collect();
    line([
        &way.workload.namespace,
        &way.workload.kind,
        &way.workload.name,
        by,
        &way.object.kind,
        &way.object.namespace,
        &way.object.name,
        &way.protocol,
        &outer,
        &target,
        &sources(&way.sources),
        isolated,
        &policies.join("; "),
    ])
}

fn sources(sources: &Sources) -> String {
    match sources {
        Sources::Addresses { cidrs, .. } if cidrs.is_empty() => "nobody".into(),
        Sources::Addresses { cidrs, .. } => cidrs.join("; "),
        Sources::Controller { is_let_in: false, .. } => "not its controller".into(),
        Sources::Controller { workloads, .. } => {
            let names: Vec<String> = workloads.iter().map(ToString::to_string).collect();
            names.join("; ")
        }
        Sources::NotKnown { reason } => format!("not known: {reason}"),
    }
}
