//! Admission: webhooks, policies and what Kyverno reports.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Name;
use crate::demo::catalog::NAMESPACES;
use crate::demo::catalog::policies::{HOOKS, Hook};
use crate::demo::clock::Clock;
use crate::demo::rng::Rng;
use crate::demo::story::{self, Fact};

/// All of them on a day.
pub(in crate::demo) fn manifests(clock: Clock, day: u32) -> Vec<Value> {
    let hooks = HOOKS
        .iter()
        .filter(|hook| stands(hook, day))
        .map(|hook| configuration(clock, day, hook));
    let mut objects: Vec<Value> = hooks.collect();
    objects.extend(policies(clock, day));
    objects.extend(
        NAMESPACES
            .iter()
            .filter(|namespace| namespace.quota > 0)
            .map(|namespace| report(clock, namespace.name)),
    );
    objects
}

fn kind(hook: &Hook) -> &'static str {
    if hook.mutates {
        "MutatingWebhookConfiguration"
    } else {
        "ValidatingWebhookConfiguration"
    }
}

fn stands(hook: &Hook, day: u32) -> bool {
    story::exists(&format!("{}/{}", kind(hook), hook.name), day)
}

fn configuration(clock: Clock, day: u32, hook: &Hook) -> Value {
    let fails_open = hook.fails_open && !story::holds(Fact::FailsClosed(hook.name), day, false);
    let (namespace, service) = hook.service.split_once('/').unwrap_or_default();
    let (group, resource) = hook.judges.split_once('/').unwrap_or_default();
    let body = json!({ "webhooks": [{
        "name": format!("{}.{namespace}.svc", hook.name),
        "clientConfig": {
            "service": { "namespace": namespace, "name": service, "path": "/validate", "port": 443 },
            "caBundle": STANDARD.encode(hook.authority.pem()),
        },
        "rules": [{
            "operations": ["CREATE", "UPDATE"], "apiGroups": [group], "apiVersions": ["*"], "resources": [resource],
            "scope": "*",
        }],
        "failurePolicy": if fails_open { "Ignore" } else { "Fail" },
        "matchPolicy": "Equivalent",
        "sideEffects": "None",
        "timeoutSeconds": 10,
        "admissionReviewVersions": ["v1"],
        "namespaceSelector": { "matchExpressions": [
            { "key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system"] },
        ] },
    }] });
    let created = clock.made(-200, &["hook", hook.name]);
    Name::new("admissionregistration.k8s.io/v1", kind(hook), "", hook.name).with(&created, body)
}

fn policies(clock: Clock, day: u32) -> Vec<Value> {
    let limits =
        "object.spec.template.spec.containers.all(c, has(c.resources.limits) && 'memory' in c.resources.limits)";
    let tags = "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest'))";
    let enforced = if story::holds(Fact::LimitsEnforced, day, false) {
        "Deny"
    } else {
        "Warn"
    };
    let sockets = "!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath) || !v.hostPath.path.endsWith('.sock'))";
    let (workloads, pods) = (
        ("apps", &["deployments", "statefulsets", "daemonsets"][..]),
        ("", &["pods"][..]),
    );
    let policies = [
        policy(clock, "require-limits", workloads, limits, enforced),
        policy(clock, "no-floating-tags", workloads, tags, "Warn"),
        policy(clock, "no-runtime-sockets", pods, sockets, "Deny"),
    ];
    policies.into_iter().flatten().collect()
}

fn policy(clock: Clock, name: &str, (of, resources): (&str, &[&str]), expression: &str, action: &str) -> [Value; 2] {
    let group = "admissionregistration.k8s.io/v1";
    let created = clock.made(-110, &["policy", name]);
    let rule = json!({
        "apiGroups": [of], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": resources,
    });
    let spec = json!({
        "failurePolicy": "Fail",
        "matchConstraints": { "matchPolicy": "Equivalent", "resourceRules": [rule] },
        "validations": [{ "expression": expression, "message": format!("{name} is not met") }],
    });
    let bound = json!({
        "policyName": name,
        "validationActions": [action],
        "matchResources": { "namespaceSelector": { "matchExpressions": [
            { "key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "data-eng", "legacy-crm"] },
        ] } },
    });
    [
        Name::new(group, "ValidatingAdmissionPolicy", "", name).with(&created, json!({ "spec": spec })),
        Name::new(group, "ValidatingAdmissionPolicyBinding", "", name).with(&created, json!({ "spec": bound })),
    ]
}

/// What Kyverno says of a namespace.
fn report(clock: Clock, namespace: &str) -> Value {
    let mut rng = Rng::of(&["policy report", namespace]);
    let rules = [
        ("require-team-label", "low"),
        ("disallow-capabilities", "medium"),
        ("require-probes", "low"),
    ];
    let results = rules.map(|(policy, severity)| {
        json!({
            "source": "kyverno", "policy": policy, "rule": policy, "severity": severity, "category": "Best practices",
            "result": if rng.below(6) == 0 { "fail" } else { "pass" }, "resources": [],
        })
    });
    let body = json!({ "scope": { "kind": "Namespace", "name": namespace }, "results": results });
    let name = format!("polr-ns-{namespace}");
    let created = clock.made(-90, &["policy report", namespace]);
    Name::new("wgpolicyk8s.io/v1alpha2", "PolicyReport", namespace, &name).with(&created, body)
}
