//! What one container is given of a resource: by itself, by its pod, or by the defaults of its namespace.

use super::amount::{number, shown};
use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::model::container::ResourceRequirements;
use crate::model::quantity::Quantity;
use crate::model::quota::LimitRangeItem;

/// What a container is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<'a> {
    /// Nothing; zero is nothing too.
    Nothing,
    /// So much, in the resource's unit.
    Amount(i64),
    /// What is written can't be reckoned with.
    Flawed(&'a Quantity),
}

impl Given<'_> {
    /// How much that is; none of nothing, and of what can't be reckoned with.
    pub fn amount(self) -> Option<i64> {
        match self {
            Self::Amount(amount) => Some(amount),
            Self::Nothing | Self::Flawed(_) => None,
        }
    }
}

/// Of several resources, what a container lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacks {
    /// The resources of which it is given nothing.
    pub missing: Vec<&'static str>,
    /// Why that can't be told of another.
    pub unseen: Option<String>,
}

/// The most that a container may take: its own limit, that of its pod, or the default of its namespace.
pub fn limit<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>, at: ContainerAt<'a>, resource: &str) -> Given<'a> {
    let of = |resources: Option<&'a ResourceRequirements>| resources.and_then(|it| it.limits.get(resource));
    let own = of(at.container.resources.as_ref());
    let of_pod = of(workload.spec_of(at).resources.as_ref());
    // What is written, a zero too, keeps the default out.
    let default = || {
        default_of(cluster, &workload.reference.namespace, |item| {
            default_limit(item, resource)
        })
    };
    first([own, of_pod, own.is_none().then(default).flatten()], resource)
}

/// What is kept for a container. Where only a limit stands, the API server takes that for the request.
pub fn request<'a>(cluster: &Cluster<'a>, workload: &Workload<'a>, at: ContainerAt<'a>, resource: &str) -> Given<'a> {
    let of = |resources: Option<&'a ResourceRequirements>| {
        resources.and_then(|it| it.requests.get(resource).or(it.limits.get(resource)))
    };
    let own = of(at.container.resources.as_ref());
    let of_pod = of(workload.spec_of(at).resources.as_ref());
    let default = || {
        default_of(cluster, &workload.reference.namespace, |item| {
            default_request(item, resource)
        })
    };
    first([own, of_pod, own.is_none().then(default).flatten()], resource)
}

/// What a container lacks of these resources, by [`limit`] or [`request`]; `what` is the name of that.
pub fn lacks<'a>(
    resources: &[&'static str],
    at: ContainerAt<'_>,
    what: &str,
    given: impl Fn(&str) -> Given<'a>,
) -> Lacks {
    let mut lacks = Lacks::default();
    for resource in resources {
        match given(resource) {
            Given::Amount(_) => {}
            Given::Nothing => lacks.missing.push(resource),
            Given::Flawed(quantity) => {
                lacks.unseen.get_or_insert_with(|| {
                    format!(
                        "The {resource} {what} of container {} is {:?}, which can't be reckoned with.",
                        at.container.name,
                        shown(quantity)
                    )
                });
            }
        }
    }
    lacks
}

fn first<'a>(candidates: [Option<&'a Quantity>; 3], resource: &str) -> Given<'a> {
    let given = |quantity| match number(resource, quantity) {
        Ok(0) => None,
        Ok(amount) => Some(Given::Amount(amount)),
        Err(_) => Some(Given::Flawed(quantity)),
    };
    candidates
        .into_iter()
        .flatten()
        .find_map(given)
        .unwrap_or(Given::Nothing)
}

/// The first default for containers that the limit ranges of a namespace have.
fn default_of<'a>(
    cluster: &Cluster<'a>,
    namespace: &str,
    default: impl Fn(&'a LimitRangeItem) -> Option<&'a Quantity>,
) -> Option<&'a Quantity> {
    let ranges = cluster.limit_ranges_in(namespace).iter().copied();
    ranges
        .filter_map(|range| range.spec.as_ref())
        .flat_map(|spec| &spec.limits)
        .filter(|item| item.r#type == "Container")
        .find_map(default)
}

/// The API server takes the maximum for the default.
fn default_limit<'a>(item: &'a LimitRangeItem, resource: &str) -> Option<&'a Quantity> {
    item.default.get(resource).or(item.max.get(resource))
}

/// The API server takes the default limit for the default request, and else the minimum.
fn default_request<'a>(item: &'a LimitRangeItem, resource: &str) -> Option<&'a Quantity> {
    let own = item.default_request.get(resource);
    own.or(default_limit(item, resource)).or(item.min.get(resource))
}
