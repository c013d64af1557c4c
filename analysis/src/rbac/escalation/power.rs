//! The permissions that lead further, and which of them a rule grants.

use crate::model::rbac::PolicyRule;
use crate::rbac::rules::{self, Request, allows};

/// A permission that leads further, by itself or beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Power {
    Everything,
    CreateWorkload,
    ChangeWorkload,
    Enter,
    EnterByGet,
    ChangePod,
    DebugPod,
    DeletePods,
    CreateToken,
    CreateAccount,
    ReadSecrets,
    CreateSecrets,
    ImpersonateUser,
    ImpersonateGroup,
    ImpersonateAccount,
    ImpersonateExtra,
    CreateRequest,
    Approve,
    ApproveSigner,
    BecomeNode,
    CreateBinding,
    ChangeBinding,
    CreateClusterBinding,
    ChangeClusterBinding,
    BindRole,
    BindClusterRole,
    CreateRole,
    ChangeRole,
    EscalateRole,
    CreateClusterRole,
    ChangeClusterRole,
    EscalateClusterRole,
    ProxyNode,
    ChangeNode,
    CreateVolume,
    LabelNamespace,
    CreateNamespace,
    MutateByWebhook,
    CreatePolicy,
    CreatePolicyBinding,
    ChangeConfigMap,
}

/// A verb on a resource, subresource included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ask {
    pub(super) verb: &'static str,
    pub(super) group: &'static str,
    pub(super) resource: &'static str,
}

impl Ask {
    /// `create jobs.batch`, `create pods/exec`.
    pub(super) fn in_words(&self) -> String {
        let (resource, subresource) = match self.resource.split_once('/') {
            Some((resource, subresource)) => (resource, format!("/{subresource}")),
            None => (self.resource, String::new()),
        };
        match (self.verb, self.group) {
            ("*", _) => "do everything".to_owned(),
            (verb, "") => format!("{verb} {resource}{subresource}"),
            (verb, group) => format!("{verb} {resource}.{group}{subresource}"),
        }
    }
}

/// Where a request for it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster: a RoleBinding grants nothing of it.
    Cluster,
    /// Where the binding stands that is to be written, or in the namespace that is asked for.
    Both,
}

impl Power {
    pub(super) fn scope(self) -> Scope {
        match self {
            Self::ImpersonateUser
            | Self::ImpersonateGroup
            | Self::ImpersonateExtra
            | Self::CreateRequest
            | Self::Approve
            | Self::ApproveSigner
            | Self::BecomeNode
            | Self::CreateClusterBinding
            | Self::ChangeClusterBinding
            | Self::CreateClusterRole
            | Self::ChangeClusterRole
            | Self::EscalateClusterRole
            | Self::ProxyNode
            | Self::ChangeNode
            | Self::CreateVolume
            | Self::CreateNamespace
            | Self::MutateByWebhook
            | Self::CreatePolicy
            | Self::CreatePolicyBinding => Scope::Cluster,
            Self::Everything | Self::BindClusterRole | Self::LabelNamespace => Scope::Both,
            _ => Scope::Namespaced,
        }
    }

    /// Whether it leads further only beside another that the same identity must have.
    pub(super) fn is_half(self) -> bool {
        matches!(
            self,
            Self::ImpersonateUser
                | Self::ImpersonateGroup
                | Self::ImpersonateAccount
                | Self::CreateRequest
                | Self::Approve
                | Self::ApproveSigner
                | Self::BecomeNode
                | Self::CreateBinding
                | Self::ChangeBinding
                | Self::CreateClusterBinding
                | Self::ChangeClusterBinding
                | Self::BindRole
                | Self::BindClusterRole
                | Self::CreateRole
                | Self::ChangeRole
                | Self::EscalateRole
                | Self::CreateClusterRole
                | Self::ChangeClusterRole
                | Self::EscalateClusterRole
        )
    }
}

const RBAC: &str = "rbac.authorization.k8s.io";
const CERTIFICATES: &str = "certificates.k8s.io";
const AUTHENTICATION: &str = "authentication.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

/// A row of [`ASKS`]: the power, the verbs, the group, the resources, and whether a request carries a name.
type Row = (
    Power,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
    bool,
);

