//! What may be true of an attacker: the nodes of the graph.

use shared::escalations::Sink;

use super::power::Power;

/// Where a permission holds. Namespaces are told by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// In every namespace, and for what stands in none.
    Cluster,
    /// In every namespace.
    Every,
    /// In one.
    In(u32),
}

impl Place {
    /// The same for what stands in namespaces.
    pub(super) fn of_namespaces(self) -> Self {
        match self {
            Self::Cluster => Self::Every,
            place => place,
        }
    }

    /// Whether all that is here is there too.
    pub(super) fn is_within(self, other: Self) -> bool {
        match (self, other) {
            (_, Self::Cluster) | (Self::Every | Self::In(_), Self::Every) => true,
            (Self::In(a), Self::In(b)) => a == b,
            _ => false,
        }
    }

    /// Where both hold.
    pub(super) fn meet(self, other: Self) -> Option<Self> {
        if self.is_within(other) {
            Some(self)
        } else {
            other.is_within(self).then_some(other)
        }
    }
}

/// A role, by number, or none for everything.
pub(super) type RoleId = Option<u32>;

/// Whose certificates a controller signs once they are approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Signer {
    Client,
    Kubelet,
}

/// A permission of which more than one is needed: what, where, and the list of names for which it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Half {
    pub(super) power: Power,
    pub(super) place: Place,
    /// The number of a list of names; none for all.
    pub(super) names: Option<u32>,
}

/// Something that is true of an attacker, who is all whom they can act as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Fact {
    /// Acts as this subject, or as someone in this group.
    Subject(u32),
    /// One of them holds a role by a binding.
    Held(RoleId, Place),
    /// All of them can have a role: they may write the binding.
    Gained(RoleId, Place),
    /// One of them has a permission.
    May(Half),
    /// All of them can have it.
    Gains(Half),
    /// This one of them has it by bindings that stand.
    Own(u32, Half),
    /// Runs pods of their own.
    NewPods(Place),
    /// Runs code in all pods that are there.
    RunningPods(Place),
    /// Drives pods onto a node that they own, and has what these hold.
    StolenPods(Place),
    /// Acts as every service account that is there.
    Accounts(Place),
    /// Acts as every name of a service account, whether it is there or not.
    AccountNames(Place),
    /// Acts as every user.
    AnyUser,
    /// Acts as a member of every group.
    AnyGroup,
    /// Holds a certificate for every name, and every group but `system:masters`.
    AnyCertificate,
    /// May add to what every Role of a place grants, or be bound to it.
    AnyRole(Place),
    /// May write whatever they like into a role.
    Rewrites(u32),
    /// May write whatever they like into every role of that kind: of the cluster, or of namespaces.
    RewritesAny(Place),
    /// May make a ClusterRole, or label one, that holds whatever they like.
    NewRole,
    /// May make Roles of a place that hold whatever they like.
    NewRoleIn(Place),
    /// May bind a ClusterRole that is yet to be made, in a place.
    BindsNew(Place),
    /// May bind a Role that is yet to be made, in a place.
    BindsNewIn(Place),
    /// Is bound to a ClusterRole that is not there.
    Lacks(Place),
    /// Is bound to a Role that is not there.
    LacksIn(Place),
    /// Gets certificates of a signer approved: of clients, or of kubelets.
    Approves(Signer),
    /// Passes for the kubelet of every node.
    NodeIdentity,
    /// Is root on a node.
    Node(u32),
    /// Is root on whichever node they like.
    AnyNode,
    /// Has reached what nobody should.
    Sink(Sink),
}
