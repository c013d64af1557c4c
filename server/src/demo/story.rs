//! What happens in the demo cluster, day by day: the one list to read and to change.
//!
//! The catalogue says how the cluster is built; a fact that stands here begins or ends on a day, and before its first
//! event it was the other way round. What is not told is as the catalogue has it, all the time.

use analysis::model::Kind;
use shared::snapshots::Collected;

use super::flaw::Flaw;

/// Something that is so on some days and not on others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// A namespace exists, with all that is in it.
    Namespace(&'static str),
    /// A namespace denies what no policy allows.
    DefaultDeny(&'static str),
    /// A namespace enforces the level of pod security that the catalogue names.
    PodSecurity(&'static str),
    /// A namespace has its quota.
    Quota(&'static str),
    /// A namespace has its limit range.
    LimitRange(&'static str),
    /// An object of the catalogues of access, policy and admission exists, by kind and name.
    Object(&'static str),
    /// A workload has a flaw, as `namespace/name`.
    Flawed(&'static str, Flaw),
    /// An image carries a critical vulnerability that a newer one lacks, by its repository.
    Vulnerable(&'static str),
    /// A workload runs the image before the last one, by its repository.
    RolledBack(&'static str),
    /// A workload runs Envoy beside it.
    Sidecar(&'static str),
    /// A workload has this many replicas instead of its own number.
    Replicas(&'static str, u32),
    /// The policy that wants limits refuses, and does not only warn.
    LimitsEnforced,
    /// Anyone may reach every port of the partners' gateway.
    PartnersOpen,
    /// The API server on this node lets anonymous requests in.
    AnonymousAuth(&'static str),
    /// The API servers have an audit policy.
    AuditPolicy,
    /// An API service's certificate is verified.
    Verified(&'static str),
    /// A role allows no more than its users need.
    Narrowed(&'static str),
    /// A webhook refuses what it can't judge.
    FailsClosed(&'static str),
}

/// Whether a fact begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Begins,
    Ends,
}

/// One thing that happens.
#[derive(Debug)]
struct Event {
    day: u32,
    change: Change,
    fact: Fact,
}

const fn begins(day: u32, fact: Fact) -> Event {
    Event {
        day,
        change: Change::Begins,
        fact,
    }
}

const fn ends(day: u32, fact: Fact) -> Event {
    Event {
        day,
        change: Change::Ends,
        fact,
    }
}

use Fact::{
    AnonymousAuth, AuditPolicy, DefaultDeny, FailsClosed, Flawed, LimitRange, LimitsEnforced, Namespace, Narrowed,
    Object, PartnersOpen, PodSecurity, Quota, Replicas, RolledBack, Sidecar, Verified, Vulnerable,
};

/// The story, in the order of its days.
const STORY: &[Event] = &[
    // A cluster that grew is put in order, little by little.
    begins(4, DefaultDeny("catalog")),
    begins(6, Narrowed("Role/data-eng/jupyter")),
    begins(9, FailsClosed("image-policy")),
    begins(11, Quota("notifications")),
    begins(12, PodSecurity("search")),
    begins(14, Narrowed("Role/ci/runner")),
    begins(15, DefaultDeny("notifications")),
    begins(17, FailsClosed("kyverno-resource-validating-webhook-cfg")),
    begins(17, FailsClosed("kyverno-resource-mutating-webhook-cfg")),
    ends(19, AnonymousAuth("cp-1")),
    ends(19, AnonymousAuth("cp-2")),
    ends(20, AnonymousAuth("cp-3")),
    begins(21, Narrowed("Role/legacy-crm/crm-admin")),
    begins(22, DefaultDeny("search")),
    begins(24, FailsClosed("vault-agent-injector-cfg")),
    begins(25, PodSecurity("catalog")),
    ends(27, Object("RoleBinding/reports/default-edit")),
    begins(28, Narrowed("ClusterRole/strimzi-cluster-operator")),
    begins(28, Quota("partners")),
    begins(29, DefaultDeny("web")),
    // Limits are no longer a matter of taste: the policy refuses, and namespaces get defaults.
    begins(32, LimitsEnforced),
    begins(32, LimitRange("cart")),
    begins(32, LimitRange("checkout")),
    begins(32, LimitRange("fraud")),
    begins(32, LimitRange("payments")),
    begins(34, PodSecurity("orders")),
    ends(36, Flawed("monitoring/grafana", Flaw::HostPath)),
    begins(37, Narrowed("ClusterRole/spark-operator")),
    begins(38, DefaultDeny("identity")),
    ends(40, Object("RoleBinding/data-eng/default-airflow")),
    // Argo CD's chart 8.5 binds cluster-admin to its components, and brings roles made of asterisks and webhooks that nothing
    // answers.
    begins(43, Object("ClusterRoleBinding/argocd-application-controller")),
    begins(43, Object("ClusterRole/argocd-server")),
    begins(43, Object("ClusterRoleBinding/argocd-server")),
    begins(43, Object("ClusterRole/argocd-applicationset-controller")),
    begins(43, Object("ClusterRoleBinding/argocd-applicationset-controller")),
    begins(43, Object("ClusterRoleBinding/argocd-server-admin")),
    begins(43, Object("ClusterRoleBinding/argocd-applicationset-admin")),
    begins(43, Object("ClusterRole/argocd-notifications-controller")),
    begins(43, Object("ClusterRoleBinding/argocd-notifications-controller")),
    begins(43, Object("ClusterRoleBinding/argocd-default")),
    begins(43, Object("MutatingWebhookConfiguration/argocd-tracking")),
    begins(
        43,
        Object("ValidatingWebhookConfiguration/argocd-application-validation"),
    ),
    begins(46, PodSecurity("web")),
    begins(49, Replicas("payments/payments-api", 6)),
    // A deploy fails meanwhile, and the deployer is given what it takes, and more.
    begins(50, Object("ClusterRoleBinding/ci-deployer")),
    begins(51, DefaultDeny("tracing")),
    ends(52, Object("RoleBinding/ml-serving/default-view")),
    // Argo CD is narrowed to the nine namespaces that it deploys to.
    ends(56, Object("ClusterRoleBinding/argocd-application-controller")),
    ends(56, Object("ClusterRole/argocd-server")),
    ends(56, Object("ClusterRoleBinding/argocd-server")),
    ends(56, Object("ClusterRole/argocd-applicationset-controller")),
    ends(56, Object("ClusterRoleBinding/argocd-applicationset-controller")),
    ends(56, Object("ClusterRoleBinding/argocd-server-admin")),
    ends(56, Object("ClusterRoleBinding/argocd-applicationset-admin")),
    ends(56, Object("ClusterRole/argocd-notifications-controller")),
    ends(56, Object("ClusterRoleBinding/argocd-notifications-controller")),
    ends(56, Object("ClusterRoleBinding/argocd-default")),
    ends(56, Object("MutatingWebhookConfiguration/argocd-tracking")),
    ends(
        56,
        Object("ValidatingWebhookConfiguration/argocd-application-validation"),
    ),
    begins(56, Object("RoleBinding/argocd-deployer")),
    begins(57, Verified("v1beta1.custom.metrics.k8s.io")),
    // The operator's new chart reads Secrets everywhere, where it read them in ten namespaces.
    ends(58, Object("RoleBinding/external-secrets")),
    begins(58, Object("ClusterRoleBinding/external-secrets-controller")),
    begins(59, Quota("shipping")),
    begins(61, Vulnerable("data-eng/airflow")),
    begins(61, Vulnerable("kafka/kafka")),
    ends(62, Object("RoleBinding/legacy-crm/default-admin")),
    begins(63, Verified("v1beta1.metrics.k8s.io")),
    begins(65, DefaultDeny("minio")),
    ends(66, Object("MutatingWebhookConfiguration/legacy-crm-defaults")),
    ends(66, Object("RoleBinding/support-tools/default-edit")),
    // Day 70: bindings are denied to the collector (see `GAPS`).
    begins(72, PodSecurity("checkout")),
    begins(73, AuditPolicy),
    begins(74, Object("ClusterRoleBinding/csr-helper")),
    ends(75, Object("RoleBinding/batch/default-edit")),
    begins(75, DefaultDeny("redis")),
    begins(78, Sidecar("payments/payments-api")),
    // Images are rebuilt on a patched base: the data platform's first, then the shop's.
    ends(80, Vulnerable("data-eng/airflow")),
    ends(80, Vulnerable("kafka/kafka")),
    begins(81, Vulnerable("checkout/checkout")),
    begins(81, Vulnerable("checkout/basket")),
    begins(81, Vulnerable("checkout/vouchers")),
    begins(81, Vulnerable("checkout/subscriptions")),
    begins(82, Quota("email")),
    // A namespace is born without policies, and an old image comes back.
    begins(84, Namespace("pricing")),
    begins(84, RolledBack("legacy-crm/crm-web")),
    begins(84, Vulnerable("legacy-crm/crm-web")),
    begins(85, PartnersOpen),
    ends(86, Vulnerable("checkout/checkout")),
    ends(86, Vulnerable("checkout/basket")),
    ends(86, Vulnerable("checkout/vouchers")),
    ends(86, Vulnerable("checkout/subscriptions")),
    begins(88, Object("ClusterRoleBinding/debug-all")),
];

/// A stretch of days on which a kind could not be read.
struct Gap {
    first: u32,
    last: u32,
    kind: Kind,
    verb: &'static str,
}

/// What the collector was not let read: on these days its own role lacked the rule.
const GAPS: &[Gap] = &[Gap {
    first: 70,
    last: 70,
    kind: Kind::ClusterRoleBinding,
    verb: "list",
}];

/// Kinds that the cluster does not serve.
const ABSENT: &[Kind] = &[
    Kind::AdminNetworkPolicy,
    Kind::BaselineAdminNetworkPolicy,
    Kind::TlsRoute,
];

/// Whether a fact holds on a day; `untold` is the answer where the story never mentions it.
pub(super) fn holds(fact: Fact, day: u32, untold: bool) -> bool {
    let mut told = STORY.iter().filter(|event| event.fact == fact).peekable();
    let Some(first) = told.peek() else { return untold };
    let before = first.change == Change::Ends;
    told.take_while(|event| event.day <= day)
        .last()
        .map_or(before, |event| event.change == Change::Begins)
}

/// Whether an object that the story may tell of exists on a day; its key is what stands in [`Fact::Object`].
pub(super) fn exists(key: &str, day: u32) -> bool {
    let told = STORY.iter().find_map(|event| match event.fact {
        Fact::Object(told) if told == key => Some(event.fact),
        _ => None,
    });
    told.is_none_or(|fact| holds(fact, day, true))
}

/// Whether a role, by kind and name, is narrowed on a day.
pub(super) fn is_narrowed(key: &str, day: u32) -> bool {
    changes(|fact| matches!(fact, Narrowed(told) if told == key)).any(|(since, ..)| since <= day)
}

/// Whether a namespace exists on a day.
pub(super) fn namespace_exists(name: &str, day: u32) -> bool {
    let born = changes(|fact| matches!(fact, Namespace(told) if told == name)).next();
    born.is_none_or(|(since, ..)| since <= day)
}

/// The days on which a fact changes, with what it becomes.
pub(super) fn changes(matches: impl Fn(Fact) -> bool) -> impl Iterator<Item = (u32, Fact, bool)> {
    STORY
        .iter()
        .filter(move |event| matches(event.fact))
        .map(|event| (event.day, event.fact, event.change == Change::Begins))
}

/// How many events have happened by the end of a day: what rests on the story alone changes only with this number.
pub(super) fn page(day: u32) -> usize {
    STORY.iter().filter(|event| event.day <= day).count()
}

/// How reading a kind ended on a day, where it was not simply read.
pub(super) fn gap(kind: Kind, day: u32) -> Option<Collected> {
    if ABSENT.contains(&kind) {
        return Some(Collected::Absent);
    }
    let gap = GAPS
        .iter()
        .find(|gap| gap.kind == kind && (gap.first..=gap.last).contains(&day))?;
    let info = kind.info();
    let reason = format!(
        "{} is forbidden: User \"system:serviceaccount:platform-tools:plimsoll\" cannot {} resource \"{}\" in API group \
         \"{}\" at the cluster scope",
        info.resource(),
        gap.verb,
        info.plural,
        info.group,
    );
    Some(Collected::Denied { reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_is_told_in_the_order_of_its_days() {
        assert!(STORY.is_sorted_by_key(|event| event.day));
    }

    #[test]
    fn a_fact_that_ends_held_before_and_one_that_begins_did_not() {
        assert!(holds(AnonymousAuth("cp-1"), 18, false));
        assert!(!holds(AnonymousAuth("cp-1"), 19, true));
        let argo = Object("ClusterRoleBinding/argocd-application-controller");
        assert_eq!(
            [42, 43, 55, 56].map(|day| holds(argo, day, true)),
            [false, true, true, false]
        );
    }
}