/// By which requests each is used. What a job or a pod runs can't be changed any more but for the images of a pod.
const ASKS: &[Row] = &[
    (
        Power::CreateWorkload,
        &["create"],
        "",
        &["pods", "replicationcontrollers"],
        false,
    ),
    (
        Power::CreateWorkload,
        &["create"],
        "apps",
        &["deployments", "daemonsets", "statefulsets", "replicasets"],
        false,
    ),
    (
        Power::CreateWorkload,
        &["create"],
        "batch",
        &["jobs", "cronjobs"],
        false,
    ),
    (
        Power::ChangeWorkload,
        &["update", "patch"],
        "",
        &["replicationcontrollers"],
        true,
    ),
    (
        Power::ChangeWorkload,
        &["update", "patch"],
        "apps",
        &["deployments", "daemonsets", "statefulsets", "replicasets"],
        true,
    ),
    (
        Power::ChangeWorkload,
        &["update", "patch"],
        "batch",
        &["cronjobs"],
        true,
    ),
    (Power::Enter, &["create"], "", &["pods/exec", "pods/attach"], true),
    (Power::EnterByGet, &["get"], "", &["pods/exec", "pods/attach"], true),
    (Power::ChangePod, &["update", "patch"], "", &["pods"], true),
    (
        Power::DebugPod,
        &["update", "patch"],
        "",
        &["pods/ephemeralcontainers"],
        true,
    ),
    (Power::DeletePods, &["delete"], "", &["pods"], true),
    (Power::DeletePods, &["create"], "", &["pods/eviction"], true),
    (Power::DeletePods, &["deletecollection"], "", &["pods"], false),
    (Power::CreateToken, &["create"], "", &["serviceaccounts/token"], true),
    (Power::ReadSecrets, &["get", "list", "watch"], "", &["secrets"], true),
    (Power::CreateSecrets, &["create"], "", &["secrets"], false),
    (Power::ImpersonateUser, &["impersonate"], "", &["users"], true),
    (Power::ImpersonateGroup, &["impersonate"], "", &["groups"], true),
    (
        Power::ImpersonateAccount,
        &["impersonate"],
        "",
        &["serviceaccounts"],
        true,
    ),
    (
        Power::ImpersonateExtra,
        &["impersonate"],
        AUTHENTICATION,
        &["uids"],
        true,
    ),
    (
        Power::CreateRequest,
        &["create"],
        CERTIFICATES,
        &["certificatesigningrequests"],
        false,
    ),
    (
        Power::Approve,
        &["update", "patch"],
        CERTIFICATES,
        &["certificatesigningrequests/approval"],
        true,
    ),
    (Power::ApproveSigner, &["approve"], CERTIFICATES, &["signers"], true),
    (
        Power::BecomeNode,
        &["create"],
        CERTIFICATES,
        &["certificatesigningrequests/nodeclient"],
        false,
    ),
    (Power::CreateAccount, &["create"], "", &["serviceaccounts"], false),
    (Power::CreateBinding, &["create"], RBAC, &["rolebindings"], false),
    (
        Power::ChangeBinding,
        &["update", "patch"],
        RBAC,
        &["rolebindings"],
        true,
    ),
    (
        Power::CreateClusterBinding,
        &["create"],
        RBAC,
        &["clusterrolebindings"],
        false,
    ),
    (
        Power::ChangeClusterBinding,
        &["update", "patch"],
        RBAC,
        &["clusterrolebindings"],
        true,
    ),
    (Power::BindRole, &["bind"], RBAC, &["roles"], true),
    (Power::BindClusterRole, &["bind"], RBAC, &["clusterroles"], true),
    (Power::CreateRole, &["create"], RBAC, &["roles"], false),
    (Power::ChangeRole, &["update", "patch"], RBAC, &["roles"], true),
    (Power::EscalateRole, &["escalate"], RBAC, &["roles"], true),
    (Power::CreateClusterRole, &["create"], RBAC, &["clusterroles"], false),
    (
        Power::ChangeClusterRole,
        &["update", "patch"],
        RBAC,
        &["clusterroles"],
        true,
    ),
    (Power::EscalateClusterRole, &["escalate"], RBAC, &["clusterroles"], true),
    (Power::ProxyNode, &["get", "create"], "", &["nodes/proxy"], true),
    (
        Power::ChangeNode,
        &["update", "patch"],
        "",
        &["nodes", "nodes/status"],
        true,
    ),
    (Power::CreateVolume, &["create"], "", &["persistentvolumes"], false),
    (Power::LabelNamespace, &["update", "patch"], "", &["namespaces"], true),
    (Power::CreateNamespace, &["create"], "", &["namespaces"], false),
    (
        Power::MutateByWebhook,
        &["create"],
        ADMISSION,
        &["mutatingwebhookconfigurations"],
        false,
    ),
    (
        Power::MutateByWebhook,
        &["update", "patch"],
        ADMISSION,
        &["mutatingwebhookconfigurations"],
        true,
    ),
    (
        Power::CreatePolicy,
        &["create"],
        ADMISSION,
        &["mutatingadmissionpolicies"],
        false,
    ),
    (
        Power::CreatePolicyBinding,
        &["create"],
        ADMISSION,
        &["mutatingadmissionpolicybindings"],
        false,
    ),
    (Power::ChangeConfigMap, &["update", "patch"], "", &["configmaps"], true),
];

