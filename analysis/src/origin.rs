//! Who keeps an object as it is: a Helm release, an Argo CD application, a Flux resource, an operator.
//!
//! Only what these tools themselves write is taken for a sign; `app.kubernetes.io/managed-by` alone is often copied.

use shared::origin::Origin;

use crate::model::meta::ObjectMeta;
use crate::model::{Kind, Object};

const TRACKED: &str = "argocd.argoproj.io/tracking-id";
const INSTANCE: &str = "argocd.argoproj.io/instance";

/// What manages an object, the outermost where several do; none where nothing says so.
pub fn origin(object: &Object) -> Option<Origin> {
    let meta = object.meta();
    argo(meta)
        .or_else(|| flux(meta, "Kustomization", "kustomize.toolkit.fluxcd.io"))
        .or_else(|| flux(meta, "HelmRelease", "helm.toolkit.fluxcd.io"))
        .or_else(|| helm(meta))
        .or_else(|| operator(object))
}

fn origin_of(manager: &str, source: String, change: &str) -> Origin {
    let advice = format!("{change}: what is changed in the cluster is put back.");
    Origin {
        manager: manager.to_owned(),
        source,
        advice,
    }
}

/// The tracking id is `APPLICATION:GROUP/KIND:NAMESPACE/NAME`.
fn argo(meta: &ObjectMeta) -> Option<Origin> {
    let tracked = meta.annotation(TRACKED).and_then(|id| id.split(':').next());
    let application = tracked.or_else(|| meta.labels.get(INSTANCE).map(String::as_str));
    let application = application.filter(|name| !name.is_empty())?;
    let change = format!("Change it in the repository of the Argo CD application {application}");
    Some(origin_of("Argo CD", application.to_owned(), &change))
}

fn flux(meta: &ObjectMeta, kind: &str, prefix: &str) -> Option<Origin> {
    let label = |name: &str| meta.labels.get(&format!("{prefix}/{name}")).map(String::as_str);
    let source = format!("{}/{}", label("namespace")?, label("name")?);
    let change = format!("Change it in the source of the Flux {kind} {source}");
    Some(origin_of("Flux", source, &change))
}

fn helm(meta: &ObjectMeta) -> Option<Origin> {
    let release = meta.annotation("meta.helm.sh/release-name")?;
    let namespace = meta
        .annotation("meta.helm.sh/release-namespace")
        .unwrap_or(&meta.namespace);
    let source = format!("{namespace}/{release}");
    let advice = format!(
        "Change the values or the chart of the Helm release {source}: its next upgrade puts back what is changed in the cluster."
    );
    Some(Origin {
        manager: "Helm".to_owned(),
        source,
        advice,
    })
}

/// An operator puts its objects back as its resource asks for them. Pods are made by workloads, which is not meant here.
fn operator(object: &Object) -> Option<Origin> {
    let owner = object.meta().controller().filter(|_| object.kind() != Kind::Pod)?;
    let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
    // Kinds of Kubernetes are no operator's.
    if Kind::of_group_kind(group, &owner.kind).is_some() || group.is_empty() {
        return None;
    }
    let source = format!("{}/{}", object.meta().namespace, owner.name);
    let change = format!(
        "Change the {} {}, from which its operator makes it",
        owner.kind, owner.name
    );
    Some(origin_of(&owner.kind, source, &change))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    fn of(metadata: &str) -> Option<(String, String)> {
        let manifest =
            format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web, namespace: shop, {metadata}}}\n");
        let snapshot = snapshot(&manifest);
        let object = snapshot.get(Kind::Deployment, "shop", "web").unwrap();
        origin(object).map(|origin| (origin.manager, origin.source))
    }

    fn said(manager: &str, source: &str) -> Option<(String, String)> {
        Some((manager.to_owned(), source.to_owned()))
    }

    #[test]
    fn a_helm_release_is_known_by_its_annotations() {
        let annotations = "annotations: {meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: shop}";
        assert_eq!(of(annotations), said("Helm", "shop/web"));
    }

    #[test]
    fn a_label_that_anyone_copies_is_no_sign() {
        assert_eq!(
            of("labels: {app.kubernetes.io/managed-by: Helm, app.kubernetes.io/instance: web}"),
            None
        );
    }

    #[test]
    fn argo_cd_is_known_by_its_tracking_id_and_by_its_label() {
        let id = "annotations: {argocd.argoproj.io/tracking-id: 'store:apps/Deployment:shop/web'}";
        assert_eq!(of(id), said("Argo CD", "store"));
        assert_eq!(
            of("labels: {argocd.argoproj.io/instance: store}"),
            said("Argo CD", "store")
        );
    }

    #[test]
    fn flux_goes_before_the_helm_release_that_it_makes() {
        let both = "labels: {helm.toolkit.fluxcd.io/name: web, helm.toolkit.fluxcd.io/namespace: flux-system},
            annotations: {meta.helm.sh/release-name: web}";
        assert_eq!(of(both), said("Flux", "flux-system/web"));
    }

    #[test]
    fn what_an_operator_controls_is_changed_in_its_resource() {
        let owner = "ownerReferences: [{apiVersion: example.com/v1, kind: App, name: store, controller: true}]";
        assert_eq!(of(owner), said("App", "shop/store"));
        let deployment = "ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: store, controller: true}]";
        assert_eq!(of(deployment), None);
    }
}
