//! One namespace: what bounds it and what isolates it, object by object.

use std::collections::{BTreeMap, BTreeSet};

use shared::namespaces::{AccessCounts, LimitRow, NamespaceDetail, PolicyRow};

use super::{READ, count, gaps, is_read, levels_of, names, pods, row};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::model::meta::ObjectMeta;
use crate::model::network_policy::NetworkPolicy;
use crate::model::pairs::Amounts;
use crate::model::quota::{LimitRange, LimitRangeItem};
use crate::network::policy::{isolates_egress, isolates_ingress, selects_all};

/// What one namespace rests on, besides what all do.
const MORE: &[Kind] = &[Kind::ServiceAccount, Kind::Role, Kind::RoleBinding];

/// One namespace; none where there is none of that name.
pub fn detail(cluster: &Cluster<'_>, name: &str) -> Option<NamespaceDetail> {
    let name = *names(cluster).get(name)?;
    let object = cluster.snapshot.get(Kind::Namespace, "", name);
    let labels = object.map(|object| object.meta().labels.pairs());
    Some(NamespaceDetail {
        row: row(cluster, name, &pods(cluster.snapshot), &levels_of(cluster, Some(name))),
        first_seen: None,
        labels: labels
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        findings: Vec::new(),
        policies: cluster.policies_in(name).iter().map(|it| policy(it)).collect(),
        limits: cluster.limit_ranges_in(name).iter().flat_map(|it| limits(it)).collect(),
        access: access(cluster, name),
        gaps: gaps(cluster.snapshot, &[READ, MORE].concat()),
    })
}

fn policy(policy: &NetworkPolicy) -> PolicyRow {
    PolicyRow {
        name: name_of(policy.metadata.as_ref()),
        selects_all: selects_all(policy),
        ingress: isolates_ingress(policy),
        egress: isolates_egress(policy),
    }
}

fn name_of(meta: Option<&ObjectMeta>) -> String {
    meta.map(|meta| meta.name.clone()).unwrap_or_default()
}

/// A row for each resource of each sort that a limit range names.
fn limits(range: &LimitRange) -> Vec<LimitRow> {
    let name = name_of(range.metadata.as_ref());
    let items = range.spec.iter().flat_map(|spec| &spec.limits);
    items.flat_map(|item| of_item(&name, item)).collect()
}

fn of_item(name: &str, item: &LimitRangeItem) -> Vec<LimitRow> {
    let named = [&item.default_request, &item.default, &item.min, &item.max];
    let resources: BTreeSet<&str> = named
        .iter()
        .flat_map(|amounts| amounts.pairs())
        .map(|(key, _)| key.as_str())
        .collect();
    let written = |amounts: &Amounts, resource: &str| amounts.get(resource).map(|quantity| quantity.text.clone());
    let row = |resource: &str| LimitRow {
        name: name.to_owned(),
        of: item.r#type.clone(),
        resource: resource.to_owned(),
        default_request: written(&item.default_request, resource),
        default: written(&item.default, resource),
        min: written(&item.min, resource),
        max: written(&item.max, resource),
    };
    resources.into_iter().map(row).collect()
}

fn access(cluster: &Cluster<'_>, namespace: &str) -> AccessCounts {
    let counts: BTreeMap<Kind, u32> = MORE
        .iter()
        .filter(|kind| is_read(cluster.snapshot, **kind))
        .map(|kind| {
            let objects = cluster.snapshot.of(*kind).iter();
            (
                *kind,
                count(objects.filter(|object| object.meta().namespace == namespace).count()),
            )
        })
        .collect();
    let of = |kind| counts.get(&kind).copied();
    AccessCounts {
        service_accounts: of(Kind::ServiceAccount),
        roles: of(Kind::Role),
        role_bindings: of(Kind::RoleBinding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    const SHOP: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: web}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {cpu: '1'}, max: {memory: 1Gi}}, {type: Pod, max: {cpu: '4'}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: bank}
";

    #[test]
    fn a_namespace_is_told_object_by_object() {
        let snapshot = snapshot(SHOP);
        let detail = detail(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH), "shop").unwrap();
        assert_eq!(detail.labels["team"], "web");
        let policy = &detail.policies[0];
        assert_eq!((policy.selects_all, policy.ingress, policy.egress), (true, true, false));
        assert_eq!(detail.access.service_accounts, Some(1));
        let limits: Vec<_> = detail
            .limits
            .iter()
            .map(|row| {
                (
                    row.of.as_str(),
                    row.resource.as_str(),
                    row.default.as_deref(),
                    row.max.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            limits,
            [
                ("Container", "cpu", Some("1"), None),
                ("Container", "memory", None, Some("1Gi")),
                ("Pod", "cpu", None, Some("4")),
            ]
        );
    }

    #[test]
    fn what_is_nowhere_named_is_no_namespace() {
        let snapshot = snapshot(SHOP);
        assert!(detail(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH), "bank").is_none());
    }
}
