//! The powers with which a whole cluster can be taken over, worst first.

use super::{Held, Names, Permission, Place, Power, allows};
use crate::checks::least_privilege::secrets_readable_in_namespace;
use crate::checks::rbac::{
    bind_roles, ephemeral_container_injection, escalate_roles, exec_into_pods, impersonation, nodes_proxy,
    pod_creation, token_creation, webhook_configuration_writes, workload_creation,
};
use crate::cluster::Cluster;
use crate::model::rbac::PolicyRule;
use crate::rbac::rules;

static POWERS: &[&Power] = &[
    &escalate_roles::POWER,
    &bind_roles::POWER,
    &impersonation::POWER,
    &token_creation::POWER,
    &secrets_readable_in_namespace::POWER,
    &pod_creation::POWER,
    &workload_creation::POWER,
    &exec_into_pods::POWER,
    &ephemeral_container_injection::POWER,
    &nodes_proxy::POWER,
    &webhook_configuration_writes::POWER,
];

/// What the rules let someone do with which they reach everything, where they are granted in the whole cluster or in a
/// namespace: `do everything`, `create pods`. What names objects does not count.
pub fn power_of(granted: &[&PolicyRule], is_cluster_wide: bool) -> Option<&'static str> {
    if granted.iter().any(|rule| rules::is_everything(rule)) {
        return Some("do everything");
    }
    let unnamed = || granted.iter().filter(|rule| rule.resource_names.is_empty());
    let given = |power: &&&Power| unnamed().any(|rule| power.is_given_by(rule, is_cluster_wide));
    POWERS.iter().find(given).map(|power| power.may)
}

/// A service account that rules reach by a permission, and with which the whole cluster can be taken over:
/// `ServiceAccount kube-system/x`.
pub fn administrator_reached(cluster: &Cluster<'_>, held: &Held<'_>, permission: &Permission) -> Option<String> {
    let place = Place::of(&held.binding);
    let has = |rule: &PolicyRule, name: &str| {
        rule.resource_names.is_empty() || rule.resource_names.iter().any(|named| named == name)
    };
    let is_reached = |(namespace, name): &(&str, &str)| {
        let mut rules = held.rules.iter();
        place.has(namespace) && rules.any(|rule| allows(rule, permission, Names::Any) && has(rule, name))
    };
    let (namespace, name) = cluster.rbac().administrating_accounts().find(is_reached)?;
    Some(format!("ServiceAccount {namespace}/{name}"))
}
