//! How anyone could become administrator: the steps, the objects that allow them, and what would stop them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::object::ObjectRef;
use crate::patch::Patch;
use crate::rbac::{Grant, Subject};
use crate::snapshots::KindCoverage;

/// What nobody should reach who was not meant to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Sink {
    /// Everything in the whole cluster.
    ClusterAdmin,
    /// The values of the secrets of all namespaces.
    EverySecret,
    /// Root on a node.
    NodeRoot,
    /// Code in the namespace kube-system.
    KubeSystemCode,
}

impl Sink {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [
        Self::ClusterAdmin,
        Self::EverySecret,
        Self::NodeRoot,
        Self::KubeSystemCode,
    ];

    /// The word of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClusterAdmin => "cluster-admin",
            Self::EverySecret => "every-secret",
            Self::NodeRoot => "node-root",
            Self::KubeSystemCode => "kube-system-code",
        }
    }

    /// What it is, in words that follow "and so".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ClusterAdmin => "do everything in the cluster",
            Self::EverySecret => "read the secrets of every namespace",
            Self::NodeRoot => "be root on a node",
            Self::KubeSystemCode => "run code in kube-system",
        }
    }
}

/// By which means somebody gains what they were not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Technique {
    /// May do everything already.
    Everything,
    /// Is let through before any role is looked at.
    Masters,
    /// Reads secrets.
    ReadSecrets,
    /// Reads the token that a secret holds.
    ReadTokenSecret,
    /// Makes a secret in which a controller puts a token, and reads it.
    MakeTokenSecret,
    /// Asks for a token of a service account.
    CreateToken,
    /// Acts as somebody else.
    Impersonate,
    /// Runs pods under another service account.
    CreatePods,
    /// Changes what a workload runs, or under which service account.
    ChangeWorkload,
    /// Runs commands in a pod.
    EnterPod,
    /// Adds a container to a pod, or changes the image of one.
    ChangePod,
    /// Runs a pod that Pod Security would refuse elsewhere.
    PrivilegedPod,
    /// Adds a privileged container to a running pod.
    PrivilegedContainer,
    /// Takes the guard off a namespace, and runs a privileged pod there.
    RelabelNamespace,
    /// Makes a namespace without a guard, and runs a privileged pod there.
    CreateNamespace,
    /// Makes a volume of a path of the node, and mounts it.
    HostPathVolume,
    /// Leaves a container that is no bound.
    BreakOut,
    /// Reads what a node holds for its pods.
    NodeCredentials,
    /// Becomes a node, to which the Node authoriser gives what its pods use.
    NodeIdentity,
    /// Asks the kubelets of nodes to run commands.
    NodeProxy,
    /// Drives pods onto a node that it controls.
    StealPods,
    /// Binds a role that it does not hold.
    Bind,
    /// Writes permissions that it does not hold into a role that it has.
    RewriteRole,
    /// Adds a role to those that another aggregates.
    Aggregate,
    /// Approves a certificate of somebody else.
    Certificate,
    /// Changes requests of others on their way.
    MutateRequests,
    /// Writes who is administrator into the ConfigMap that maps identities of AWS.
    AwsAuth,
}

/// What a step leads from, or to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "what")]
pub enum Reached {
    /// Somebody.
    Subject {
        /// Them.
        subject: Subject,
    },
    /// All service accounts of a namespace, or of all.
    Accounts {
        /// The namespace; empty for all.
        namespace: String,
    },
    /// Pods of one's own in a namespace, or in all.
    NewPods {
        /// The namespace; empty for all.
        namespace: String,
    },
    /// The running pods of a namespace, or of all.
    RunningPods {
        /// The namespace; empty for all.
        namespace: String,
    },
    /// What a role grants.
    Role {
        /// The role; none for everything.
        role: Option<ObjectRef>,
        /// Where; empty for the whole cluster.
        namespace: String,
    },
    /// The writing of a role.
    Rules {
        /// The role; none for those that one makes.
        role: Option<ObjectRef>,
    },
    /// All users, or all groups, or both.
    Anyone,
    /// Nodes, as their kubelets.
    NodeIdentities,
    /// Root on a node.
    Node {
        /// Its name; empty for any.
        name: String,
    },
    /// The end.
    Sink {
        /// Which.
        sink: Sink,
    },
}

