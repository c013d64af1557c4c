//! Load balancers that their cloud keeps off the Internet.

use crate::model::service::Service;

/// The annotations by which clouds are asked for one, and what stands there, as the documentation of Services lists them.
/// <https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer>
const ANNOTATIONS: &[(&str, &str)] = &[
    ("cloud.google.com/load-balancer-type", "internal"),
    ("networking.gke.io/load-balancer-type", "internal"),
    (
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
        "intranet",
    ),
    ("service.beta.kubernetes.io/aws-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"),
    ("service.beta.kubernetes.io/azure-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/cce-load-balancer-internal-vpc", "true"),
    ("service.beta.kubernetes.io/oci-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/openstack-internal-load-balancer", "true"),
    (
        "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
        "private",
    ),
];

/// Whether a Service asks for one.
pub(super) fn is_internal(service: &Service) -> bool {
    let meta = service.metadata.as_ref();
    meta.is_some_and(|meta| {
        let mut annotations = ANNOTATIONS.iter();
        annotations.any(|(key, wanted)| {
            let value = meta.annotation(key);
            value.is_some_and(|value| value.eq_ignore_ascii_case(wanted))
        })
    })
}
