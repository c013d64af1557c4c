//! Every certificate that can be seen, by when it ends.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared::certificates::{Calendar, CertificateFacts, CertificateRow, Place};
use shared::object::ObjectRef;

use super::authorities::{Bundle, HOLDERS, bundles};
use super::certificate::CertificateError;
use super::servers::{self, Server};
use super::{bundle, expiry, mesh, references};
use crate::cluster::Cluster;
use crate::model::certificate::Certificate;
use crate::model::certificate_request::CertificateSigningRequest;
use crate::model::{Kind, Object, Snapshot};
use crate::run::why;

/// Kinds that hold certificates, name the Secrets that do, or say what a mesh asks for.
const READ: &[Kind] = &[
    Kind::Certificate,
    Kind::CertificateSigningRequest,
    Kind::Ingress,
    Kind::Gateway,
    Kind::PeerAuthentication,
    Kind::LinkerdServer,
    Kind::ServerAuthorization,
    Kind::LinkerdAuthorizationPolicy,
];

/// The calendar.
pub fn calendar(cluster: &Cluster<'_>) -> Calendar {
    let (snapshot, now) = (cluster.snapshot, cluster.now);
    let mut rows: Vec<CertificateRow> = HOLDERS
        .iter()
        .flat_map(|kind| snapshot.of(*kind))
        .flat_map(|object| of_bundles(object, now))
        .collect();
    rows.extend(
        snapshot
            .all::<CertificateSigningRequest>()
            .flat_map(|request| issued(request, now)),
    );
    rows.extend(of_secrets(snapshot, now));
    rows.extend(servers::answered(snapshot).iter().map(|server| served(server, now)));
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    Calendar {
        rows,
        serving: snapshot.serving.clone().and_then(Result::ok),
        kubelets: servers::kubelets(snapshot),
        endpoints: servers::endpoints(snapshot),
        meshes: mesh::namespaces(cluster),
        unread: unread(snapshot),
    }
}

/// What has a date comes before what has none, and of that first what can't be read.
fn order(row: &CertificateRow) -> (bool, Option<DateTime<Utc>>, bool, Place, &ObjectRef, &[String]) {
    let is_named_only = row.place == Place::Secret;
    (
        row.not_after.is_none(),
        row.not_after,
        is_named_only,
        row.place,
        &row.object,
        &row.fields,
    )
}

/// A row of a certificate that was read, or of why it could not be.
fn row(
    place: Place,
    object: ObjectRef,
    field: &str,
    read: Result<CertificateFacts, CertificateError>,
    now: DateTime<Utc>,
) -> CertificateRow {
    let problem = read.as_ref().err().map(|error| format!("{error}"));
    let certificate = read.ok();
    let urgency = |facts: &CertificateFacts| expiry::severity_of_life(now, facts.not_before, facts.not_after);
    CertificateRow {
        place,
        object,
        fields: Some(field.to_owned())
            .filter(|field| !field.is_empty())
            .into_iter()
            .collect(),
        not_before: certificate.as_ref().map(|facts| facts.not_before),
        not_after: certificate.as_ref().map(|facts| facts.not_after),
        renewal: None,
        urgency: certificate.as_ref().and_then(urgency),
        names: certificate
            .as_ref()
            .map(|facts| facts.names.clone())
            .unwrap_or_default(),
        secret: String::new(),
        used_by: Vec::new(),
        certificate,
        problem,
    }
}

/// What a server serves with. One that was called by its address is told by that.
fn served(server: &Server<'_>, now: DateTime<Utc>) -> CertificateRow {
    let field = match server.place {
        Place::Endpoint => server.subkey,
        _ => "",
    };
    let certificate = Ok(server.serving.certificate.clone());
    row(server.place, server.object.clone(), field, certificate, now)
}

/// The authorities of an object, each said once with all the fields that hold it.
fn of_bundles(object: &Object, now: DateTime<Utc>) -> Vec<CertificateRow> {
    let mut found: BTreeMap<String, CertificateRow> = BTreeMap::new();
    for bundle in bundles(object) {
        for (key, read) in certificates(&bundle) {
            let new = || row(bundle.place, object.reference(), "", read, now);
            let fields = &mut found.entry(key).or_insert_with(new).fields;
            if fields.last() != Some(&bundle.path) {
                fields.push(bundle.path.clone());
            }
        }
    }
    found.into_values().collect()
}

