//! What happens to a pod on its way in, step by step, in the order in which the API server takes them.
//!
//! Changes come first: what is built in, MutatingAdmissionPolicies, then the mutating webhooks by the name of their
//! configuration, one after the other; where one of them has changed the pod, what is built in is gone through again, and
//! with it the policies and webhooks that ask for it. Then it is judged: by what is built in, Pod Security, ValidatingAdmissionPolicies,
//! all validating webhooks at once, and last by quotas.

use shared::admission::{Admission, Stage, Step};

use super::engine::engines;
use super::filter::Newcomer;
use super::image_verification::image_verification;
use super::injection::injections;
use super::known::Webhooks;
use super::{built_in, policies, webhooks};
use crate::cluster::Cluster;
use crate::model::Kind;
use crate::run::why;

/// All that is known of admission; of a newcomer, what sees it.
pub fn admission(cluster: &Cluster<'_>, newcomer: Option<Newcomer<'_>>) -> Admission {
    let webhooks = Webhooks::new(cluster);
    let engines = engines(cluster, &webhooks);
    Admission {
        steps: steps(cluster, newcomer),
        image_verification: image_verification(cluster, &webhooks, &engines),
        injections: injections(cluster, &webhooks),
        engines,
        unread: unread(cluster),
    }
}

/// The steps. Of a newcomer each says whether it sees it.
pub fn steps(cluster: &Cluster<'_>, newcomer: Option<Newcomer<'_>>) -> Vec<Step> {
    let mut steps = vec![built_in::defaulting(cluster, newcomer)];
    let mut mutating = policies::steps(cluster, Kind::MutatingAdmissionPolicy, newcomer);
    mutating.extend(webhooks::steps(cluster, Kind::MutatingWebhookConfiguration, newcomer));
    let reinvocation = built_in::reinvocation(&mutating);
    steps.extend(mutating);
    steps.extend(reinvocation);
    steps.extend(built_in::refusals(cluster));
    steps.push(built_in::pod_security(cluster, newcomer));
    steps.extend(policies::steps(cluster, Kind::ValidatingAdmissionPolicy, newcomer));
    steps.extend(webhooks::steps(cluster, Kind::ValidatingWebhookConfiguration, newcomer));
    steps.push(built_in::quota(cluster, newcomer));
    steps
}

/// A step about which nothing more is known.
pub(super) fn step(stage: Stage, name: &str, summary: String) -> Step {
    Step {
        stage,
        name: name.to_owned(),
        object: None,
        summary,
        scope: Vec::new(),
        selects: Vec::new(),
        conditions: Vec::new(),
        exempt: Vec::new(),
        sees: None,
        call: None,
        is_reinvoked: false,
        bindings: Vec::new(),
        on_failure: None,
    }
}

/// The kinds that the steps are made of.
const READ: &[Kind] = &[
    Kind::Namespace,
    Kind::LimitRange,
    Kind::ResourceQuota,
    Kind::MutatingWebhookConfiguration,
    Kind::ValidatingWebhookConfiguration,
    Kind::ValidatingAdmissionPolicy,
    Kind::ValidatingAdmissionPolicyBinding,
    Kind::MutatingAdmissionPolicy,
    Kind::MutatingAdmissionPolicyBinding,
    Kind::Service,
    Kind::EndpointSlice,
    Kind::Pod,
    Kind::CustomResourceDefinition,
];

fn unread(cluster: &Cluster<'_>) -> Vec<String> {
    let sentence = |kind: &Kind| {
        let outcome = cluster.snapshot.outcome(*kind);
        (!outcome.is_known()).then(|| why(&kind.info().resource(), &outcome))
    };
    READ.iter().filter_map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use shared::admission::{BackendState, OnFailure, Sight};

    use super::*;
    use crate::fixture::snapshot;
    use crate::model::pairs::Labels;

    const CLUSTER: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: b-second}
webhooks:
- name: z.second.example
  reinvocationPolicy: IfNeeded
  rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]
- name: a.second.example
  rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: a-first}
webhooks:
- name: first.example
  timeoutSeconds: 3
  failurePolicy: Ignore
  clientConfig: {service: {namespace: gone, name: gone}}
  namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}
  rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]
- name: of-something-else.example
  rules: [{operations: [CREATE], apiGroups: [apps], apiVersions: [v1], resources: [deployments]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: check}
webhooks:
- name: check.example
  clientConfig: {url: 'https://check.example/path'}
  rules: [{operations: [CREATE], apiGroups: ['*'], apiVersions: ['*'], resources: ['*']}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-latest}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-latest-shop}
