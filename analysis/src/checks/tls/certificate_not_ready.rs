//! Certificates that cert-manager can't issue.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use super::certificate_expiring;
use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::certificate::{Certificate, CertificateCondition};
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "certificate-not-ready",
    title: "Certificate is not issued",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "What should serve with the certificate serves with none, or with a default that nobody trusts, and people learn \
        to click the warning away. Where an older one still serves, which is of low severity, it ends without a successor. \
        Certificates younger than an hour are given time, and what certificate-expiring reports is not said twice.",
    // No patch: what hinders it stands elsewhere.
    remediation: "Follow it with cmctl status certificate, or the events of the Certificate, its CertificateRequest, Order and \
        Challenge: most often the issuer is missing, or the challenge can't be reached.",
    reads: &[Need::IfServed(Kind::Certificate)],
    judge: Judge::Object(&[Kind::Certificate], judge),
};

/// Issuing takes a while, most of all where a challenge is to be answered.
const ISSUING_TAKES: TimeDelta = TimeDelta::hours(1);

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::Certificate(certificate) = object else {
        return Outcome::NotApplicable;
    };
    let conditions = certificate.status.iter().flat_map(|status| &status.conditions);
    let Some(ready) = conditions.into_iter().find(|condition| condition.r#type == "Ready") else {
        return Outcome::NotApplicable;
    };
    let said_elsewhere = certificate_expiring::is_reported(cluster.now, certificate);
    if ready.status == "True" || said_elsewhere || is_young(certificate, cluster.now) {
        return Outcome::Pass;
    }
    Outcome::of(vec![finding(object.reference(), certificate, ready)])
}

fn is_young(certificate: &Certificate, now: DateTime<Utc>) -> bool {
    let created = certificate
        .metadata
        .as_ref()
        .and_then(|meta| meta.creation_timestamp?.utc());
    created.is_some_and(|created| now - created < ISSUING_TAKES)
}

fn finding(object: ObjectRef, certificate: &Certificate, ready: &CertificateCondition) -> Finding {
    let spec = certificate.spec.as_ref();
    let secret = spec.map_or("", |spec| spec.secret_name.as_str());
    let not_after = certificate.status.as_ref().and_then(|status| status.not_after);
    let serves = match not_after.and_then(|time| time.utc()) {
        None => format!("There is no certificate in Secret {secret} yet"),
        Some(end) => format!("An older one serves until {}", end.format("%Y-%m-%d")),
    };
    let reason = match ready.reason.as_str() {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    let mut finding = CHECK
        .finding(
            object.clone(),
            "",
            format!("{object} is not ready"),
            format!("cert-manager says that {object} is not ready{reason}. {serves}."),
        )
        .witness("status.conditions[Ready]", json!(ready));
    if let Some(issuer) = spec.and_then(|spec| spec.issuer_ref.as_ref()) {
        finding = finding.witness("spec.issuerRef", json!(issuer));
    }
    if not_after.is_some() {
        finding.severity = Severity::Low;
    }
    finding
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{CHECK, Certificate, is_young};
    use crate::fixture::{findings, titles};
    use crate::model::meta::ObjectMeta;
    use crate::model::quantity::Time;
    use shared::verdict::Severity;

    // The tests judge as of 2026-11-18.
    fn certificate(created: &str, status: &str) -> String {
        format!(
            "
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: web, namespace: shop, creationTimestamp: '{created}'}}
spec: {{secretName: web-tls, issuerRef: {{kind: ClusterIssuer, name: ca}}}}
status: {{{status}}}
"
        )
    }

    const OLD: &str = "2026-01-01T00:00:00Z";
    const NOT_READY: &str = "conditions: [{type: Ready, status: 'False', reason: DoesNotExist}]";

    #[test]
    fn one_that_was_never_issued_fails() {
        let found = findings(&CHECK, &certificate(OLD, NOT_READY)).remove(0);
        assert_eq!(found.severity, Severity::Medium);
        assert_eq!(
            found.message,
            "cert-manager says that Certificate shop/web is not ready (DoesNotExist). There is no certificate in Secret web-tls yet."
        );
    }

    #[test]
    fn one_that_still_serves_is_low_and_one_about_to_end_is_left_to_the_other_check() {
        let ends = |day: &str| certificate(OLD, &format!("{NOT_READY}, notAfter: '{day}T00:00:00Z'"));
        assert_eq!(findings(&CHECK, &ends("2027-06-01")).remove(0).severity, Severity::Low);
        assert_eq!(titles(&CHECK, &ends("2026-11-20")), [""; 0]);
    }

    #[test]
    fn a_young_one_a_ready_one_and_one_in_a_manifest_pass() {
        assert_eq!(titles(&CHECK, &certificate("2026-11-18T10:30:00Z", NOT_READY)), [""; 0]);
        assert_eq!(
            titles(&CHECK, &certificate(OLD, "conditions: [{type: Ready, status: 'True'}]")),
            [""; 0]
        );
        assert_eq!(titles(&CHECK, &certificate(OLD, "")), [""; 0]);
    }

    #[test]
    fn one_that_is_made_at_the_end_of_time_is_young() {
        let seconds = DateTime::<Utc>::MAX_UTC.timestamp();
        let metadata = ObjectMeta {
            creation_timestamp: Some(Time { seconds }),
            ..ObjectMeta::default()
        };
        let certificate = Certificate {
            metadata: Some(metadata),
            ..Certificate::default()
        };
        assert!(is_young(&certificate, DateTime::UNIX_EPOCH));
    }
}
