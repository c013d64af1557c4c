//! Hosts that are served without TLS.

use std::collections::BTreeSet;

use serde_json::json;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::ingress::{IngressRule, IngressSpec};
use crate::model::meta::ObjectMeta;
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "ingress-without-tls",
    title: "Ingress serves a host without TLS",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "What is sent to the host can be read and changed on its way: passwords, session cookies, and the pages \
        themselves.",
    // No patch: a certificate can't be invented.
    remediation: "Add the host to spec.tls with the name of a Secret that holds its certificate; cert-manager can obtain one. \
        Where a load balancer in front ends TLS, accept the risk with that as its reason.",
    reads: &[Need::Read(Kind::Ingress)],
    judge: Judge::Object(&[Kind::Ingress], judge),
};

/// Annotations by which a controller ends TLS without `spec.tls`, and what their value must contain.
const TLS_ANNOTATIONS: &[(&str, &str)] = &[
    ("alb.ingress.kubernetes.io/certificate-arn", ""),
    ("alb.ingress.kubernetes.io/listen-ports", "HTTPS"),
    ("appgw.ingress.kubernetes.io/appgw-ssl-certificate", ""),
    ("ingress.gcp.kubernetes.io/pre-shared-cert", ""),
    ("networking.gke.io/managed-certificates", ""),
    ("traefik.ingress.kubernetes.io/router.tls", "true"),
];

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::Ingress(ingress) = object else {
        return Outcome::NotApplicable;
    };
    let Some(spec) = &ingress.spec else {
        return Outcome::NotApplicable;
    };
    if ends_tls_elsewhere(object.meta()) {
        return Outcome::Pass;
    }
    let covered: BTreeSet<&str> = spec.tls.iter().flat_map(|tls| &tls.hosts).map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let open = hosts(spec)
        .into_iter()
        .filter(|(_, host)| seen.insert(*host) && !is_covered(spec, &covered, host));
    Outcome::of(
        open.map(|(path, host)| finding(object, &covered, &path, host))
            .collect(),
    )
}

fn ends_tls_elsewhere(meta: &ObjectMeta) -> bool {
    TLS_ANNOTATIONS
        .iter()
        .any(|(key, part)| meta.annotation(key).is_some_and(|value| value.contains(part)))
}

/// The hosts that it serves and where each stands; an empty one is any host.
fn hosts(spec: &IngressSpec) -> Vec<(String, &str)> {
    let rules = spec
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| !is_acme_challenge(rule));
    let mut hosts: Vec<_> = rules
        .map(|(place, rule)| (format!("spec.rules[{place}].host"), rule.host.as_str()))
        .collect();
    if spec.rules.is_empty() && spec.default_backend.is_some() {
        hosts.push(("spec.rules".to_owned(), ""));
    }
    hosts
}

/// The proof that one owns a domain is fetched without TLS, before there is a certificate (RFC 8555, 8.3).
fn is_acme_challenge(rule: &IngressRule) -> bool {
    let paths = rule
        .ingress_rule_value
        .as_ref()
        .and_then(|value| value.http.as_ref())
        .map_or(&[][..], |http| &http.paths);
    !paths.is_empty()
        && paths
            .iter()
            .all(|path| path.path.starts_with("/.well-known/acme-challenge/"))
}

/// An entry without hosts stands for all of them; a wildcard stands for one label.
fn is_covered(spec: &IngressSpec, covered: &BTreeSet<&str>, host: &str) -> bool {
    let by_wildcard = || {
        host.split_once('.')
            .is_some_and(|(_, parent)| covered.contains(format!("*.{parent}").as_str()))
    };
    spec.tls.iter().any(|tls| tls.hosts.is_empty()) || covered.contains(host) || by_wildcard()
}

fn subkey(host: &str) -> &str {
    if host.is_empty() { "*" } else { host }
}

/// Covered hosts that a finding shows.
const MAX_WITNESSES: usize = 20;

fn finding(object: &Object, covered: &BTreeSet<&str>, path: &str, host: &str) -> Finding {
    let reference = object.reference();
    let what = if host.is_empty() {
        "any host".to_owned()
    } else {
        format!("host {host}")
    };
    let why = if covered.is_empty() {
        "spec.tls names no host"
    } else {
        "no entry of spec.tls covers it"
    };
    let message = format!("{reference} serves {what} without TLS: {why}.");
    CHECK
        .finding(
            reference.clone(),
            subkey(host),
            format!("{reference} serves {what} without TLS"),
            message,
        )
        .witness(path, host)
        .witness(
            "spec.tls",
            json!(covered.iter().take(MAX_WITNESSES).collect::<Vec<_>>()),
        )
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::findings;

    fn uncovered(annotations: &str, spec: &str) -> Vec<String> {
        let manifests = format!(
            "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop, annotations: {{{annotations}}}}}
spec: {{{spec}}}
"
        );
        findings(&CHECK, &manifests)
            .into_iter()
            .map(|finding| finding.subkey)
            .collect()
    }

    #[test]
    fn hosts_that_no_entry_covers_fail_once_each() {
        let spec = "tls: [{hosts: [a.example.org]}], rules: [{host: a.example.org}, {host: b.example.org}, {host: b.example.org}]";
        assert_eq!(uncovered("", spec), ["b.example.org"]);
    }

    #[test]
    fn a_wildcard_covers_one_label_and_itself() {
        let rules =
            "rules: [{host: a.example.org}, {host: b.a.example.org}, {host: example.org}, {host: '*.example.org'}]";
        assert_eq!(
            uncovered("", &format!("tls: [{{hosts: ['*.example.org']}}], {rules}")),
            ["b.a.example.org", "example.org"]
        );
        assert_eq!(
            uncovered("", "tls: [{hosts: [a.example.org]}], rules: [{host: '*.example.org'}]"),
            ["*.example.org"]
        );
    }

    #[test]
    fn an_entry_without_hosts_covers_all() {
        assert_eq!(
            uncovered("", "tls: [{secretName: t}], rules: [{host: a.example.org}, {}]"),
            [""; 0]
        );
    }

    #[test]
    fn a_rule_without_host_and_a_backend_alone_serve_any_host() {
        assert_eq!(uncovered("", "rules: [{http: {paths: [{path: /}]}}]"), ["*"]);
        assert_eq!(uncovered("", "defaultBackend: {service: {name: web}}"), ["*"]);
    }

    #[test]
    fn a_challenge_is_served_without_tls_on_purpose() {
        let solver = "{host: a.example.org, http: {paths: [{path: /.well-known/acme-challenge/x}]}}";
        assert_eq!(uncovered("", &format!("rules: [{solver}]")), [""; 0]);
        assert_eq!(
            uncovered("", &format!("rules: [{solver}, {{host: b.example.org}}]")),
            ["b.example.org"]
        );
    }

    #[test]
    fn a_controller_may_be_told_by_annotation() {
        let rules = "rules: [{host: a.example.org}]";
        assert_eq!(
            uncovered("alb.ingress.kubernetes.io/listen-ports: '[{\"HTTPS\":443}]'", rules),
            [""; 0]
        );
        assert_eq!(
            uncovered("appgw.ingress.kubernetes.io/appgw-ssl-certificate: shop", rules),
            [""; 0]
        );
        assert_eq!(
            uncovered("alb.ingress.kubernetes.io/listen-ports: '[{\"HTTP\":80}]'", rules),
            ["a.example.org"]
        );
        assert_eq!(
            uncovered("traefik.ingress.kubernetes.io/router.tls: 'false'", rules),
            ["a.example.org"]
        );
    }
}
