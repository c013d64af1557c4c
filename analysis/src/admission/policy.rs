//! ValidatingAdmissionPolicies, and what puts them into force.

use crate::model::Snapshot;
use crate::model::admission::{
    NamedRuleWithOperations, RuleWithOperations, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
    ValidatingAdmissionPolicyBindingSpec, ValidatingAdmissionPolicySpec,
};
use crate::model::meta::ObjectMeta;

/// A binding of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// Its metadata.
    pub meta: &'a ObjectMeta,
    /// What it says.
    pub spec: &'a ValidatingAdmissionPolicyBindingSpec,
}

impl Bound<'_> {
    /// Whether it refuses what breaks the policy.
    pub fn denies(&self) -> bool {
        self.spec.validation_actions.iter().any(|action| action == "Deny")
    }
}

/// The bindings of the policy of that name, by name.
pub fn bindings<'a>(snapshot: &'a Snapshot, policy: &str) -> Vec<Bound<'a>> {
    let bound = |binding: &'a ValidatingAdmissionPolicyBinding| {
        Some(Bound {
            meta: binding.metadata.as_ref()?,
            spec: binding.spec.as_ref()?,
        })
    };
    let all = snapshot.all::<ValidatingAdmissionPolicyBinding>().filter_map(bound);
    all.filter(|bound| bound.spec.policy_name == policy).collect()
}

/// What a policy is for.
pub fn rules(spec: &ValidatingAdmissionPolicySpec) -> Vec<RuleWithOperations> {
    let constraints = spec.match_constraints.as_ref();
    with_operations(constraints.map_or(&[], |constraints| &constraints.resource_rules))
}

/// Rules without the names of the objects to which they are narrowed.
pub fn with_operations(rules: &[NamedRuleWithOperations]) -> Vec<RuleWithOperations> {
    rules
        .iter()
        .filter_map(|rule| rule.rule_with_operations.clone())
        .collect()
}

/// The policies with their metadata.
pub fn all(snapshot: &Snapshot) -> impl Iterator<Item = (&ObjectMeta, &ValidatingAdmissionPolicySpec)> {
    snapshot
        .all::<ValidatingAdmissionPolicy>()
        .filter_map(|policy| Some((policy.metadata.as_ref()?, policy.spec.as_ref()?)))
}
