//! Databases that pods of other namespaces may connect to.

use serde_json::json;
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::verdict::{Area, Severity};

use super::create;
use crate::check::{Check, Judge, Need, Outcome, workloads_and};
use crate::cluster::{Cluster, ContainerList, Workload};
use crate::finding::Finding;
use crate::model::Kind;
use crate::model::meta::LabelSelector;
use crate::network::classes::ClassId;
use crate::network::connections::Protocol;
use crate::network::default_deny::{CLUSTER_WIDE, is_isolated};
use crate::network::evaluated::{Evaluated, distinct};
use crate::network::policy::{is_subject, runs};
use crate::network::rule::Direction;
use crate::selector;
use crate::services::{reference, services_of};

/// Ports of TCP that nothing but a database is expected on, and whose.
const DATABASES: &[(i32, &str)] = &[
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2379, "etcd"),
    (3306, "MySQL"),
    (5432, "PostgreSQL"),
    (6379, "Redis"),
    (9042, "Cassandra"),
    (9200, "Elasticsearch"),
    (11211, "memcached"),
    (27017, "MongoDB"),
];

/// See its fields.
pub static CHECK: Check = Check {
    id: "database-open-across-namespaces",
    title: "Pods of other namespaces may connect to a database",
    area: Area::Network,
    severity: Severity::Medium,
    rationale: "A database is what whoever takes over a pod looks for. Where pods of any other namespace may connect to its port, \
        its password is all that keeps them out, and some databases have none.",
    remediation: "Add a policy for the database's pods that lets in those that use it, and narrow rules that let in more.",
    reads: &workloads_and::<14>(&[
        Need::Read(Kind::Namespace),
        Need::Read(Kind::NetworkPolicy),
        Need::Read(Kind::Service),
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
    let ports = ports(cluster, workload);
    if ports.is_empty() {
        return Outcome::NotApplicable;
    }
    let evaluated = cluster.network();
    let classes = distinct(evaluated.pods_of(&workload.reference));
    let mut findings = Vec::new();
    for port in ports {
        if let Some(source) = source(evaluated, workload, &classes, port.number) {
            let patch = patch(cluster, workload, &classes);
            findings.push(finding(workload, port, source, patch));
        }
    }
    Outcome::of(findings)
}

/// A port of a database: its number, whose it is, and where it is declared.
struct Port {
    number: u16,
    database: &'static str,
    path: String,
    object: ObjectRef,
}

/// Those that the containers declare, and those that Services lead to.
fn ports(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Vec<Port> {
    let mut found: Vec<Port> = Vec::new();
    let mut add = |number: i32, object: &ObjectRef, path: String| {
        let known = DATABASES.iter().find(|(port, _)| *port == number);
        let (Some((_, database)), Ok(number)) = (known, u16::try_from(number)) else {
            return;
        };
        if found.iter().all(|port| port.number != number) {
            found.push(Port {
                number,
                database,
                path,
                object: object.clone(),
            });
        }
    };
    let is_tcp = |protocol: &str| matches!(protocol, "" | "TCP");
    for at in workload.containers().filter(|at| at.list != ContainerList::Ephemeral) {
        for port in at.container.ports.iter().filter(|port| is_tcp(&port.protocol)) {
            if DATABASES.iter().any(|(known, _)| *known == port.container_port) {
                let (object, path) = workload.container_field(at, "ports");
                add(port.container_port, &object, path);
            }
        }
    }
    for service in services_of(cluster, workload) {
        let object = reference(service);
        let ports = service.spec.iter().flat_map(|spec| &spec.ports);
        for port in ports.filter(|port| is_tcp(&port.protocol)) {
            let target = match &port.target_port {
                // A name is that of a port which a container declares.
                Some(target) if target.kind != 0 => continue,
                Some(target) if target.int != 0 => target.int,
                _ => port.port,
            };
            add(target, &object, "spec.ports".to_owned());
        }
    }
    found
}

/// A workload of another namespace whose pods may connect.
fn source<'a>(
    evaluated: &'a Evaluated,
    workload: &Workload<'_>,
    classes: &[ClassId],
    port: u16,
) -> Option<&'a ObjectRef> {
    let lets_through = |direction, subject, peer| {
        let consent = evaluated.network.consent(direction, subject, peer);
        consent.ports(Protocol::Tcp).contains(port)
    };
    let may = |from: ClassId| {
        let mut to = classes.iter();
        to.any(|to| lets_through(Direction::Ingress, *to, from) && lets_through(Direction::Egress, from, *to))
    };
    let mut others = evaluated.outside(&workload.reference.namespace);
    others.find(|(class, _)| may(*class)).map(|(_, source)| source)
}

fn finding(workload: &Workload<'_>, port: Port, source: &ObjectRef, patch: Option<Patch>) -> Finding {
    let Port { number, database, .. } = port;
    let title = format!(
        "Pods of other namespaces may connect to port {number} of {}",
        workload.reference
    );
    let message = format!("{title}, which is that of {database}: those of {source} may, for one.");
    CHECK
        .finding(workload.reference.clone(), number.to_string(), title, message)
        .witness_in(port.object, port.path, number)
        .witness_in(source.clone(), "metadata.namespace", source.namespace.as_str())
        .patch(
            format!(
                "Let only pods of {} connect to {}",
                workload.reference.namespace, workload.reference.name
            ),
            patch,
        )
}

/// A policy that lets in the pods of the namespace. Where another lets in more, it would cut nothing off.
fn patch(cluster: &Cluster<'_>, workload: &Workload<'_>, classes: &[ClassId]) -> Option<Patch> {
    let network = &cluster.network().network;
    let labels = &workload.pod_meta.labels;
    let is_free = classes
        .iter()
        .all(|class| !is_isolated(network, *class, Direction::Ingress));
    // Labels that others carry too would isolate these.
    let selector = LabelSelector {
        match_labels: labels.clone(),
        match_expressions: Vec::new(),
    };
    let mut others = cluster
        .workloads_in(&workload.reference.namespace)
        .filter(|other| other.reference != workload.reference);
    if !is_free || labels.is_empty() || others.any(|other| selector::matches(&selector, &other.pod_meta.labels)) {
        return None;
    }
    let spec = json!({
        "podSelector": { "matchLabels": labels },
        "policyTypes": ["Ingress"],
        "ingress": [{ "from": [{ "podSelector": {} }] }],
    });
    let namespace = &workload.reference.namespace;
    let base = format!("{}-from-namespace", workload.reference.name);
    Some(create(namespace, &base, cluster.policies_in(namespace), &spec))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{deployment, policy};
    use super::CHECK;
    use crate::fixture::{findings, is_closed_by_patches, titles};

    const SQL: &str = "containers: [{name: c, ports: [{containerPort: 5432}]}]";

    fn shop(pod: &str, policies: &[&str]) -> String {
        let policies = policies.iter().enumerate();
        let policies = policies.map(|(number, spec)| policy("shop", &format!("p{number}"), spec));
        deployment("shop", "db", pod)
            + &deployment("shop", "web", "")
            + &deployment("lab", "job", "")
            + &policies.collect::<String>()
    }

    #[test]
    fn a_database_that_no_policy_isolates_fails_and_the_patch_closes_it() {
        let found = findings(&CHECK, &shop(SQL, &[])).remove(0);
        assert_eq!(
            found.title,
            "Pods of other namespaces may connect to port 5432 of Deployment shop/db"
        );
        assert!(
            found.message.ends_with("those of Deployment lab/job may, for one."),
            "{}",
            found.message
        );
        assert_eq!(found.subkey, "5432");
        assert!(is_closed_by_patches(&CHECK, &shop(SQL, &[])));
    }

    #[test]
    fn what_policies_of_both_ends_let_through_counts() {
        let ingress = |rule: &str| {
            titles(
                &CHECK,
                &shop(SQL, &[&format!("{{podSelector: {{}}, ingress: [{rule}]}}")]),
            )
            .len()
        };
        assert_eq!(ingress("{from: [{podSelector: {}}]}"), 0);
        assert_eq!(ingress("{from: [{namespaceSelector: {}}], ports: [{port: 80}]}"), 0);
        assert_eq!(ingress("{from: [{namespaceSelector: {}}], ports: [{port: 5432}]}"), 1);
        let egress = policy("lab", "out", "{podSelector: {}, policyTypes: [Egress]}");
        assert_eq!(titles(&CHECK, &(shop(SQL, &[]) + &egress)), [""; 0]);
    }

    #[test]
    fn a_port_that_a_service_leads_to_counts_without_a_declaration() {
        let service = "
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: 6379}]}
";
        let found = findings(&CHECK, &(shop("", &[]) + service)).remove(0);
        assert_eq!(
            (found.subkey.as_str(), found.witness[0].object.kind.as_str()),
            ("6379", "Service")
        );
        assert_eq!(titles(&CHECK, &shop("", &[])), [""; 0]);
    }

    #[test]
    fn a_cluster_of_one_namespace_and_other_protocols_pass() {
        let alone = deployment("shop", "db", SQL) + &deployment("shop", "web", "");
        assert_eq!(titles(&CHECK, &alone), [""; 0]);
        let udp = SQL.replace("5432", "5432, protocol: UDP");
        assert_eq!(titles(&CHECK, &shop(&udp, &[])), [""; 0]);
    }

    #[test]
    fn labels_that_another_workload_carries_too_give_no_patch() {
        let twin = deployment("shop", "db", "").replacen("name: db,", "name: twin,", 1);
        let found = findings(&CHECK, &(shop(SQL, &[]) + &twin)).remove(0);
        assert_eq!(found.patch, None);
    }
}
