//! ValidatingAdmissionPolicies and MutatingAdmissionPolicies alike, and what puts them into force.

use crate::model::admission::{
    MatchCondition, MatchResources, MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, NamedRuleWithOperations,
    ParamRef, RuleWithOperations, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
};
use crate::model::meta::ObjectMeta;
use crate::model::{Kind, Object, Snapshot};

/// A policy.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'a> {
    /// Which of the two kinds of policies it is of.
    pub kind: Kind,
    /// Its metadata.
    pub meta: &'a ObjectMeta,
    /// What it is for.
    pub constraints: Option<&'a MatchResources>,
    /// Conditions in CEL, all of which an object must meet.
    pub conditions: &'a [MatchCondition],
    /// The kind of its parameters; empty where it takes none.
    pub parameters: &'a str,
    /// How many validations it makes, or changes.
    pub expressions: usize,
    /// Whether what its expressions can't be evaluated for passes. The default is that it does not.
    pub fails_open: bool,
    /// Whether it is gone through again when something later has changed the object.
    pub is_reinvoked: bool,
}

impl Policy<'_> {
    /// The kind of its bindings.
    pub fn binding_kind(&self) -> Kind {
        match self.kind {
            Kind::MutatingAdmissionPolicy => Kind::MutatingAdmissionPolicyBinding,
            _ => Kind::ValidatingAdmissionPolicyBinding,
        }
    }
}

/// A binding of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// Its metadata.
    pub meta: &'a ObjectMeta,
    /// The parameters that the policy takes by it.
    pub param_ref: Option<&'a ParamRef>,
    /// What it narrows the policy to.
    pub resources: Option<&'a MatchResources>,
    /// `Deny`, `Warn`, `Audit`; none for a policy that changes objects.
    pub actions: &'a [String],
}

impl Bound<'_> {
    /// Whether it refuses what breaks the policy.
    pub fn denies(&self) -> bool {
        self.actions.iter().any(|action| action == "Deny")
    }
}

/// The object as a policy, if it is one.
pub fn of(object: &Object) -> Option<Policy<'_>> {
    match object {
        Object::ValidatingAdmissionPolicy(policy) => validating(policy),
        Object::MutatingAdmissionPolicy(policy) => mutating(policy),
        _ => None,
    }
}

fn validating(policy: &ValidatingAdmissionPolicy) -> Option<Policy<'_>> {
    let spec = policy.spec.as_ref()?;
    Some(Policy {
        kind: Kind::ValidatingAdmissionPolicy,
        meta: policy.metadata.as_ref()?,
        constraints: spec.match_constraints.as_ref(),
        conditions: &spec.match_conditions,
        parameters: spec.param_kind.as_ref().map_or("", |kind| &kind.kind),
        expressions: spec.validations.len(),
        fails_open: spec.failure_policy.as_deref() == Some("Ignore"),
        is_reinvoked: false,
    })
}

fn mutating(policy: &MutatingAdmissionPolicy) -> Option<Policy<'_>> {
    let spec = policy.spec.as_ref()?;
    Some(Policy {
        kind: Kind::MutatingAdmissionPolicy,
        meta: policy.metadata.as_ref()?,
        constraints: spec.match_constraints.as_ref(),
        conditions: &spec.match_conditions,
        parameters: spec.param_kind.as_ref().map_or("", |kind| &kind.kind),
        expressions: spec.mutations.len(),
        fails_open: spec.failure_policy.as_deref() == Some("Ignore"),
        is_reinvoked: spec.reinvocation_policy == "IfNeeded",
    })
}

/// The policies of a kind, by name.
pub fn all(snapshot: &Snapshot, kind: Kind) -> impl Iterator<Item = Policy<'_>> {
    snapshot.of(kind).iter().filter_map(|object| of(object))
}

/// The bindings of a policy, by name.
pub fn bindings<'a>(snapshot: &'a Snapshot, policy: &Policy<'_>) -> Vec<Bound<'a>> {
    let all = snapshot.of(policy.binding_kind()).iter();
    let bound = all.filter_map(|object| binding(object));
    let of_it = bound.filter(|(name, _)| *name == policy.meta.name);
    of_it.map(|(_, bound)| bound).collect()
}

/// The policy that a binding names, and the binding.
fn binding(object: &Object) -> Option<(&str, Bound<'_>)> {
    match object {
        Object::ValidatingAdmissionPolicyBinding(binding) => of_validating(binding),
        Object::MutatingAdmissionPolicyBinding(binding) => of_mutating(binding),
        _ => None,
    }
}

fn of_validating(binding: &ValidatingAdmissionPolicyBinding) -> Option<(&str, Bound<'_>)> {
    let spec = binding.spec.as_ref()?;
    let bound = Bound {
        meta: binding.metadata.as_ref()?,
        param_ref: spec.param_ref.as_ref(),
        resources: spec.match_resources.as_ref(),
        actions: &spec.validation_actions,
    };
    Some((&spec.policy_name, bound))
}

fn of_mutating(binding: &MutatingAdmissionPolicyBinding) -> Option<(&str, Bound<'_>)> {
    let spec = binding.spec.as_ref()?;
    let bound = Bound {
        meta: binding.metadata.as_ref()?,
        param_ref: spec.param_ref.as_ref(),
        resources: spec.match_resources.as_ref(),
        actions: &[],
    };
    Some((&spec.policy_name, bound))
}

/// What a policy is for.
pub fn rules(policy: &Policy<'_>) -> Vec<RuleWithOperations> {
    with_operations(
        policy
            .constraints
            .map_or(&[], |constraints| &constraints.resource_rules),
    )
}

/// Rules without the names of the objects to which they are narrowed.
pub fn with_operations(rules: &[NamedRuleWithOperations]) -> Vec<RuleWithOperations> {
    rules
        .iter()
        .filter_map(|rule| rule.rule_with_operations.clone())
        .collect()
}