/// A permission that a step needs, and who has it by which chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// The permission: `create jobs.batch`.
    pub permission: String,
    /// Where it holds; empty for the whole cluster.
    pub namespace: String,
    /// The objects that grant it; none where a step before this one gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The means.
    pub technique: Technique,
    /// Who takes it, or what it starts from.
    pub from: Reached,
    /// What it leads to.
    pub to: Reached,
    /// The step in words, without who takes it: `may create jobs.batch in batch, and so run as batch/etl-admin`.
    pub sentence: String,
    /// The permissions that it needs; all of them.
    pub needs: Vec<Need>,
}

/// What is to be taken away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "what")]
pub enum Removal {
    /// A subject of a binding.
    Subject {
        /// The binding.
        binding: ObjectRef,
        /// Whom to take off it.
        subject: Subject,
    },
    /// A whole binding.
    Binding {
        /// It.
        binding: ObjectRef,
    },
    /// A rule of a role.
    Rule {
        /// The role in which it stands.
        role: ObjectRef,
        /// Its place there, from 0.
        rule: u32,
    },
}

/// A change, and what it closes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// What goes.
    pub removal: Removal,
    /// The change; none where it would be too long to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<Patch>,
    /// How many subjects no longer reach how many sinks: pairs that were found, and are not found without it.
    pub closes: u32,
}

/// Someone who could reach a sink.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Escalation {
    /// Who.
    pub subject: Subject,
    /// Who is in a group that the API server itself fills, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<String>,
    /// What they could reach.
    pub sink: Sink,
    /// A way of the fewest steps.
    pub steps: Vec<Step>,
    /// Whether Kubernetes itself means it so: every object of the way is one of its defaults.
    pub expected: bool,
    /// The one change that closes this way and most others; none where no single change does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// How many reach a sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SinkCount {
    /// The sink.
    pub sink: Sink,
    /// Subjects that reach it, those that are expected not counted.
    pub subjects: u32,
    /// Subjects that Kubernetes itself means to.
    pub expected: u32,
}

/// Changes that close most ways, chosen one after the other: each closes the most of what is left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cut {
    /// Them, each with what it closes beyond those before.
    pub fixes: Vec<Fix>,
    /// Pairs of subject and sink that all together close.
    pub closes: u32,
    /// Pairs of subject and sink that are not expected.
    pub of: u32,
    /// Fewer changes than this can't close the same: so many of their ways share no object.
    pub lower_bound: u32,
}

/// What roles and bindings can't answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum BlindSpot {
    /// What the Node authoriser gives kubelets.
    NodeAuthorizer,
    /// Who is let in by a cloud's own means.
    Cloud,
    /// What other authorisers allow.
    Authorizers,
    /// What admission refuses, beyond the labels of namespaces.
    Admission,
    /// What uids and extras of an identity are worth.
    Extras,
}

/// Something that can't be answered, said where it would matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Blind {
    /// What.
    pub spot: BlindSpot,
    /// In words.
    pub text: String,
    /// For whom it matters; empty where it does for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
}

/// How anyone could become administrator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Escalations {
    /// How many reach what.
    pub sinks: Vec<SinkCount>,
    /// Every subject and sink that it could reach; the power of a group that the API server fills is told once, for the group.
    pub items: Vec<Escalation>,
    /// Pass this as `cursor` to read on; none where nothing is left out after the last of the items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What would close most.
    pub cut: Cut,
    /// Whether there is no more.
    pub complete: bool,
    /// What could not be read, where there may be more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undecided: Vec<KindCoverage>,
    /// What roles and bindings can't answer.
    pub blind: Vec<Blind>,
}
