//! Aggregated APIs whose server is not verified.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::api::ApiServiceReference;
use crate::model::{Kind, Object};

/// See its fields.
pub static CHECK: Check = Check {
    id: "apiservice-skips-tls-verification",
    title: "Aggregated API is not verified",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "The API server passes requests for this API on, with the name and groups of whoever made them, to whatever \
        answers for the service. Unverified, anyone who can take its place on the network answers for it and sees all that \
        is sent.",
    // No patch: the authority can't be guessed, and without it the API would be cut off.
    remediation: "Give the server a certificate for its service's name, put the authority that signed it into spec.caBundle \
        (cert-manager's CA injector can), and remove insecureSkipTLSVerify in the same change.",
    reads: &[Need::Read(Kind::ApiService)],
    judge: Judge::Object(&[Kind::ApiService], judge),
};

fn judge(_: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::ApiService(api) = object else {
        return Outcome::NotApplicable;
    };
    // Without a service the API server answers itself.
    let Some((spec, service)) = api.spec.as_ref().and_then(|spec| Some((spec, spec.service.as_ref()?))) else {
        return Outcome::NotApplicable;
    };
    match spec.insecure_skip_tls_verify {
        true => Outcome::Fail(vec![finding(object, service)]),
        false => Outcome::Pass,
    }
}

fn finding(object: &Object, service: &ApiServiceReference) -> Finding {
    let reference = object.reference();
    let service = format!("{}/{}", service.namespace, service.name);
    let message =
        format!("The API server does not verify the certificate of Service {service}, which serves {reference}.");
    CHECK
        .finding(
            reference.clone(),
            "",
            format!("{reference} skips TLS verification"),
            message,
        )
        .witness("spec.insecureSkipTLSVerify", true)
        .witness("spec.service", service)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::fixture::titles;

    fn api(spec: &str) -> Vec<String> {
        titles(
            &CHECK,
            &format!(
                "
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {{name: v1beta1.metrics.k8s.io}}
spec: {{group: metrics.k8s.io, version: v1beta1, {spec}}}
"
            ),
        )
    }

    #[test]
    fn an_unverified_service_fails() {
        let titles = api("insecureSkipTLSVerify: true, service: {namespace: kube-system, name: metrics-server}");
        assert_eq!(titles, ["APIService v1beta1.metrics.k8s.io skips TLS verification"]);
    }

    #[test]
    fn a_verified_service_and_a_local_api_pass() {
        assert_eq!(
            api("service: {namespace: kube-system, name: metrics-server}, caBundle: TUlJ"),
            [""; 0]
        );
        assert_eq!(api("groupPriorityMinimum: 1"), [""; 0]);
    }
}
