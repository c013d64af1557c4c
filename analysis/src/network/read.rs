//! The policies of a snapshot, of all kinds, in the one form.

use super::cluster_wide;
use super::namespaced;
use super::rule::{Flaw, Policy};
use crate::model::network_policy::NetworkPolicy;
use crate::model::{Kind, Snapshot};

/// The kinds of policies that hold for the whole cluster.
const CLUSTER_WIDE: [Kind; 3] = [
    Kind::ClusterNetworkPolicy,
    Kind::AdminNetworkPolicy,
    Kind::BaselineAdminNetworkPolicy,
];

/// The policies, and what is wrong with those that the API server would not take, which therefore do nothing.
pub fn policies(snapshot: &Snapshot) -> (Vec<Policy>, Vec<Flaw>) {
    let namespaced = snapshot.all::<NetworkPolicy>().map(namespaced::read);
    let objects = CLUSTER_WIDE.iter().flat_map(|kind| snapshot.of(*kind));
    let (mut policies, mut flaws) = (Vec::new(), Vec::new());
    for read in namespaced.chain(objects.filter_map(|object| cluster_wide::read(object))) {
        match read {
            Ok(policy) => policies.push(policy),
            Err(flaw) => flaws.push(*flaw),
        }
    }
    (policies, flaws)
}
