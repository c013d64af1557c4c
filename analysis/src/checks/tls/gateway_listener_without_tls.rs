//! Listeners of Gateways that serve without TLS.

use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::gateway::Listener;
use crate::model::{Kind, Object};
use crate::tls::routes::{Route, routes};

/// See its fields.
pub static CHECK: Check = Check {
    id: "gateway-listener-without-tls",
    title: "Gateway serves without TLS",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "What is sent through the listener can be read and changed on its way: passwords, session cookies, and the pages \
        themselves. A listener whose routes do nothing but redirect to https, or answer ACME challenges, is as it should be, \
        and one without routes serves nothing.",
    // No patch: a certificate can't be invented.
    remediation: "Move the routes to a listener with protocol HTTPS and a certificate (cert-manager can obtain one), and leave \
        on this one a route with a RequestRedirect to https. Where a load balancer in front ends TLS, accept the risk with \
        that as its reason.",
    reads: &[
        Need::IfServed(Kind::Gateway),
        Need::IfServed(Kind::HttpRoute),
        Need::IfServed(Kind::GrpcRoute),
        Need::Read(Kind::Namespace),
    ],
    judge: Judge::Object(&[Kind::Gateway], judge),
};

/// How many routes a message names.
const NAMED: usize = 3;

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::Gateway(gateway) = object else {
        return Outcome::NotApplicable;
    };
    let Some(spec) = &gateway.spec else {
        return Outcome::NotApplicable;
    };
    let plain: Vec<&Listener> = spec
        .listeners
        .iter()
        .filter(|listener| listener.protocol == "HTTP")
        .collect();
    let found = plain.iter().filter_map(|listener| {
        let serving: Vec<Route<'_>> = routes(cluster.snapshot, object.meta(), listener)
            .filter(|route| !route.is_for_redirects())
            .collect();
        (!serving.is_empty()).then(|| finding(object.reference(), listener, &serving))
    });
    Outcome::of(found.collect())
}

fn finding(object: ObjectRef, listener: &Listener, routes: &[Route<'_>]) -> Finding {
    let names: Vec<String> = routes
        .iter()
        .take(NAMED)
        .map(|route| route.reference().to_string())
        .collect();
    let more = match routes.len() {
        count if count > NAMED => format!(" and {} more", count - NAMED),
        _ => String::new(),
    };
    let message = format!(
        "Listener {} of {object} serves {}{more} on port {} in the clear.",
        listener.name,
        names.join(", "),
        listener.port
    );
    let title = format!("Listener {} of {object} serves without TLS", listener.name);
    let finding = CHECK
        .finding(object, &listener.name, title, message)
        .witness(format!("spec.listeners[{}].protocol", listener.name), "HTTP");
    routes.iter().take(NAMED).fold(finding, |finding, route| {
        finding.witness_in(route.reference(), "spec.parentRefs", json!(route.spec.parent_refs))
    })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn served(listener: &str, route: &str) -> Vec<String> {
        titles(
            &CHECK,
            &format!(
                "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: edge, namespace: infra}}
spec: {{listeners: [{{name: web, port: 80, {listener}}}]}}
---
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{exposed: 'yes'}}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: web, namespace: shop}}
spec: {{{route}}}
"
            ),
        )
    }

    const ALL: &str = "protocol: HTTP, allowedRoutes: {namespaces: {from: All}}";
    const TO_EDGE: &str = "parentRefs: [{name: edge, namespace: infra}]";

    fn with(rules: &str) -> String {
        format!("{TO_EDGE}, rules: [{rules}]")
    }

    #[test]
    fn a_route_in_the_clear_fails() {
        let found = ["Listener web of Gateway infra/edge serves without TLS"];
        assert_eq!(served(ALL, &with("{backendRefs: [{name: web}]}")), found);
        let selected =
            "protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {exposed: 'yes'}}}}";
        assert_eq!(served(selected, &with("{backendRefs: [{name: web}]}")), found);
        let redirects_elsewhere = "{filters: [{type: RequestRedirect, requestRedirect: {hostname: b.example}}]}";
        assert_eq!(served(ALL, &with(redirects_elsewhere)), found);
    }

    #[test]
    fn redirects_to_https_and_challenges_pass() {
        let redirect = "{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}";
        let challenge = "{matches: [{path: {value: /.well-known/acme-challenge/x}}], backendRefs: [{name: solver}]}";
        assert_eq!(served(ALL, &with(redirect)), [""; 0]);
        assert_eq!(served(ALL, &with(&format!("{challenge}, {redirect}"))), [""; 0]);
    }

    #[test]
    fn routes_that_do_not_come_through_the_listener_do_not_count() {
        let rules = "rules: [{backendRefs: [{name: web}]}]";
        for (listener, parent) in [
            (ALL, "{name: edge}"),
            (ALL, "{name: edge, namespace: infra, sectionName: other}"),
            (ALL, "{name: edge, namespace: infra, port: 443}"),
            (ALL, "{name: edge, namespace: infra, kind: Service, group: ''}"),
            ("protocol: HTTP", "{name: edge, namespace: infra}"),
            (
                "protocol: HTTPS, allowedRoutes: {namespaces: {from: All}}",
                "{name: edge, namespace: infra}",
            ),
        ] {
            assert_eq!(
                served(listener, &format!("parentRefs: [{parent}], {rules}")),
                [""; 0],
                "{listener} {parent}"
            );
        }
    }
}
