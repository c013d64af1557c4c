//! Workloads that are open to networks outside of the cluster, and that no policy isolates.

use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::service::Service;
use crate::network::default_deny::{CLUSTER_WIDE, is_isolated};
use crate::network::policy::{is_subject, runs};
use crate::network::rule::Direction;
use crate::services::{reference, services_of};

/// See its fields.
pub static CHECK: Check = Check {
    id: "exposed-workload-without-ingress-policy",
    title: "Exposed workload has no policy for who may connect",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "A workload that is served to outside of the cluster is where attacks begin. Without a policy its pods take \
        connections from everywhere on every port, and not only on those that are served: by who is inside already, and by who \
        can route to the addresses of pods.",
    remediation: "Add a policy for the pods that lets in the ingress controller or the load balancer, on the ports that are served.",
    reads: &workloads_and::<14>(&[
        Need::Read(Kind::NetworkPolicy),
        Need::Read(Kind::Service),
        Need::Read(Kind::Ingress),
        CLUSTER_WIDE[0],
        CLUSTER_WIDE[1],
        CLUSTER_WIDE[2],
    ]),
    judge: Judge::Workload(judge),
};

fn judge(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    if !is_subject(workload) || !runs(workload) {
        return Outcome::NotApplicable;
    }
    let services = services_of(cluster, workload);
    let Some(way) = services.iter().find_map(|service| way(cluster, service)) else {
        return Outcome::NotApplicable;
    };
    let evaluated = cluster.network();
    let mut pods = evaluated.pods_of(&workload.reference);
    if pods.all(|(_, class)| is_isolated(&evaluated.network, class, Direction::Ingress)) {
        return Outcome::Pass;
    }
    Outcome::Fail(vec![finding(workload, way)])
}

/// How a Service is open to outside: by what, and where that is written.
struct Way {
    object: ObjectRef,
    path: &'static str,
    value: String,
}

fn way(cluster: &Cluster<'_>, service: &Service) -> Option<Way> {
    let (meta, spec) = (service.metadata.as_ref()?, service.spec.as_ref()?);
    if matches!(spec.r#type.as_str(), "LoadBalancer" | "NodePort") {
        return Some(Way {
            object: reference(service),
            path: "spec.type",
            value: spec.r#type.clone(),
        });
    }
    if let Some(address) = spec.external_ips.first() {
        return Some(Way {
            object: reference(service),
            path: "spec.externalIPs",
            value: address.clone(),
        });
    }
    let ingress = cluster.ingress_of(&meta.namespace, &meta.name)?;
    Some(Way {
        object: ingress.metadata.as_ref().map(|meta| Kind::Ingress.reference(meta))?,
        path: "backend.service.name",
        value: meta.name.clone(),
    })
}

fn finding(workload: &Workload<'_>, way: Way) -> Finding {
    let reference = &workload.reference;
    let title = format!("{reference} is exposed, and no policy isolates it");
    let message = format!(
        "{} serves {reference} to outside of the cluster, and its pods take connections from everywhere on every port.",
        way.object
    );
    CHECK
        .finding(reference.clone(), "", title, message)
        .witness_in(way.object, way.path, way.value)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn served(spec: &str) -> String {
        deployment("shop", "web", "")
            + &format!(
                "
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{selector: {{app: web}}, {spec}}}
---
"
            )
    }

    const INGRESS: &str = "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: shop}
spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
";

    #[test]
    fn every_way_to_outside_counts() {
        for spec in ["type: LoadBalancer", "type: NodePort", "externalIPs: [203.0.113.7]"] {
            assert_eq!(titles(&CHECK, &served(spec)).len(), 1, "{spec}");
        }
        assert_eq!(titles(&CHECK, &served("type: ClusterIP")), [""; 0]);
        let found = findings(&CHECK, &(served("type: ClusterIP") + INGRESS)).remove(0);
        assert_eq!(found.title, "Deployment shop/web is exposed, and no policy isolates it");
        assert_eq!(found.witness[0].object.kind, "Ingress");
    }

    #[test]
    fn a_policy_for_ingress_and_the_baseline_isolate_and_one_for_egress_does_not() {
        let with = |spec: &str| titles(&CHECK, &(served("type: LoadBalancer") + &policy("shop", "p", spec))).len();
        assert_eq!(
            with("{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}"),
            0
        );
        assert_eq!(with("{podSelector: {}, policyTypes: [Egress]}"), 1);
        let baseline = "
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: default}
spec: {tier: Baseline, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}
";
        assert_eq!(titles(&CHECK, &(served("type: LoadBalancer") + baseline)), [""; 0]);
    }
}
