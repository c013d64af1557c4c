//! Policies made from what is there: nothing is let in but what Services, Ingresses, routes and ports of nodes declare. What is made
//! is held against the cluster before it is proposed: it opens nothing, and cuts nothing off that is declared.
//!
//! Probes need no rule: the kubelet asks from the pod's own node, and that is always let in.

mod manifests;
mod needs;
mod outgoing;
mod verify;

use std::collections::BTreeSet;

use serde_json::Value;
use shared::network::changes::Changes;
use shared::network::propose::{Callers, Directions, Made};
use shared::object::ObjectRef;

use super::change::{State, changes};
use super::engine::Network;
use super::exposure::{self, targets::Index};
use super::namespaced;
use super::rule::{Direction, Policy, Tier};
use crate::cluster::{Cluster, Workload};
use crate::model::{Kind, Object};
use manifests::Names;
use needs::Needs;
use verify::{Part, Verifying, workloads_in};

/// How many pairs that are cut off are told.
const MOST: usize = 1000;

/// Policies for all that is in a namespace: what is not needed is denied by default.
///
/// # Errors
/// Why there is nothing to propose, as a sentence.
pub fn namespace(
    cluster: &Cluster<'_>,
    state: State<'_>,
    name: &str,
    (directions, callers): (Directions, Callers),
) -> Result<Made, String> {
    if name == "kube-system" {
        return Err("In kube-system the cluster's own parts talk to each other in ways that nothing declares.".into());
    }
    let own = workloads_in(state.model, name);
    let Some(place) = state
        .model
        .namespaces
        .iter()
        .position(|namespace| namespace.name == name)
        .filter(|_| !own.is_empty())
    else {
        return Err(format!("Nothing runs in {name}."));
    };
    let needs = declared(cluster, state, callers)?;
    let mut names = Names::of(cluster, name);
    let (mut manifests, mut notes) = (vec![manifests::deny_ingress(&mut names, name)], notes(callers));
    for workload in cluster.workloads_in(name) {
        manifests.extend(for_workload(&mut names, cluster, state, workload, &needs));
    }
    let part = match directions {
        Directions::Ingress => Part::To(&own),
        Directions::Both => {
            let (rules, more) = outgoing::rules(cluster, name)?;
            manifests.push(manifests::egress(&mut names, name, &rules));
            notes.extend(more);
            Part::Around(&own, place)
        }
    };
    made(state, manifests, notes, (&needs, part))
}

/// A policy for one workload: nothing is let in but what is needed of it.
///
/// # Errors
/// Why there is nothing to propose, as a sentence.
pub fn workload(
    cluster: &Cluster<'_>,
    state: State<'_>,
    reference: &ObjectRef,
    callers: Callers,
) -> Result<Made, String> {
    let found = cluster
        .workloads
        .iter()
        .find(|workload| workload.reference == *reference);
    let place = state.model.workloads.binary_search(reference).ok();
    let (Some(found), Some(place)) = (found, place) else {
        return Err(format!("{reference} is not there."));
    };
    if found.spec.host_network {
        return Err(format!(
            "{reference} is on the network of its nodes, over which policies have no say."
        ));
    }
    let needs = declared(cluster, state, callers)?;
    let mut names = Names::of(cluster, &reference.namespace);
    let policy = manifests::ingress(&mut names, cluster, found, (place, &needs));
    if is_isolated(state, place) {
        return Err(format!("{reference} is isolated for ingress already."));
    }
    made(
        state,
        vec![policy],
        notes(callers),
        (&needs, Part::To(&BTreeSet::from([place]))),
    )
}

fn declared(cluster: &Cluster<'_>, state: State<'_>, callers: Callers) -> Result<Needs, String> {
    let exposure = exposure::exposure(cluster, state.model, state.network)?;
    if let Some(reason) = exposure.unread.into_iter().next() {
        return Err(reason);
    }
    let index = Index::of(state.model);
    Ok(needs::needs(cluster, state.model, &index, &exposure.ways, callers))
}

fn notes(callers: Callers) -> Vec<String> {
    let callers = match callers {
        Callers::Cluster => "Services don't say who calls them: their ports stay open to all pods of the cluster.",
        Callers::Namespace => {
            "Services don't say who calls them: their ports stay open to pods of their namespace, and callers from other \
             namespaces are cut off."
        }
    };
    vec![
        "Probes of the kubelet come from the pod's own node, which is always let in.".into(),
        callers.into(),
        "Pods on the network of other nodes are let in only where everyone is.".into(),
    ]
}

/// A policy for a workload of which something is needed; none where policies isolate it already, and say what is.
fn for_workload(
    names: &mut Names,
    cluster: &Cluster<'_>,
    state: State<'_>,
    workload: &Workload<'_>,
    needs: &Needs,
) -> Option<Value> {
    let place = state.model.workloads.binary_search(&workload.reference).ok()?;
    let is_needed = needs.keys().any(|(of, ..)| *of == place);
    let has_say = !workload.spec.host_network && !is_isolated(state, place);
    (is_needed && has_say).then(|| manifests::ingress(names, cluster, workload, (place, needs)))
}

/// Whether NetworkPolicies select all pods of a workload for ingress.
fn is_isolated(state: State<'_>, workload: usize) -> bool {
    let network = state.network;
    let entries = state.model.pods.iter().zip(&network.classes.of_pods);
    let classes = entries
        .filter(|(pods, _)| pods.workload == workload)
        .flat_map(|(_, classes)| classes);
    let selects = |place: &usize| network.policies[*place].tier == Tier::Namespaced;
    let mut classes = classes.map(|class| network.policies_of(Direction::Ingress, *class).iter().any(selects));
    classes.all(|is_isolated| is_isolated)
}

/// The policies with what they do, where they do nothing that they should not.
fn made(
    state: State<'_>,
    manifests: Vec<Value>,
    mut notes: Vec<String>,
    (needs, part): (&Needs, Part<'_>),
) -> Result<Made, String> {
    let mut policies = state.network.policies.clone();
    policies.extend(manifests.iter().map(read).collect::<Result<Vec<Policy>, String>>()?);
    let after = Network::new(state.model, policies);
    let kept = Verifying::of(state.model, state.network, &after).kept(needs, part)?;
    let after = State {
        model: state.model,
        network: &after,
    };
    let Changes { summary, pairs, .. } = changes::between(state, after, MOST);
    if summary.opened > 0 {
        let reason = "Policies for the whole cluster deny by default what these policies would let in, so that none is proposed.";
        return Err(reason.into());
    }
    if summary.cut == 0 {
        notes.push("They cut nothing off that may pass now.".into());
    }
    Ok(Made {
        manifests,
        summary,
        cut: pairs,
        kept,
        notes,
    })
}

fn read(manifest: &Value) -> Result<Policy, String> {
    match Object::deserialize(Kind::NetworkPolicy, manifest) {
        Ok(Object::NetworkPolicy(policy)) => {
            namespaced::read(&policy).map_err(|flaw| format!("{}: {}.", flaw.path, flaw.reason))
        }
        Ok(_) => Err("A policy that was made is none.".into()),
        Err(error) => Err(format!("A policy that was made is none: {error}.")),
    }
}

#[cfg(test)]
mod tests;