/// The certificates of a bundle, each with what tells it from others: one that can't be read is told by its place.
fn certificates(bundle: &Bundle<'_>) -> Vec<(String, Result<CertificateFacts, CertificateError>)> {
    let mut read = bundle::certificates(bundle.pem);
    if read.is_empty() {
        read.push(Err(CertificateError::Absent));
    }
    let key = |read: &Result<CertificateFacts, CertificateError>| match read {
        Ok(facts) => facts.fingerprint.clone(),
        Err(error) => format!("{} {error}", bundle.path),
    };
    read.into_iter().map(|read| (key(&read), read)).collect()
}

/// What a signer has issued for a request: the first certificate, which is the requester's.
fn issued(request: &CertificateSigningRequest, now: DateTime<Utc>) -> Option<CertificateRow> {
    let pem = &request.status.as_ref()?.certificate;
    let first = bundle::certificates(pem).into_iter().next()?;
    let object = Kind::CertificateSigningRequest.reference(request.metadata.as_ref()?);
    Some(row(Place::Issued, object, "status.certificate", first, now))
}

/// Certificates of cert-manager with what serves with them, and the Secrets that it does not fill.
fn of_secrets(snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<CertificateRow> {
    let mut used = references::secrets(snapshot);
    let managed = snapshot.all::<Certificate>().map(|certificate| {
        let mut row = of_cert_manager(certificate, now);
        row.used_by = used.remove(&row.secret).unwrap_or_default();
        row
    });
    let mut rows: Vec<CertificateRow> = managed.collect();
    rows.extend(used.into_iter().filter_map(|(secret, used_by)| named(secret, used_by)));
    rows
}

fn of_cert_manager(certificate: &Certificate, now: DateTime<Utc>) -> CertificateRow {
    let meta = certificate.metadata.clone().unwrap_or_default();
    let (spec, status) = (certificate.spec.as_ref(), certificate.status.as_ref());
    let not_after = status.and_then(|status| status.not_after?.utc());
    let renewal = status.and_then(|status| status.renewal_time?.utc());
    let secret = spec.map_or("", |spec| spec.secret_name.as_str());
    CertificateRow {
        place: Place::CertManager,
        object: Kind::Certificate.reference(&meta),
        fields: vec!["status.notAfter".into()],
        certificate: None,
        not_before: status.and_then(|status| status.not_before?.utc()),
        not_after,
        renewal,
        urgency: not_after.and_then(|not_after| expiry::severity_of_renewed(now, not_after, renewal)),
        names: spec.map(|spec| spec.dns_names.clone()).unwrap_or_default(),
        secret: references::key(&meta.namespace, secret),
        used_by: Vec::new(),
        problem: not_after.is_none().then(|| "it has not been issued".to_owned()),
    }
}

fn named(secret: String, used_by: Vec<ObjectRef>) -> Option<CertificateRow> {
    Some(CertificateRow {
        place: Place::Secret,
        object: used_by.first()?.clone(),
        fields: Vec::new(),
        certificate: None,
        not_before: None,
        not_after: None,
        renewal: None,
        urgency: None,
        names: Vec::new(),
        problem: Some(format!(
            "the certificate is in Secret {secret}, and what Secrets hold is never read"
        )),
        secret,
        used_by,
    })
}

fn unread(snapshot: &Snapshot) -> Vec<String> {
    let sentence = |kind: &Kind| {
        let outcome = snapshot.outcome(*kind);
        (!outcome.is_known()).then(|| why(&kind.info().resource(), &outcome))
    };
    let reason = snapshot.serving.as_ref().and_then(|serving| serving.as_ref().err());
    let greeted = reason.map(|reason| format!("The API server's own certificate was not seen: {reason}."));
    greeted
        .into_iter()
        .chain(unanswered(snapshot))
        .chain(HOLDERS.iter().chain(READ).filter_map(sentence))
        .collect()
}

/// The kubelets and other servers that were called and did not answer; of kubelets one reason stands for all.
fn unanswered(snapshot: &Snapshot) -> Vec<String> {
    let endpoints = snapshot.probes.endpoints.iter();
    let mut told: Vec<String> = endpoints
        .filter_map(|(address, handshake)| Some(servers::not_seen(address, handshake.seen().err()?)))
        .collect();
    let kubelets = snapshot.probes.kubelets.iter().flatten();
    let failed: Vec<&str> = kubelets.filter_map(|(_, probe)| probe.handshake.seen().err()).collect();
    match failed.as_slice() {
        [] => {}
        [reason] => told.push(format!("The certificate of 1 kubelet was not seen: {reason}.")),
        [reason, ..] => told.push(format!(
            "The certificates of {} kubelets were not seen; of the first: {reason}.",
            failed.len()
        )),
    }
    told
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use chrono::DateTime;
    use shared::certificates::ServingCertificate;
    use shared::probes::{Handshake, KubeletProbe};
    use shared::snapshots::Collected;
    use shared::verdict::Severity;

    use super::*;
    use crate::fixture::snapshot;
    use crate::tls::fixture as probes;

    const EXPIRED: &str = include_str!("fixture/expired.pem");
    const DUE: &str = include_str!("fixture/due.pem");
    const LONG: &str = include_str!("fixture/long.pem");

    /// 2026-11-18, like the checks' tests.
    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap()
    }

    fn seen(snapshot: &Snapshot) -> Calendar {
        calendar(&Cluster::new(snapshot, now()))
    }

    fn webhooks(bundles: &[&str]) -> String {
        let webhook = |(place, pem): (usize, &&str)| {
            format!(
                "{{name: w{place}.example, clientConfig: {{caBundle: '{}'}}}}",
                STANDARD.encode(pem)
            )
        };
        let webhooks: Vec<String> = bundles.iter().enumerate().map(webhook).collect();
        format!(
            "
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {{name: policy}}
webhooks: [{}]
",
            webhooks.join(", ")
        )
    }

    fn rows(manifests: &str) -> Vec<CertificateRow> {
        seen(&snapshot(manifests)).rows
    }

    #[test]
    fn every_certificate_of_a_bundle_has_a_row_and_what_ends_first_comes_first() {
        let rows = rows(&webhooks(&[&format!("{LONG}{DUE}{EXPIRED}")]));
        let subjects: Vec<_> = rows
            .iter()
            .map(|row| (row.certificate.as_ref().unwrap().subject.as_str(), row.urgency))
            .collect();
        assert_eq!(
            subjects,
            [
                ("CN=old-ca", Some(Severity::Critical)),
                ("CN=due-ca", Some(Severity::Medium)),
                ("CN=long-ca", None)
            ]
        );
    }

    #[test]
    fn one_that_several_fields_hold_is_one_row() {
        let rows = rows(&webhooks(&[LONG, LONG]));
        assert_eq!(rows.len(), 1);
        assert_eq!(
            rows[0].fields,
            [
                "webhooks[w0.example].clientConfig.caBundle",
                "webhooks[w1.example].clientConfig.caBundle"
            ]
        );
    }

    #[test]
    fn what_can_not_be_read_is_a_row_with_the_reason() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let rows = rows(&webhooks(&[&format!("{broken}{LONG}"), "rubbish"]));
        let problems: Vec<_> = rows.iter().map(|row| row.problem.as_deref()).collect();
        assert_eq!(
            problems,
            [None, Some("it can't be decoded"), Some("there is no certificate")]
        );
    }

    const SERVED: &str = "
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls, dnsNames: [shop.example]}
status: {notAfter: '2026-12-01T00:00:00Z', renewalTime: '2026-11-20T00:00:00Z'}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {tls: [{hosts: [shop.example], secretName: web-tls}, {hosts: [a.example], secretName: bought}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: bought}, {name: web-tls, namespace: other}]}}]}
";

    #[test]
    fn a_secret_is_joined_with_the_certificate_that_fills_it_and_else_has_no_date() {
        let rows = rows(SERVED);
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.place,
                    row.secret.as_str(),
                    row.not_after.is_some(),
                    row.used_by.len(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Place::CertManager, "shop/web-tls", true, 1),
                (Place::Secret, "other/web-tls", false, 1),
                (Place::Secret, "shop/bought", false, 2)
            ]
        );
    }

    #[test]
    fn what_cert_manager_is_going_to_renew_in_time_is_not_urgent() {
        let urgency = |not_after: &str, renewal: &str| {
            let status = format!("notAfter: '{not_after}', renewalTime: '{renewal}'");
            let certificate = SERVED.replace(
                "notAfter: '2026-12-01T00:00:00Z', renewalTime: '2026-11-20T00:00:00Z'",
                &status,
            );
            rows(&certificate)[0].urgency
        };
        let (today, tomorrow) = ("2026-11-18T20:00:00Z", "2026-11-19T04:00:00Z");
        assert_eq!(urgency(tomorrow, today), None);
        assert_eq!(urgency(tomorrow, "2026-11-17T20:00:00Z"), Some(Severity::High));
        assert_eq!(urgency("2026-11-17T20:00:00Z", today), Some(Severity::Critical));
    }

    #[test]
    fn what_was_issued_for_a_request_and_what_the_api_server_serves_count() {
        let request = format!(
            "
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {{name: csr-1}}
status: {{certificate: '{}'}}
",
            STANDARD.encode(DUE)
        );
        let mut snapshot = snapshot(&request);
        snapshot.serving = Some(Ok(ServingCertificate {
            certificate: bundle::parse(LONG.as_bytes()).unwrap().remove(0),
            chain_length: 1,
            protocols: vec!["1.3".into()],
            client_certificate_requested: true,
        }));
        let calendar = seen(&snapshot);
        let places: Vec<_> = calendar.rows.iter().map(|row| row.place).collect();
        assert_eq!(places, [Place::Issued, Place::ApiServer]);
        assert_eq!(calendar.serving.unwrap().protocols, ["1.3"]);
    }

    #[test]
    fn kubelets_and_endpoints_count_where_they_were_called() {
        let mut snapshot = snapshot("");
        assert_eq!(seen(&snapshot).kubelets, None);
        let of = |node: &str, probe| (node.to_owned(), probe);
        let silent = KubeletProbe::unseen("", "it names no InternalIP");
        snapshot.probes.kubelets = Some(BTreeMap::from([
            of("a", probes::kubelet(LONG)),
            of("b", silent.clone()),
            of("c", silent),
        ]));
        let etcd = probes::answered(DUE, false);
        snapshot.probes.endpoints =
            BTreeMap::from([("etcd:2379".into(), etcd), ("web:80".into(), Handshake::WithoutTls)]);
        let calendar = seen(&snapshot);
        let told: Vec<_> = calendar
            .rows
            .iter()
            .map(|row| (row.place, row.object.name.as_str(), row.fields.join("")))
            .collect();
        assert_eq!(
            told,
            [
                (Place::Endpoint, "cluster", "etcd:2379".to_owned()),
                (Place::Kubelet, "a", String::new())
            ]
        );
        let kubelets = calendar.kubelets.unwrap();
        let problems: Vec<_> = kubelets.iter().map(|row| row.problem.as_deref()).collect();
        assert_eq!(
            problems,
            [None, Some("it names no InternalIP"), Some("it names no InternalIP")]
        );
        assert!(!calendar.endpoints[0].client_certificate_requested);
        assert_eq!(
            calendar.unread,
            [
                "web:80 was not seen: what answers there does not speak TLS.",
                "The certificates of 2 kubelets were not seen; of the first: it names no InternalIP."
            ]
        );
    }

    #[test]
    fn what_was_not_read_is_said() {
        let mut snapshot = snapshot("");
        assert!(seen(&snapshot).unread.is_empty());
        snapshot.serving = Some(Err("it is reached through a proxy".into()));
        assert_eq!(
            seen(&snapshot).unread,
            ["The API server's own certificate was not seen: it is reached through a proxy."]
        );
        snapshot.serving = None;
        let denied = Collected::Denied {
            reason: "forbidden".into(),
        };
        snapshot.set(Kind::Ingress, denied, Vec::new());
        assert_eq!(
            seen(&snapshot).unread,
            ["Reading ingresses.networking.k8s.io was denied."]
        );
    }
}
