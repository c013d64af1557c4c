//! Meshes whose pods may be spoken to in the clear.

use serde_json::json;
use shared::certificates::{MeshMode, MeshNamespace};
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, Workload};
use crate::finding::Finding;
use crate::model::{Kind, Object};
use crate::tls::linkerd;
use crate::tls::mesh::{self, Peer, ROOT, governing, is_in_istio};

/// See its fields.
pub static CHECK: Check = Check {
    id: "mesh-mtls-not-strict",
    title: "Mesh accepts what is not encrypted",
    area: Area::Tls,
    severity: Severity::Medium,
    rationale: "Unless Istio's mode is STRICT, a pod of the mesh takes plain connections as well as encrypted ones, and that is \
        the default. Whoever has a foothold in the cluster reaches it without an identity, and rules that ask for one do not \
        tell who it is. So it is with Linkerd, unless config.linkerd.io/default-inbound-policy asks for clients that are \
        authenticated, or denies. An exception for a port is of low severity.",
    // No patch: clients without a sidecar would be cut off, and those can't be seen.
    remediation: "Look in the proxies' metrics for who still speaks in the clear, bring them into the mesh, then set a \
        PeerAuthentication with mtls.mode STRICT in Istio's root namespace, or annotate namespaces of Linkerd's mesh with \
        config.linkerd.io/default-inbound-policy: all-authenticated. Leave exceptions to single ports.",
    reads: &workloads_and::<13>(&[
        Need::Read(Kind::Namespace),
        Need::IfServed(Kind::PeerAuthentication),
        Need::IfServed(Kind::LinkerdServer),
        Need::IfServed(Kind::ServerAuthorization),
        Need::IfServed(Kind::LinkerdAuthorizationPolicy),
    ]),
    judge: Judge::Each(&[
        Judge::Object(&[Kind::PeerAuthentication], judge_peer),
        Judge::Object(linkerd::KINDS, judge_linkerd),
        Judge::Object(&[Kind::Namespace], judge_linkerd_default),
        Judge::Workload(judge_linkerd_pods),
        Judge::Cluster(judge_default),
    ]),
};

fn judge_peer(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Object::PeerAuthentication(peer) = object else {
        return Outcome::NotApplicable;
    };
    let Some(peer) = Peer::of(peer) else {
        return Outcome::NotApplicable;
    };
    let held = |workload: &&Workload<'_>| {
        peer.holds_for(workload) && is_in_istio(cluster, workload) && is_nearest(cluster, peer, workload)
    };
    let count = cluster.workloads.iter().filter(held).count();
    if count == 0 {
        return Outcome::NotApplicable;
    }
    match (peer.mode(), peer.open_ports().as_slice()) {
        (Some(mode @ (MeshMode::Permissive | MeshMode::Disabled)), _) => {
            Outcome::of(vec![of_mode(object.reference(), peer, mode, count)])
        }
        (_, ports @ [_, ..]) => Outcome::of(vec![of_ports(object.reference(), ports)]),
        (Some(_), []) => Outcome::Pass,
        (None, []) => Outcome::NotApplicable,
    }
}

/// Whether nothing nearer to the workload's namespace says what holds for all of it.
fn is_nearest(cluster: &Cluster<'_>, peer: Peer<'_>, workload: &Workload<'_>) -> bool {
    let is_for_the_mesh = peer.meta.namespace == ROOT && !peer.is_for_some();
    let nearest = || governing(cluster, &workload.reference.namespace);
    !is_for_the_mesh || nearest().is_none_or(|nearest| nearest.meta.namespace == ROOT)
}

fn of_mode(object: ObjectRef, peer: Peer<'_>, mode: MeshMode, count: usize) -> Finding {
    let takes = match mode {
        MeshMode::Disabled => "take plain connections alone",
        _ => "take plain connections too",
    };
    let workloads = match count {
        1 => "the one workload".to_owned(),
        count => format!("the {count} workloads"),
    };
    let message = format!("Pods of {workloads} that {object} holds for {takes}.");
    let word = peer.spec.mtls.as_ref().map(|mtls| mtls.mode.as_str());
    CHECK
        .finding(object.clone(), "", format!("{object} does not ask for mTLS"), message)
        .witness("spec.mtls.mode", json!(word))
}