/// What a rule grants of a power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grants {
    pub(super) power: Power,
    /// The request by which it is used.
    pub(super) ask: Ask,
    /// The names for which it holds; empty for all.
    pub(super) names: Vec<String>,
}

/// The request that whoever holds everything may make.
pub(super) const ANYTHING: Ask = Ask {
    verb: "*",
    group: "*",
    resource: "*",
};

/// The powers that a rule grants, each once, but for workloads: of these each kind.
pub(super) fn powers(rule: &PolicyRule) -> Vec<Grants> {
    let mut found: Vec<Grants> = Vec::new();
    if rules::is_everything(rule) {
        let (power, ask, names) = (Power::Everything, ANYTHING, Vec::new());
        found.push(Grants { power, ask, names });
    }
    for (power, verbs, group, resources, is_named) in ASKS {
        let asks = resources
            .iter()
            .flat_map(|resource| verbs.iter().map(move |verb| Ask { verb, group, resource }));
        for ask in asks {
            let is_new = found.iter().all(|other| !is_repeated(other, *power, ask));
            if is_new && is_granted(rule, ask, *is_named) {
                found.push(Grants {
                    power: *power,
                    ask,
                    names: rule.resource_names.clone(),
                });
            }
        }
    }
    found.extend(extras(rule));
    found
}

/// All powers, as whoever holds everything has them.
pub(super) fn all() -> Vec<Grants> {
    let everything = PolicyRule {
        verbs: vec!["*".into()],
        api_groups: vec!["*".into()],
        resources: vec!["*".into()],
        ..PolicyRule::default()
    };
    powers(&everything)
}

/// Whether a power is known already by another verb, or another subresource that comes to the same.
fn is_repeated(known: &Grants, power: Power, ask: Ask) -> bool {
    let by_kind = matches!(power, Power::CreateWorkload | Power::ChangeWorkload);
    known.power == power && (!by_kind || (known.ask.group, known.ask.resource) == (ask.group, ask.resource))
}

fn is_granted(rule: &PolicyRule, ask: Ask, is_named: bool) -> bool {
    let request = |name| Request {
        verb: ask.verb,
        group: ask.group,
        resource: ask.resource,
        name,
    };
    match rule.resource_names.first() {
        Some(name) => is_named && allows(rule, &request(name)),
        None => allows(rule, &request("")),
    }
}

/// Each key of an identity's extras is a subresource of its own.
fn extras(rule: &PolicyRule) -> Option<Grants> {
    let has = |list: &[String], item: &str| list.iter().any(|listed| listed == "*" || listed == item);
    let of_extras = rule
        .resources
        .iter()
        .any(|resource| resource.starts_with("userextras/"));
    let is_granted = of_extras && has(&rule.verbs, "impersonate") && has(&rule.api_groups, AUTHENTICATION);
    is_granted.then(|| Grants {
        power: Power::ImpersonateExtra,
        ask: Ask {
            verb: "impersonate",
            group: AUTHENTICATION,
            resource: "userextras",
        },
        names: rule.resource_names.clone(),
    })
}
