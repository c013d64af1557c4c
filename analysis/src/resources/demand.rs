//! What a pod asks for and may take, as the scheduler reckons it.

use crate::model::container::{Container, ResourceRequirements};
use crate::model::pod::PodSpec;
use crate::model::quantity::Quantity;

use super::amount::number;

/// How much a pod asks for. As on the way into the API server, a limit stands for a request that is left out.
///
/// # Errors
/// The quantity that can't be reckoned with.
pub fn requested<'a>(spec: &'a PodSpec, resource: &str) -> Result<i64, &'a Quantity> {
    let of_pod = spec.resources.as_ref();
    let written = of_pod.and_then(|resources| resources.requests.get(resource));
    let limit = of_pod.and_then(|resources| resources.limits.get(resource));
    let asked = match written {
        Some(quantity) => read(resource, quantity)?,
        None => match total(spec, resource, |own| {
            own.requests.get(resource).or(own.limits.get(resource))
        })? {
            0 => limit.map_or(Ok(0), |quantity| read(resource, quantity))?,
            sum => sum,
        },
    };
    Ok(asked.saturating_add(overhead(spec, resource)?))
}

/// The most that a pod may take, as far as limits say; what has none adds nothing.
///
/// # Errors
/// The quantity that can't be reckoned with.
pub fn limited<'a>(spec: &'a PodSpec, resource: &str) -> Result<i64, &'a Quantity> {
    let of_pod = spec.resources.as_ref();
    let limit = match of_pod.and_then(|resources| resources.limits.get(resource)) {
        Some(quantity) => read(resource, quantity)?,
        None => total(spec, resource, |own| own.limits.get(resource))?,
    };
    match limit {
        0 => Ok(0),
        limit => Ok(limit.saturating_add(overhead(spec, resource)?)),
    }
}

/// The containers and sidecars together, or what starting them takes where that is more: each init container runs beside the
/// sidecars before it.
fn total<'a>(
    spec: &'a PodSpec,
    resource: &str,
    of: impl Fn(&'a ResourceRequirements) -> Option<&'a Quantity>,
) -> Result<i64, &'a Quantity> {
    let own = |container: &'a Container| match container.resources.as_ref().and_then(&of) {
        Some(quantity) => read(resource, quantity),
        None => Ok(0),
    };
    let (mut sidecars, mut start) = (0i64, 0i64);
    for container in &spec.init_containers {
        let beside = sidecars.saturating_add(own(container)?);
        start = start.max(beside);
        if is_sidecar(container) {
            sidecars = beside;
        }
    }
    let mut running = sidecars;
    for container in &spec.containers {
        running = running.saturating_add(own(container)?);
    }
    Ok(running.max(start))
}

/// Whether an init container goes on running beside the others.
pub fn is_sidecar(container: &Container) -> bool {
    container.restart_policy.as_deref() == Some("Always")
}

fn overhead<'a>(spec: &'a PodSpec, resource: &str) -> Result<i64, &'a Quantity> {
    spec.overhead
        .get(resource)
        .map_or(Ok(0), |quantity| read(resource, quantity))
}

fn read<'a>(resource: &str, quantity: &'a Quantity) -> Result<i64, &'a Quantity> {
    number(resource, quantity).map_err(|_| quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(yaml: &str) -> PodSpec {
        serde_saphyr::from_str(yaml).unwrap()
    }

    fn cpu(yaml: &str) -> (i64, i64) {
        let spec = spec(yaml);
        (requested(&spec, "cpu").unwrap(), limited(&spec, "cpu").unwrap())
    }

    #[test]
    fn containers_run_together_and_a_limit_stands_for_a_request() {
        let pod = "{containers: [{resources: {requests: {cpu: 100m}, limits: {cpu: 1}}}, {resources: {limits: {cpu: 2}}}, {}]}";
        assert_eq!(cpu(pod), (2100, 3000));
    }

    #[test]
    fn an_init_container_counts_where_it_takes_more_than_what_runs_after_it() {
        let pod = |init: &str| {
            format!("{{initContainers: [{init}], containers: [{{resources: {{requests: {{cpu: 500m}}}}}}]}}")
        };
        assert_eq!(cpu(&pod("{resources: {requests: {cpu: 2}}}")).0, 2000);
        assert_eq!(cpu(&pod("{resources: {requests: {cpu: 100m}}}")).0, 500);
    }

    #[test]
    fn a_sidecar_runs_beside_what_starts_after_it_and_beside_the_containers() {
        let side = "{restartPolicy: Always, resources: {requests: {cpu: 300m}}}";
        let init = "{resources: {requests: {cpu: 1}}}";
        let pod = |first: &str, then: &str| {
            cpu(&format!(
                "{{initContainers: [{first}, {then}], containers: [{{resources: {{requests: {{cpu: 500m}}}}}}]}}"
            ))
            .0
        };
        assert_eq!(pod(side, init), 1300);
        assert_eq!(pod(init, side), 1000);
    }

    #[test]
    fn what_the_pod_says_as_a_whole_wins_and_its_runtime_comes_on_top() {
        let pod = "{resources: {requests: {cpu: 2}, limits: {cpu: 3}}, overhead: {cpu: 50m}, containers: [{resources: {requests: {cpu: 1}}}]}";
        assert_eq!(cpu(pod), (2050, 3050));
        let limit = "{resources: {limits: {cpu: 3}}, containers: [{}]}";
        assert_eq!(cpu(limit), (3000, 3000));
    }

    #[test]
    fn an_amount_that_makes_no_sense_is_not_guessed() {
        let pod = spec("{containers: [{resources: {requests: {memory: '1e99', cpu: 1}}}]}");
        assert_eq!(requested(&pod, "memory").unwrap_err().text, "1e99");
        assert_eq!(requested(&pod, "cpu"), Ok(1000));
    }
}
