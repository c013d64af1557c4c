//! Certificates that end soon, or have ended.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use shared::certificates::Place;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::certificate::Certificate;
use crate::model::{Kind, Object};
use crate::tls::authorities::{Bundle, bundles};
use crate::tls::bundle::{self, BundleError};
use crate::tls::expiry;
use crate::tls::servers::{Server, judge_kubelet, judge_named};

/// See its fields.
pub static CHECK: Check = Check {
    id: "certificate-expiring",
    title: "Certificate expires soon",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "When a certificate ends, what it protects stops: hosts turn their visitors away, webhooks and aggregated \
        APIs can no longer be called, so that requests fail, or pass unchecked where the webhook fails open, custom \
        resources can't be converted, and nobody reaches the API server, nor the kubelets and other servers that \
        --probe-kubelets and --probe have called. One that cert-manager is still going to renew in time is left alone.",
    // No patch: a certificate can't be invented.
    remediation: "Find out why it was not renewed: the events of the Certificate and its CertificateRequest say so. Where \
        nothing renews an authority, put the next one into the bundle beside it before it ends.",
    reads: &[
        Need::IfServed(Kind::Certificate),
        Need::Read(Kind::ValidatingWebhookConfiguration),
        Need::Read(Kind::MutatingWebhookConfiguration),
        Need::Read(Kind::ApiService),
        Need::Read(Kind::CustomResourceDefinition),
    ],
    judge: Judge::Each(&[
        Judge::Object(
            &[
                Kind::Certificate,
                Kind::ValidatingWebhookConfiguration,
                Kind::MutatingWebhookConfiguration,
                Kind::ApiService,
                Kind::CustomResourceDefinition,
            ],
            judge,
        ),
        Judge::Cluster(|cluster| judge_named(cluster, |server| judge_server(cluster.now, server))),
        Judge::Object(&[Kind::Node], |cluster, node| {
            judge_kubelet(cluster, node, |server| judge_server(cluster.now, server))
        }),
    ]),
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    match object {
        Object::Certificate(certificate) => judge_certificate(cluster.now, object.reference(), certificate),
        _ => judge_bundles(cluster.now, object),
    }
}

fn judge_certificate(now: DateTime<Utc>, object: ObjectRef, certificate: &Certificate) -> Outcome {
    let Some(status) = &certificate.status else {
        return Outcome::NotApplicable;
    };
    // One that was never issued does not end.
    let Some(not_after) = status.not_after.and_then(|time| time.utc()) else {
        return Outcome::NotApplicable;
    };
    let renewal = status.renewal_time.and_then(|time| time.utc());
    let Some(severity) = expiry::severity_of_renewed(now, not_after, renewal) else {
        return Outcome::Pass;
    };
    let overdue = renewal
        .map(|renewal| format!(" Its renewal was due on {}.", day(renewal)))
        .unwrap_or_default();
    let message = format!("{object} {} {}.{overdue}", verb(severity), day(not_after));
    let mut finding = CHECK
        .finding(
            object.clone(),
            "",
            format!("{object} {} {}", verb(severity), day(not_after)),
            message,
        )
        .witness("status.notAfter", json!(status.not_after));
    if status.renewal_time.is_some() {
        finding = finding.witness("status.renewalTime", json!(status.renewal_time));
    }
    finding.severity = severity;
    Outcome::Fail(vec![finding])
}

/// Whether this check reports the Certificate: another that looks at the same one has nothing to add then.
pub(super) fn is_reported(now: DateTime<Utc>, certificate: &Certificate) -> bool {
    matches!(
        judge_certificate(now, ObjectRef::cluster(), certificate),
        Outcome::Fail(_)
    )
}

fn judge_server(now: DateTime<Utc>, server: &Server<'_>) -> Option<Finding> {
    let (certificate, name) = (&server.serving.certificate, &server.name);
    let severity = expiry::severity_of_life(now, certificate.not_before, certificate.not_after)?;
    let ends = format!("{} {}", verb(severity), day(certificate.not_after));
    let message = format!(
        "The {name} answers with {}, which {ends}. After that nobody who verifies it can reach it.",
        certificate.subject
    );
    let title = format!("Certificate of the {name} {ends}");
    let mut finding = CHECK
        .finding(server.object.clone(), server.subkey, title, message)
        .witness("certificate.notAfter", json!(certificate.not_after.to_rfc3339()));
    finding.severity = severity;
    Some(finding)
}

fn judge_bundles(now: DateTime<Utc>, object: &Object) -> Outcome {
    let bundles = distinct(bundles(object));
    if bundles.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of(
        bundles
            .iter()
            .filter_map(|bundle| judge_bundle(now, object.reference(), bundle))
            .collect(),
    )
}