fn of_ports(object: ObjectRef, ports: &[&str]) -> Finding {
    let message = format!("{object} lets plain connections in on {}.", ports.join(", "));
    let title = format!("{object} leaves ports open to plain connections");
    let mut finding = CHECK
        .finding(object, "ports", title, message)
        .witness("spec.portLevelMtls", json!(ports));
    finding.severity = Severity::Low;
    finding
}

/// Namespaces for which nothing says what holds: one finding, as one PeerAuthentication closes it.
fn judge_default(cluster: &Cluster<'_>) -> Outcome {
    let meshed = mesh::namespaces(cluster);
    if meshed.is_empty() {
        return Outcome::NotApplicable;
    }
    let (istio, linkerd): (Vec<MeshNamespace>, Vec<MeshNamespace>) =
        meshed.into_iter().partition(|row| row.mode != MeshMode::Unknown);
    let unsaid: Vec<&str> = istio
        .iter()
        .filter(|row| row.by.is_none())
        .map(|row| row.namespace.as_str())
        .collect();
    let unseen = linkerd.first().map(|row| {
        format!(
            "In namespace {} the default holds with which Linkerd was installed. That can't be seen; unless another was chosen, it \
             lets plain connections in.",
            row.namespace
        )
    });
    let found = (!unsaid.is_empty()).then(|| by_default(&unsaid));
    Outcome::of_seen(found.into_iter().collect(), unseen)
}

/// A Server of Linkerd, or an authorization for Servers. An exception for ports that a Server names is of low severity.
fn judge_linkerd(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(said) = linkerd::said(cluster, object) else {
        return Outcome::NotApplicable;
    };
    if said.mode == MeshMode::Strict {
        return Outcome::Pass;
    }
    let reference = object.reference();
    let message = format!(
        "{reference} lets plain connections in on the ports that it is for, by {}.",
        said.field
    );
    let title = format!("{reference} does not ask for mTLS");
    let mut finding = CHECK
        .finding(reference, "", title, message)
        .witness(said.field, said.value);
    finding.severity = Severity::Low;
    Outcome::of(vec![finding])
}

/// What the annotation of a namespace says for pods of Linkerd's mesh that don't say it themselves.
fn judge_linkerd_default(cluster: &Cluster<'_>, namespace: &Object) -> Outcome {
    let meta = namespace.meta();
    let holds_for = |workload: &&Workload<'_>| {
        linkerd::takes_part(cluster, workload) && linkerd::default_of(workload.pod_meta).is_none()
    };
    let count = cluster.workloads_in(&meta.name).filter(holds_for).count();
    let object = namespace.reference();
    match linkerd::default_of(meta).filter(|_| count > 0) {
        None => Outcome::NotApplicable,
        Some((_, MeshMode::Strict)) => Outcome::Pass,
        Some((word, _)) => Outcome::of(vec![of_annotation(object, "metadata", word, count)]),
    }
}

