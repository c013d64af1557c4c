//! Annotations, of which only an allow-list is ever kept.
//!
//! `kubectl.kubernetes.io/last-applied-configuration` repeats whole objects, a Secret's values included, and tools of all
//! kinds store what they like; so a value passes only if its key is known to matter to posture, and everything else is
//! skipped while it is decoded.

use std::collections::BTreeMap;

use prost::bytes::{Buf, BufMut};
use prost::encoding::{self, DecodeContext, WireType};
use prost::{DecodeError, Message};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserializer, Serialize, Serializer};

/// Keys whose values posture reads.
const ALLOWED: &[&str] = &[
    "alb.ingress.kubernetes.io/certificate-arn",
    "alb.ingress.kubernetes.io/listen-ports",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "argocd.argoproj.io/tracking-id",
    "cert-manager.io/cluster-issuer",
    "cert-manager.io/inject-ca-from",
    "cert-manager.io/issuer",
    "cloud.google.com/load-balancer-type",
    "config.linkerd.io/default-inbound-policy",
    "dapr.io/enabled",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "ingressclass.kubernetes.io/is-default-class",
    "kubernetes.io/config.mirror",
    "kubernetes.io/enforce-mountable-secrets",
    "kubernetes.io/ingress.class",
    "kubernetes.io/service-account.name",
    "kubernetes.io/tls-acme",
    "linkerd.io/inject",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
    "networking.gke.io/load-balancer-type",
    "networking.gke.io/managed-certificates",
    "rbac.authorization.kubernetes.io/autoupdate",
    "seccomp.security.alpha.kubernetes.io/pod",
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
    "service.beta.kubernetes.io/aws-load-balancer-internal",
    "service.beta.kubernetes.io/aws-load-balancer-scheme",
    "service.beta.kubernetes.io/azure-load-balancer-internal",
    "service.beta.kubernetes.io/cce-load-balancer-internal-vpc",
    "service.beta.kubernetes.io/oci-load-balancer-internal",
    "service.beta.kubernetes.io/openstack-internal-load-balancer",
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
    "sidecar.istio.io/inject",
    "storageclass.kubernetes.io/is-default-class",
    "traefik.ingress.kubernetes.io/router.tls",
    "vault.hashicorp.com/agent-inject",
];

/// Prefixes of keys that end in a container's name.
const ALLOWED_PREFIXES: &[&str] = &[
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
];

/// Longer values are cut: no annotation of the allow-list needs more bytes.
const MAX_VALUE: usize = 256;

/// One annotation of the allow-list; empty where the key is not on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// Its key.
    pub key: String,
    /// Its value, at most 256 bytes.
    pub value: String,
}

fn is_allowed(key: &str) -> bool {
    ALLOWED.contains(&key) || ALLOWED_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

fn cut(mut value: String) -> String {
    let mut end = value.len().min(MAX_VALUE);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value.truncate(end);
    value
}

/// A protobuf map entry: key 1, value 2. The API server writes the key first, so a value that is not allowed is never read.
impl Message for Annotation {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        encoding::string::encode(1, &self.key, buf);
        encoding::string::encode(2, &self.value, buf);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        match tag {
            1 => encoding::string::merge(wire_type, &mut self.key, buf, ctx),
            2 if is_allowed(&self.key) => {
                encoding::string::merge(wire_type, &mut self.value, buf, ctx)?;
                self.value = cut(std::mem::take(&mut self.value));
                Ok(())
            }
            _ => encoding::skip_field(wire_type, tag, buf, ctx),
        }
    }

    fn encoded_len(&self) -> usize {
        encoding::string::encoded_len(1, &self.key) + encoding::string::encoded_len(2, &self.value)
    }

    fn clear(&mut self) {
        self.key.clear();
        self.value.clear();
    }
}

/// Drops the entries that the allow-list emptied, and puts the others in order: decoders call it once per object.
pub fn tidy(annotations: &mut Vec<Annotation>) {
    annotations.retain(|annotation| is_allowed(&annotation.key));
    annotations.sort_unstable_by(|a, b| a.key.cmp(&b.key));
}

/// Writes them as a map.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(annotations: &[Annotation], serializer: S) -> Result<S::Ok, S::Error> {
    annotations
        .iter()
        .map(|a| (&a.key, &a.value))
        .collect::<BTreeMap<_, _>>()
        .serialize(serializer)
}

/// Reads those of the allow-list from a map.
///
/// # Errors
/// Those of the deserializer.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Annotation>, D::Error> {
    struct Allowed;
    impl<'de> Visitor<'de> for Allowed {
        type Value = Vec<Annotation>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a map of annotations")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut kept = Vec::new();
            while let Some(key) = map.next_key::<String>()? {
                if is_allowed(&key) {
                    let value = cut(map.next_value::<String>()?);
                    kept.push(Annotation { key, value });
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(kept)
        }
    }
    deserializer.deserialize_map(Allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "c2VjcmV0LWNhbmFyeQ==";

    #[test]
    fn last_applied_configuration_is_dropped_from_protobuf() {
        let entry = Annotation {
            key: "kubectl.kubernetes.io/last-applied-configuration".into(),
            value: CANARY.into(),
        };
        let decoded = Annotation::decode(entry.encode_to_vec().as_slice()).unwrap();
        assert_eq!(decoded.value, "");
    }

    #[test]
    fn allowed_annotation_survives_and_is_cut() {
        let entry = Annotation {
            key: "kubernetes.io/ingress.class".into(),
            value: "é".repeat(300),
        };
        let decoded = Annotation::decode(entry.encode_to_vec().as_slice()).unwrap();
        assert_eq!(decoded.value, "é".repeat(128));
    }

    #[test]
    fn entries_that_the_allow_list_emptied_go() {
        let mut annotations = vec![
            Annotation {
                key: "note".into(),
                value: String::new(),
            },
            Annotation {
                key: "linkerd.io/inject".into(),
                value: "enabled".into(),
            },
        ];
        tidy(&mut annotations);
        assert_eq!(annotations.len(), 1);
    }
}
