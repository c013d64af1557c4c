//! The sidecars of well-known injectors: Istio, Linkerd, Dapr, Vault.

use serde_json::json;

use super::injection::{Expected, on_namespace};
use crate::cluster::Workload;
use crate::model::meta::ObjectMeta;

/// Parts of the names of their webhooks.
pub const NAMES: &[&str] = &["istio", "linkerd", "dapr", "vault"];

/// The container of Istio's proxy.
pub const ISTIO_PROXY: &str = "istio-proxy";
/// The container of Linkerd's proxy.
pub const LINKERD_PROXY: &str = "linkerd-proxy";

/// Whether a container is one that these put in.
pub fn is_sidecar(container: &str) -> bool {
    matches!(
        container,
        ISTIO_PROXY
            | "istio-init"
            | "istio-validation"
            | LINKERD_PROXY
            | "linkerd-init"
            | "linkerd-network-validator"
            | "daprd"
            | "vault-agent"
            | "vault-agent-init"
    )
}

/// The sidecars that the namespace or the pods of a workload ask for.
pub fn expected(namespace: &ObjectMeta, workload: &Workload<'_>) -> Vec<Expected> {
    let by_annotation = [
        ("Dapr", "dapr.io/enabled", &["daprd"][..]),
        (
            "Vault",
            "vault.hashicorp.com/agent-inject",
            &["vault-agent", "vault-agent-init"][..],
        ),
    ];
    let asked = by_annotation
        .into_iter()
        .filter_map(|(injector, annotation, containers)| {
            let value = workload
                .pod_meta
                .annotation(annotation)
                .filter(|value| is_true(value))?;
            Some(of_pod(workload, injector, annotation, value, containers))
        });
    istio(namespace, workload)
        .into_iter()
        .chain(linkerd(namespace, workload))
        .chain(asked)
        .collect()
}

/// Whether a value means yes, as Go's `strconv.ParseBool` reads it.
fn is_true(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

fn of_pod(workload: &Workload<'_>, injector: &str, key: &str, value: &str, containers: &[&str]) -> Expected {
    let path = match workload.path.strip_suffix(".spec") {
        Some(template) => format!("{template}.metadata"),
        None => "metadata".to_owned(),
    };
    Expected {
        injector: injector.to_owned(),
        containers: containers.iter().map(|name| (*name).to_owned()).collect(),
        asked_by: (workload.reference.clone(), format!("{path}[{key}]"), json!(value)),
    }
}

/// Namespaces into which Istio injects nothing, whatever their labels say.
const NEVER_ISTIO: &[&str] = &["kube-system", "kube-public", "kube-node-lease"];

/// The label of the namespace decides, `istio-injection` before `istio.io/rev`; where it has neither, that of the pod does.
/// Pods may opt out.
fn istio(namespace: &ObjectMeta, workload: &Workload<'_>) -> Option<Expected> {
    const OF_POD: &str = "sidecar.istio.io/inject";
    if NEVER_ISTIO.contains(&namespace.name.as_str()) {
        return None;
    }
    let label = |key: &str| namespace.labels.get(key).map(String::as_str);
    let meta = workload.pod_meta;
    let of_pod_value = meta
        .labels
        .get(OF_POD)
        .map(String::as_str)
        .or_else(|| meta.annotation(OF_POD));
    let is_ambient = label("istio.io/dataplane-mode") == Some("ambient");
    let (key, value) = match (label("istio-injection"), label("istio.io/rev")) {
        (Some("enabled"), _) => ("istio-injection", "enabled"),
        (None, Some(revision)) if !is_ambient => ("istio.io/rev", revision),
        (None, None) if of_pod_value.is_some_and(is_true) => {
            return Some(of_pod(workload, "Istio", OF_POD, "true", &[ISTIO_PROXY]));
        }
        _ => return None,
    };
    let opted_out = of_pod_value.is_some_and(|value| !is_true(value));
    (!opted_out).then(|| Expected {
        injector: "Istio".into(),
        containers: vec![ISTIO_PROXY.into()],
        asked_by: on_namespace(namespace, format!("metadata.labels[{key}]"), value),
    })
}

/// Whether the namespace or the workload asks for Linkerd's proxy.
pub fn asks_for_linkerd(namespace: &ObjectMeta, workload: &Workload<'_>) -> bool {
    linkerd(namespace, workload).is_some()
}

/// The annotation of the pod decides, and that of the namespace where the pod has none.
fn linkerd(namespace: &ObjectMeta, workload: &Workload<'_>) -> Option<Expected> {
    const KEY: &str = "linkerd.io/inject";
    let injects = |value: &&str| matches!(*value, "enabled" | "ingress");
    if let Some(value) = workload.pod_meta.annotation(KEY) {
        return injects(&value).then(|| of_pod(workload, "Linkerd", KEY, value, &[LINKERD_PROXY]));
    }
    let value = namespace.annotation(KEY).filter(injects)?;
    Some(Expected {
        injector: "Linkerd".into(),
        containers: vec![LINKERD_PROXY.into()],
        asked_by: on_namespace(namespace, format!("metadata.annotations[{KEY}]"), value),
    })
}
