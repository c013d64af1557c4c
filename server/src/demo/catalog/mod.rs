//! What stands in the demo cluster: its namespaces and teams here, what runs in them in the files beside this one.
//!
//! The catalogue is the state at the end; `story.rs` says what was otherwise before.

pub(super) mod access;
pub(super) mod platform;
pub(super) mod policies;
pub(super) mod services;

/// How far a namespace's policies close it to ingress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// There are none.
    Not,
    /// Some of its workloads have one.
    Partly,
    /// What no policy allows is denied.
    Ingress,
    /// The same, and for egress too.
    Both,
}

/// A namespace.
#[derive(Debug)]
pub(super) struct Namespace {
    /// Its name.
    pub(super) name: &'static str,
    /// Who owns it; empty where nobody says.
    pub(super) team: &'static str,
    /// How far it is closed.
    pub(super) closed: Closed,
    /// The level of pod security that it enforces; empty where it enforces none.
    pub(super) level: &'static str,
    /// How full its CPU quota is on the last day, in per cent; 0 where it has no quota.
    pub(super) quota: u32,
    /// Whether a limit range gives its containers limits.
    pub(super) defaults: bool,
}

const fn ns(
    name: &'static str,
    team: &'static str,
    closed: Closed,
    level: &'static str,
    quota: u32,
    defaults: bool,
) -> Namespace {
    Namespace {
        name,
        team,
        closed,
        level,
        quota,
        defaults,
    }
}

use Closed::{Both, Ingress, Not, Partly};

/// All of them.
pub(super) const NAMESPACES: &[Namespace] = &[
    ns("api-gateway", "web", Both, "baseline", 64, false),
    ns("argocd", "platform", Ingress, "baseline", 51, false),
    ns("batch", "data", Not, "", 44, false),
    ns("cart", "shop", Both, "baseline", 58, true),
    ns("catalog", "shop", Ingress, "baseline", 61, false),
    ns("cert-manager", "platform", Ingress, "restricted", 40, false),
    ns("checkout", "shop", Both, "baseline", 93, true),
    ns("ci", "platform", Ingress, "baseline", 72, false),
    ns("data-eng", "data", Not, "", 69, false),
    ns("default", "", Not, "", 0, false),
    ns("email", "crm", Partly, "baseline", 37, false),
    ns("external-secrets", "platform", Ingress, "restricted", 35, false),
    ns("fraud", "payments", Both, "baseline", 66, true),
    ns("identity", "identity", Both, "baseline", 70, false),
    ns("ingress-nginx", "platform", Ingress, "baseline", 48, false),
    ns("kafka", "data", Ingress, "baseline", 49, false),
    ns("kube-node-lease", "platform", Not, "baseline", 0, false),
    ns("kube-public", "platform", Not, "baseline", 0, false),
    ns("kube-system", "platform", Not, "privileged", 0, false),
    ns("ledger", "payments", Both, "baseline", 55, true),
    ns("legacy-crm", "", Not, "", 0, false),
    ns("logging", "platform", Partly, "privileged", 60, false),
    ns("minio", "data", Ingress, "baseline", 50, false),
    ns("ml-serving", "data", Not, "baseline", 46, false),
    ns("monitoring", "platform", Partly, "privileged", 63, false),
    ns("notifications", "crm", Ingress, "baseline", 59, false),
    ns("orders", "shop", Both, "baseline", 57, false),
    ns("partners", "web", Ingress, "baseline", 41, false),
    ns("payments", "payments", Partly, "baseline", 71, true),
    ns("platform-tools", "platform", Not, "", 0, false),
    ns("postgres", "data", Both, "baseline", 68, false),
    ns("pricing", "shop", Not, "", 0, false),
    ns("recommend", "data", Partly, "baseline", 52, false),
    ns("redis", "data", Ingress, "baseline", 47, false),
    ns("reports", "data", Not, "", 39, false),
    ns("search", "search", Ingress, "baseline", 95, false),
    ns("shipping", "logistics", Partly, "baseline", 53, false),
    ns("support-tools", "crm", Not, "", 0, false),
    ns("tracing", "platform", Ingress, "baseline", 45, false),
    ns("vault", "platform", Both, "baseline", 42, false),
    ns("velero", "platform", Ingress, "", 38, false),
    ns("web", "web", Ingress, "baseline", 74, false),
];