spec:
  policyName: no-latest
  validationActions: [Deny]
  paramRef: {name: settings, namespace: policy}
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: team-label}
spec:
  failurePolicy: Ignore
  reinvocationPolicy: IfNeeded
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: of-nodes}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [nodes]}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: team-label-shop}
spec:
  policyName: team-label
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: shop}
";

    fn told(namespace: Option<&str>) -> Vec<Step> {
        let snapshot = snapshot(CLUSTER);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let labels = Labels::EMPTY;
        let newcomer = namespace.map(|namespace| Newcomer {
            namespace,
            labels: &labels,
        });
        steps(&cluster, newcomer)
    }

    fn named<'a>(steps: &'a [Step], name: &str) -> &'a Step {
        steps.iter().find(|step| step.name == name).unwrap()
    }

    #[test]
    fn steps_come_in_the_order_in_which_the_api_server_takes_them() {
        let steps = told(None);
        let names: Vec<_> = steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "Built-in defaults",
                "team-label",
                "first.example",
                "z.second.example",
                "a.second.example",
                "Second round",
                "Built-in checks",
                "Pod Security",
                "no-latest",
                "check.example",
                "Quotas"
            ]
        );
        assert!(steps.is_sorted_by_key(|step| step.stage));
    }

    #[test]
    fn a_webhook_says_how_it_is_called_and_what_it_leaves_out() {
        let steps = told(None);
        let first = named(&steps, "first.example");
        let call = first.call.as_ref().unwrap();
        assert_eq!(
            (call.target.as_str(), call.backend, call.timeout_seconds),
            ("gone/gone:443", BackendState::NoService, 3)
        );
        assert_eq!(
            (first.on_failure, first.exempt.as_slice()),
            (Some(OnFailure::Pass), &["kube-system".to_owned()][..])
        );
        let check = named(&steps, "check.example");
        let call = check.call.as_ref().unwrap();
        assert_eq!(
            (call.target.as_str(), call.backend),
            ("https://check.example", BackendState::Outside)
        );
    }

    #[test]
    fn policies_and_webhooks_that_ask_for_it_take_part_in_the_second_round() {
        let again = "Called again, if a later one changed the pod: team-label, z.second.example.";
        let summary = named(&told(None), "Second round").summary.clone();
        assert!(summary.ends_with(again), "{summary}");
    }

    #[test]
    fn a_policy_that_changes_pods_says_what_binds_it_and_that_it_fails_open() {
        let steps = told(None);
        let policy = named(&steps, "team-label");
        assert_eq!(policy.on_failure, Some(OnFailure::Pass));
        let bindings: Vec<_> = policy.bindings.iter().map(|bound| bound.object.to_string()).collect();
        assert_eq!(bindings, ["MutatingAdmissionPolicyBinding team-label-shop"]);
    }

    #[test]
    fn of_a_newcomer_each_step_says_whether_it_sees_it() {
        let (shop, system) = (told(Some("shop")), told(Some("kube-system")));
        let sees = |steps: &[Step], name: &str| named(steps, name).sees == Some(Sight::Yes);
        for name in [
            "team-label",
            "first.example",
            "Pod Security",
            "no-latest",
            "check.example",
            "Quotas",
        ] {
            assert!(sees(&shop, name), "{name}");
        }
        for name in ["team-label", "first.example", "Pod Security", "no-latest", "Quotas"] {
            assert!(matches!(named(&system, name).sees, Some(Sight::No { .. })), "{name}");
        }
        assert!(sees(&system, "check.example"));
    }

    #[test]
    fn a_policy_says_what_binds_it_and_with_what() {
        let steps = told(None);
        let binding = &named(&steps, "no-latest").bindings[0];
        assert_eq!(binding.parameters, "ConfigMap policy/settings");
        assert_eq!(
            (binding.actions.as_slice(), binding.sees.is_none()),
            (&["Deny".to_owned()][..], true)
        );
    }

    #[test]
    fn a_binding_may_leave_pods_out_or_name_them() {
        let selector = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}";
        let sees = |field: &str, names: &str| {
            let rule = "apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]";
            let narrowed = format!("{selector}, {field}: [{{{rule}{names}}}]");
            let snapshot = snapshot(&CLUSTER.replace(selector, &narrowed));
            let newcomer = Newcomer {
                namespace: "shop",
                labels: &Labels::EMPTY,
            };
            let steps = steps(&Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH), Some(newcomer));
            named(&steps, "no-latest").sees.clone().unwrap()
        };
        assert_eq!(sees("resourceRules", ""), Sight::Yes);
        assert!(matches!(sees("excludeResourceRules", ""), Sight::No { .. }));
        for field in ["resourceRules", "excludeResourceRules"] {
            assert!(
                matches!(sees(field, ", resourceNames: [web]"), Sight::Perhaps { .. }),
                "{field}"
            );
        }
    }

    #[test]
    fn a_policy_that_nothing_binds_sees_nobody() {
        let snapshot = snapshot(&CLUSTER.replace("policyName: no-latest", "policyName: other"));
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let labels = Labels::EMPTY;
        let newcomer = Newcomer {
            namespace: "shop",
            labels: &labels,
        };
        let steps = steps(&cluster, Some(newcomer));
        assert!(matches!(named(&steps, "no-latest").sees, Some(Sight::No { .. })));
    }
}