/// Webhooks of one configuration share their bundle as a rule: each is said once, at the first name.
fn distinct(bundles: Vec<Bundle<'_>>) -> Vec<Bundle<'_>> {
    let mut first: BTreeMap<&[u8], Bundle<'_>> = BTreeMap::new();
    for bundle in bundles {
        match first.get_mut(bundle.pem) {
            Some(other) if other.name <= bundle.name => {}
            Some(other) => *other = bundle,
            None => _ = first.insert(bundle.pem, bundle),
        }
    }
    first.into_values().collect()
}

fn judge_bundle(now: DateTime<Utc>, object: ObjectRef, bundle: &Bundle<'_>) -> Option<Finding> {
    let authorities = match bundle::parse(bundle.pem) {
        Ok(authorities) => authorities,
        Err(error) => return Some(unreadable(object, bundle, error)),
    };
    let last = bundle::last_to_expire(&authorities)?;
    let severity = expiry::severity_of_life(now, last.not_before, last.not_after)?;
    let count = match authorities.len() {
        1 => String::new(),
        more => format!(", the last of {more},"),
    };
    let message = format!(
        "Authority {}{count} in {} of {object} {} {}. After that the API server can't call {}.",
        last.subject,
        bundle.path,
        verb(severity),
        day(last.not_after),
        match bundle.place {
            Place::ApiService => "the API",
            Place::Conversion => "what converts the resource",
            _ => "the webhook",
        },
    );
    let mut finding = CHECK
        .finding(
            object.clone(),
            bundle.name,
            format!("CA bundle of {object} {} {}", verb(severity), day(last.not_after)),
            message,
        )
        .witness(
            bundle.path.as_str(),
            json!({ "subject": last.subject, "notAfter": last.not_after.to_rfc3339() }),
        );
    finding.severity = severity;
    Some(finding)
}

fn unreadable(object: ObjectRef, bundle: &Bundle<'_>, error: BundleError) -> Finding {
    let message = format!("{} of {object} can't be used to verify anything: {error}.", bundle.path);
    let mut finding = CHECK
        .finding(
            object.clone(),
            bundle.name,
            format!("CA bundle of {object} can't be read"),
            message,
        )
        .witness(bundle.path.as_str(), format!("{} bytes", bundle.pem.len()));
    finding.severity = Severity::High;
    finding
}

fn verb(severity: Severity) -> &'static str {
    if severity == Severity::Critical {
        "expired on"
    } else {
        "expires on"
    }
}

/// The day alone: what is said must not change while nothing does.
fn day(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use shared::probes::KubeletProbe;
    use shared::verdict::{Severity, Verdict};

    use super::CHECK;
    use crate::fixture::{findings, findings_in, snapshot, titles, verdict};
    use crate::tls::fixture::{answered, kubelet, serving};

    // The tests judge as of 2026-11-18.
    const EXPIRED: &str = include_str!("../../tls/fixture/expired.pem");
    const DUE: &str = include_str!("../../tls/fixture/due.pem");
    const LONG: &str = include_str!("../../tls/fixture/long.pem");

    fn certificate(status: &str) -> Vec<(String, Severity)> {
        let manifests = format!(
            "
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: web, namespace: shop}}
status: {{{status}}}
"
        );
        findings(&CHECK, &manifests)
            .into_iter()
            .map(|finding| (finding.title, finding.severity))
            .collect()
    }

    #[test]
    fn a_certificate_that_was_not_renewed_is_reported_by_what_is_left() {
        let of = |not_after: &str| {
            certificate(&format!(
                "notAfter: '{not_after}T00:00:00Z', renewalTime: '2026-11-01T00:00:00Z'"
            ))
        };
        assert_eq!(of("2027-01-01"), []);
        assert_eq!(
            of("2026-12-01"),
            [(
                "Certificate shop/web expires on 2026-12-01".to_owned(),
                Severity::Medium
            )]
        );
        assert_eq!(
            of("2026-11-20"),
            [("Certificate shop/web expires on 2026-11-20".to_owned(), Severity::High)]
        );
        assert_eq!(
            of("2026-11-18"),
            [(
                "Certificate shop/web expired on 2026-11-18".to_owned(),
                Severity::Critical
            )]
        );
    }

    #[test]
    fn one_that_will_be_renewed_in_time_or_is_being_renewed_passes() {
        let of = |renewal: &str| certificate(&format!("notAfter: '2026-11-20T00:00:00Z', renewalTime: '{renewal}'"));
        assert_eq!(of("2026-11-19T00:00:00Z"), []);
        assert_eq!(of("2026-11-18T10:30:00Z"), []);
        assert_eq!(of("2026-11-18T09:00:00Z").len(), 1);
    }

    #[test]
    fn one_that_was_never_issued_does_not_end() {
        assert_eq!(certificate("conditions: [{type: Ready, status: 'False'}]"), []);
    }

    fn webhooks(bundles: &[(&str, &str)]) -> String {
        let webhook = |(name, pem): &(&str, &str)| {
            format!(
                "{{name: {name}, clientConfig: {{caBundle: '{}'}}}}",
                STANDARD.encode(pem)
            )
        };
        let webhooks: Vec<String> = bundles.iter().map(webhook).collect();
        format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: policy}}
