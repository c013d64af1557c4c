//! What could not be read, and which answers depend on it.

use shared::snapshots::{Collected, KindCoverage};

use super::{Access, Granted, Identity, Target};
use crate::model::{Kind, Snapshot};

/// The kinds that decide who can do what.
const KINDS: [Kind; 4] = [
    Kind::Role,
    Kind::ClusterRole,
    Kind::RoleBinding,
    Kind::ClusterRoleBinding,
];

/// An RBAC kind of which there may be more than was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The kind.
    pub kind: Kind,
    /// How reading it ended.
    pub outcome: Collected,
}

/// The RBAC kinds of which there may be more than was read. A cluster that serves none of a kind decides by other means.
pub(super) fn unread(snapshot: &Snapshot) -> Vec<Unread> {
    let unread = KINDS.into_iter().filter_map(|kind| {
        let outcome = match (snapshot.outcome(kind), &snapshot.gap) {
            (Collected::Collected { .. }, None) => return None,
            (Collected::Collected { .. }, Some(gap)) => Collected::Failed { reason: gap.clone() },
            (outcome, _) => outcome,
        };
        Some(Unread { kind, outcome })
    });
    unread.collect()
}

impl Access {
    fn is_unread(&self, kind: Kind) -> bool {
        self.unread.iter().any(|unread| unread.kind == kind)
    }

    /// The kinds on which it depends whether somebody may do what nothing that was read allows; none where it is denied.
    pub(super) fn undecided(&self, who: &Identity, target: &Target<'_>) -> Vec<Kind> {
        let namespace = self.namespace_of(target);
        let bindings = self
            .subjects_of(who)
            .flat_map(|subject| self.subjects[subject as usize].bound.within(namespace));
        self.kinds_behind(bindings, target.namespace().is_some())
    }

    /// The kinds behind these bindings, and behind those of which nothing is known.
    pub(super) fn kinds_behind(&self, bindings: impl Iterator<Item = u32>, is_namespaced: bool) -> Vec<Kind> {
        let roles = bindings.filter_map(|binding| match self.bindings[binding as usize].grants {
            Granted::Unread(kind) => Some(kind),
            _ => None,
        });
        let mut kinds: Vec<Kind> = roles.collect();
        kinds.extend(Some(Kind::ClusterRoleBinding).filter(|kind| self.is_unread(*kind)));
        kinds.extend(Some(Kind::RoleBinding).filter(|kind| is_namespaced && self.is_unread(*kind)));
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// How reading these kinds ended. A kind that was read is named for one role of which nothing could be found out.
    pub fn coverage(&self, kinds: &[Kind]) -> Vec<KindCoverage> {
        let row = |kind: &Kind| {
            let unread = self.unread.iter().find(|unread| unread.kind == *kind);
            let of_one = || Collected::Failed {
                reason: "a role that a binding names was in no list, and could not be asked for".into(),
            };
            KindCoverage {
                resource: kind.info().resource(),
                outcome: unread.map_or_else(of_one, |unread| unread.outcome.clone()),
            }
        };
        kinds.iter().map(row).collect()
    }
}