/// What the annotation of the pods of a workload in Linkerd's mesh says.
fn judge_linkerd_pods(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Outcome {
    let said = linkerd::default_of(workload.pod_meta).filter(|_| linkerd::takes_part(cluster, workload));
    let metadata = match workload.path.strip_suffix(".spec") {
        Some(template) => format!("{template}.metadata"),
        None => "metadata".to_owned(),
    };
    match said {
        None => Outcome::NotApplicable,
        Some((_, MeshMode::Strict)) => Outcome::Pass,
        Some((word, _)) => Outcome::of(vec![of_annotation(workload.reference.clone(), &metadata, word, 1)]),
    }
}

fn of_annotation(object: ObjectRef, metadata: &str, word: &str, count: usize) -> Finding {
    let workloads = match count {
        1 => "one workload".to_owned(),
        count => format!("{count} workloads"),
    };
    let message = format!(
        "By {word}, pods of {workloads} in Linkerd's mesh take plain connections too, on every port that no Server names."
    );
    let title = format!("{object} lets plain connections into Linkerd's mesh");
    CHECK
        .finding(object, "", title, message)
        .witness(format!("{metadata}.annotations[{}]", linkerd::DEFAULT), json!(word))
}

fn by_default(namespaces: &[&str]) -> Finding {
    let what = match namespaces {
        [one] => format!("namespace {one} takes"),
        more => format!("{} namespaces take", more.len()),
    };
    let message = "No PeerAuthentication says what holds there, and the mesh's own default lets plain connections in.";
    CHECK
        .finding(
            ObjectRef::cluster(),
            "",
            format!("By default {what} plain connections"),
            message,
        )
        .witness("namespaces", json!(namespaces))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{findings, snapshot};

    fn namespace(name: &str, containers: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: {name}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: {name}, labels: {{app: web}}}}
spec: {{containers: [{containers}]}}
---
"
        )
    }

    fn peer(namespace: &str, spec: &str) -> String {
        format!(
            "
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: default, namespace: {namespace}}}
spec: {{{spec}}}
---
"
        )
    }

    const MESHED: &str = "{name: c}, {name: istio-proxy}";

    fn titles(manifests: &str) -> Vec<String> {
        findings(&CHECK, manifests)
            .into_iter()
            .map(|finding| finding.title)
            .collect()
    }

    #[test]
    fn the_default_is_one_finding_for_all_namespaces() {
        let both = namespace("a", MESHED) + &namespace("b", MESHED);
        assert_eq!(titles(&both), ["By default 2 namespaces take plain connections"]);
        assert_eq!(titles(&(both + &peer("istio-system", "mtls: {mode: STRICT}"))), [""; 0]);
    }

    #[test]
    fn what_a_namespace_says_comes_before_what_the_mesh_says() {
        let strict = peer("istio-system", "mtls: {mode: STRICT}");
        let open = namespace("a", MESHED) + &strict + &peer("a", "mtls: {mode: PERMISSIVE}");
        assert_eq!(titles(&open), ["PeerAuthentication a/default does not ask for mTLS"]);
        let closed = namespace("a", MESHED)
            + &peer("istio-system", "mtls: {mode: DISABLE}")
            + &peer("a", "mtls: {mode: STRICT}");
        assert_eq!(titles(&closed), [""; 0]);
        let inherits =
            namespace("a", MESHED) + &peer("istio-system", "mtls: {mode: DISABLE}") + &peer("a", "mtls: {mode: UNSET}");
        assert_eq!(
            titles(&inherits),
            ["PeerAuthentication istio-system/default does not ask for mTLS"]
        );
    }

    #[test]
    fn exceptions_count_for_workloads_that_are_there_and_for_ports_less() {
        let for_app = |app: &str, mode: &str| {
            namespace("a", MESHED)
                + &peer("istio-system", "mtls: {mode: STRICT}")
                + &peer("a", &format!("selector: {{matchLabels: {{app: {app}}}}}, {mode}"))
        };
        assert_eq!(titles(&for_app("web", "mtls: {mode: DISABLE}")).len(), 1);
        assert_eq!(titles(&for_app("other", "mtls: {mode: DISABLE}")), [""; 0]);
        let port = findings(
            &CHECK,
            &for_app(
                "web",
                "mtls: {mode: STRICT}, portLevelMtls: {'8080': {mode: PERMISSIVE}}",
            ),
        );
        assert_eq!((port.len(), port[0].severity), (1, Severity::Low));
    }

    #[test]
    fn gateways_and_pods_outside_of_the_mesh_are_not_judged() {
        assert_eq!(titles(&namespace("a", "{name: istio-proxy}")), [""; 0]);
        assert_eq!(titles(&namespace("a", "{name: c}")), [""; 0]);
        let ambient = namespace("a", "{name: c}").replacen(
            "{name: a}",
            "{name: a, labels: {istio.io/dataplane-mode: ambient}}",
            1,
        );
        assert_eq!(titles(&ambient).len(), 1);
    }

    const LINKERD: &str = "{name: c}, {name: linkerd-proxy}";

    /// Namespace `a` in Linkerd's mesh with that default.
    fn linkerd(default: &str) -> String {
        let annotated = format!("{{name: a, annotations: {{config.linkerd.io/default-inbound-policy: {default}}}}}");
        namespace("a", LINKERD).replacen("{name: a}", &annotated, 1)
    }

    #[test]
    fn the_default_with_which_linkerd_was_installed_can_not_be_seen() {
        let snapshot = snapshot(&namespace("a", LINKERD));
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        assert!(matches!(judge_default(&cluster), Outcome::NotEvaluated(reason) if reason.contains("Linkerd")));
        assert_eq!(mesh::namespaces(&cluster)[0].mode, MeshMode::Unknown);
    }

    #[test]
    fn the_annotation_of_a_namespace_says_what_holds_in_linkerds_mesh() {
        for (default, mode) in [
            ("all-authenticated", MeshMode::Strict),
            ("deny", MeshMode::Strict),
            ("audit", MeshMode::Permissive),
        ] {
            let snapshot = snapshot(&linkerd(default));
            let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
            assert_eq!(mesh::namespaces(&cluster)[0].mode, mode, "{default}");
            assert_eq!(
                titles(&linkerd(default)).len(),
                usize::from(mode != MeshMode::Strict),
                "{default}"
            );
        }
        assert_eq!(
            titles(&linkerd("cluster-unauthenticated")),
            ["Namespace a lets plain connections into Linkerd's mesh"]
        );
    }

    #[test]
    fn what_pods_say_comes_before_what_their_namespace_says() {
        let of_pods = |namespace: &str, pods: &str| {
            let annotated = format!(
                "{{name: web, annotations: {{config.linkerd.io/default-inbound-policy: {pods}}}, namespace: a,"
            );
            titles(&linkerd(namespace).replacen("{name: web, namespace: a,", &annotated, 1))
        };
        assert_eq!(of_pods("all-unauthenticated", "deny"), [""; 0]);
        assert_eq!(
            of_pods("deny", "all-unauthenticated"),
            ["Pod a/web lets plain connections into Linkerd's mesh"]
        );
    }

    #[test]
    fn servers_and_their_authorizations_may_let_plain_connections_in() {
        let policy = |kind: &str, name: &str, spec: &str| {
            format!(
                "
apiVersion: policy.linkerd.io/v1beta1
kind: {kind}
metadata: {{name: {name}, namespace: a}}
spec: {{{spec}}}
---
"
            )
        };
        let server = |access: &str| {
            policy(
                "Server",
                "web",
                &format!("podSelector: {{matchLabels: {{app: web}}}}, port: http{access}"),
            )
        };
        let with = |more: &str| titles(&(linkerd("deny") + &server("") + more));
        assert_eq!(with(""), [""; 0]);
        assert_eq!(
            titles(&(linkerd("deny") + &server(", accessPolicy: all-unauthenticated"))),
            ["Server a/web does not ask for mTLS"]
        );
        let by_name = |client: &str| {
            policy(
                "ServerAuthorization",
                "s",
                &format!("server: {{name: web}}, client: {{{client}}}"),
            )
        };
        assert_eq!(
            with(&by_name("unauthenticated: true")),
            ["ServerAuthorization a/s does not ask for mTLS"]
        );
        assert_eq!(with(&by_name("meshTLS: {identities: ['*']}")), [""; 0]);
        let required = |server: &str, kind: &str| {
            policy(
                "AuthorizationPolicy",
                "p",
                &format!(
                    "targetRef: {{kind: Server, name: {server}}}, requiredAuthenticationRefs: [{{kind: {kind}, name: asked}}]"
                ),
            )
        };
        assert_eq!(
            with(&required("web", "NetworkAuthentication")),
            ["AuthorizationPolicy a/p does not ask for mTLS"]
        );
        assert_eq!(with(&required("web", "MeshTLSAuthentication")), [""; 0]);
        assert_eq!(with(&required("other", "NetworkAuthentication")), [""; 0]);
    }
}
