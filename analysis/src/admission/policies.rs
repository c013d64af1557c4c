//! The steps that ValidatingAdmissionPolicies and MutatingAdmissionPolicies are.

use shared::admission::{OnFailure, PolicyBinding, Sight, Stage, Step};

use super::filter::{self, Filter, Newcomer};
use super::policy::{self, Bound, Policy};
use super::rules;
use super::way_in::step;
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::admission::{MatchResources, NamedRuleWithOperations};

/// The policies of a kind that are about new pods, by name.
pub(super) fn steps(cluster: &Cluster<'_>, kind: Kind, newcomer: Option<Newcomer<'_>>) -> Vec<Step> {
    let about_pods = policy::all(cluster.snapshot, kind).filter(is_about_new_pods);
    about_pods.map(|policy| of_policy(cluster, &policy, newcomer)).collect()
}

fn is_about_new_pods(policy: &Policy<'_>) -> bool {
    rules::take_in_new_pods(&policy::rules(policy)) && !excludes_new_pods(policy.constraints)
}

/// Whether new pods are left out, whatever they are called.
fn excludes_new_pods(resources: Option<&MatchResources>) -> bool {
    let excluded = resources.map_or(&[][..], |resources| &resources.exclude_resource_rules);
    // An exclusion that names objects leaves the others in.
    let mut excludes_all = excluded.iter().filter(|rule| rule.resource_names.is_empty());
    excludes_all.any(takes_in_new_pods)
}

fn takes_in_new_pods(rule: &NamedRuleWithOperations) -> bool {
    rule.rule_with_operations.as_ref().is_some_and(rules::is_for_new_pods)
}

fn of_policy(cluster: &Cluster<'_>, policy: &Policy<'_>, newcomer: Option<Newcomer<'_>>) -> Step {
    let filter = Filter::of_policy(policy.constraints, policy.conditions);
    let bound = policy::bindings(cluster.snapshot, policy);
    let bindings: Vec<PolicyBinding> = bound
        .iter()
        .map(|bound| binding(cluster, policy, bound, newcomer))
        .collect();
    let (stage, summary) = match policy.kind {
        Kind::MutatingAdmissionPolicy => (Stage::MutatingPolicy, changes(&bound)),
        _ => (Stage::ValidatingPolicy, refuses(&bound)),
    };
    Step {
        object: Some(policy.kind.reference(policy.meta)),
        scope: policy::rules(policy)
            .iter()
            .filter(|rule| rules::is_for_new_pods(rule))
            .map(rules::words)
            .collect(),
        selects: filter.words(),
        conditions: filter.conditions(),
        exempt: filter.exempt(cluster.snapshot).into_iter().map(str::to_owned).collect(),
        sees: newcomer.map(|newcomer| sight(filter.sight(cluster.snapshot, newcomer), &bindings)),
        on_failure: Some(match policy.fails_open {
            true => OnFailure::Pass,
            false => OnFailure::Refuse,
        }),
        is_reinvoked: policy.is_reinvoked,
        bindings,
        ..step(stage, &policy.meta.name, summary)
    }
}

fn changes(bound: &[Bound<'_>]) -> String {
    match bound {
        [] => UNBOUND.into(),
        _ => "It changes the pod where it is bound. Policies that change pods come in no fixed order.".into(),
    }
}

fn refuses(bound: &[Bound<'_>]) -> String {
    let denying = bound.iter().filter(|bound| bound.denies()).count();
    match (bound.len(), denying) {
        (0, _) => UNBOUND.into(),
        (_, 0) => "Its bindings warn or write to the audit log alone: nothing is refused.".into(),
        (all, denying) if all == denying => "It refuses what breaks it, where it is bound.".into(),
        (all, denying) => format!("It refuses what breaks it by {denying} of its {all} bindings."),
    }
}

const UNBOUND: &str = "No binding puts it into force: it does nothing.";

/// What the policy sees and a binding of it as well.
fn sight(of_policy: Sight, bindings: &[PolicyBinding]) -> Sight {
    if matches!(of_policy, Sight::No { .. }) {
        return of_policy;
    }
    let mut seen = bindings.iter().filter_map(|binding| binding.sees.clone());
    let rank = |sight: &Sight| match sight {
        Sight::Yes => 2,
        Sight::Perhaps { .. } => 1,
        Sight::No { .. } => 0,
    };
    let first = seen.next();
    let best = first.map(|first| {
        seen.fold(
            first,
            |best, other| if rank(&other) > rank(&best) { other } else { best },
        )
    });
    match best {
        None => Sight::No {
            reason: "No binding puts it into force.".into(),
        },
        Some(Sight::Yes) => of_policy,
        Some(other) => other,
    }
}

fn binding(
    cluster: &Cluster<'_>,
    policy: &Policy<'_>,
    bound: &Bound<'_>,
    newcomer: Option<Newcomer<'_>>,
) -> PolicyBinding {
    let filter = Filter::of_policy(bound.resources, &[]);
    let sees = |newcomer| match filter.sight(cluster.snapshot, newcomer) {
        _ if is_for_others(bound.resources) => Sight::No {
            reason: "The binding narrows the policy to other resources.".into(),
        },
        Sight::Yes if names_pods(bound.resources) => Sight::Perhaps {
            reason: "The binding names pods, by which it takes them in or leaves them out.".into(),
        },
        sight => sight,
    };
    PolicyBinding {
        object: policy.binding_kind().reference(bound.meta),
        actions: bound.actions.to_vec(),
        parameters: parameters(bound, policy.parameters),
        selects: filter.words(),
        sees: newcomer.map(sees),
    }
}

/// Whether a binding leaves new pods out, whatever they are called. Without rules it takes in what its policy does.
fn is_for_others(resources: Option<&MatchResources>) -> bool {
    let narrowed = resources.map_or(&[][..], |resources| &resources.resource_rules);
    let is_narrowed = !narrowed.is_empty() && !narrowed.iter().any(takes_in_new_pods);
    is_narrowed || excludes_new_pods(resources)
}

/// Whether it hangs on a new pod's name: it takes in pods of some names alone, or leaves those of some names out.
fn names_pods(resources: Option<&MatchResources>) -> bool {
    let rules = |rules: fn(&MatchResources) -> &[NamedRuleWithOperations]| resources.map_or(&[][..], rules);
    let mut narrowed = rules(|resources| &resources.resource_rules)
        .iter()
        .filter(|rule| takes_in_new_pods(rule));
    let mut excluded = rules(|resources| &resources.exclude_resource_rules).iter();
    let is_by_name = |rule: &&NamedRuleWithOperations| !rule.resource_names.is_empty();
    let all_by_name = narrowed.clone().next().is_some() && narrowed.all(|rule| is_by_name(&rule));
    all_by_name || excluded.any(takes_in_new_pods)
}

fn parameters(bound: &Bound<'_>, kind: &str) -> String {
    let Some(reference) = bound.param_ref else {
        return String::new();
    };
    match (&reference.selector, reference.namespace.as_str()) {
        (Some(selector), "") => format!("every {kind} with {}", filter::words(selector)),
        (Some(selector), namespace) => {
            format!("every {kind} of namespace {namespace} with {}", filter::words(selector))
        }
        (None, "") => format!("{kind} {}", reference.name),
        (None, namespace) => format!("{kind} {namespace}/{}", reference.name),
    }
}