webhooks: [{}]
",
            webhooks.join(", ")
        )
    }

    #[test]
    fn a_bundle_ends_when_its_last_certificate_does() {
        let due = findings(&CHECK, &webhooks(&[("a.example.org", &format!("{DUE}{EXPIRED}"))])).remove(0);
        assert_eq!(
            due.title,
            "CA bundle of ValidatingWebhookConfiguration policy expires on 2026-12-01"
        );
        assert_eq!(
            (due.severity, due.witness[0].path.as_str()),
            (Severity::Medium, "webhooks[a.example.org].clientConfig.caBundle")
        );
        assert_eq!(
            titles(&CHECK, &webhooks(&[("a.example.org", &format!("{EXPIRED}{LONG}"))])),
            [""; 0]
        );
    }

    #[test]
    fn webhooks_that_share_a_bundle_are_said_once() {
        let found = findings(
            &CHECK,
            &webhooks(&[
                ("b.example.org", EXPIRED),
                ("a.example.org", EXPIRED),
                ("c.example.org", DUE),
            ]),
        );
        let mut said: Vec<_> = found
            .iter()
            .map(|finding| (finding.subkey.as_str(), finding.severity))
            .collect();
        said.sort();
        assert_eq!(
            said,
            [
                ("a.example.org", Severity::Critical),
                ("c.example.org", Severity::Medium)
            ]
        );
    }

    #[test]
    fn a_bundle_that_can_not_be_read_is_a_finding_and_a_blank_one_is_none() {
        let found = findings(&CHECK, &webhooks(&[("a.example.org", "TODO")])).remove(0);
        assert_eq!(
            (found.title.as_str(), found.severity),
            (
                "CA bundle of ValidatingWebhookConfiguration policy can't be read",
                Severity::High
            )
        );
        assert_eq!(
            titles(&CHECK, &webhooks(&[("a.example.org", "\n"), ("b.example.org", "")])),
            [""; 0]
        );
    }

    #[test]
    fn the_bundle_of_an_aggregated_api_counts() {
        let manifests = format!(
            "
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {{name: v1.example.org}}
spec: {{service: {{namespace: a, name: b}}, caBundle: '{}'}}
",
            STANDARD.encode(EXPIRED)
        );
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(
            (found.severity, found.witness[0].path.as_str()),
            (Severity::Critical, "spec.caBundle")
        );
    }

    #[test]
    fn the_bundle_of_a_converter_counts_where_it_is_called() {
        let definition = |strategy: &str| {
            format!(
                "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: orders.example.org}}
spec: {{group: example.org, conversion: {{strategy: {strategy}, webhook: {{clientConfig: {{caBundle: '{}'}}}}}}}}
",
                STANDARD.encode(DUE)
            )
        };
        let found = findings(&CHECK, &definition("Webhook")).remove(0);
        assert_eq!(found.witness[0].path, "spec.conversion.webhook.clientConfig.caBundle");
        assert!(
            found.message.ends_with("can't call what converts the resource."),
            "{}",
            found.message
        );
        assert_eq!(titles(&CHECK, &definition("None")), [""; 0]);
    }

    #[test]
    fn the_certificate_of_the_api_server_counts_where_it_was_seen() {
        let mut cluster = snapshot("");
        assert!(findings_in(&CHECK, &cluster).is_empty());
        cluster.serving = Some(Ok(serving(DUE)));
        let found = findings_in(&CHECK, &cluster).remove(0);
        assert_eq!(
            (found.title.as_str(), found.severity),
            ("Certificate of the API server expires on 2026-12-01", Severity::Medium)
        );
    }

    #[test]
    fn what_was_called_counts_and_what_did_not_answer_is_not_passed() {
        let mut cluster = snapshot("apiVersion: v1\nkind: Node\nmetadata: {name: n1}");
        assert_eq!(verdict(&CHECK, &cluster), Verdict::Pass);
        let mut called = |probe: KubeletProbe| {
            cluster.probes.kubelets = Some(BTreeMap::from([("n1".into(), probe)]));
            cluster.probes.endpoints = BTreeMap::from([("etcd:2379".into(), answered(EXPIRED, true))]);
            findings_in(&CHECK, &cluster)
                .into_iter()
                .map(|finding| (finding.object.name, finding.subkey, finding.severity))
                .collect::<Vec<_>>()
        };
        let etcd = ("cluster".to_owned(), "etcd:2379".to_owned(), Severity::Critical);
        assert_eq!(called(kubelet(LONG)), std::slice::from_ref(&etcd));
        let due = ("n1".to_owned(), String::new(), Severity::Medium);
        assert_eq!(called(kubelet(DUE)), [etcd.clone(), due]);
        assert_eq!(called(KubeletProbe::unseen("", "refused")), [etcd]);
        cluster.probes.endpoints.clear();
        assert_eq!(verdict(&CHECK, &cluster), Verdict::NotEvaluated);
    }
}
