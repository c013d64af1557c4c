use super::*;
use crate::fixture::snapshot;

const SHOP: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci-deployer}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, namespace: ci, name: deployer}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {verbs: [list, get], apiGroups: [''], resources: [pods, secrets]}
- {verbs: [get], apiGroups: [apps], resources: [deployments], resourceNames: [web]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web}, {kind: User, name: 'system:serviceaccount:shop:web'}, {kind: Group, name: sre}]
";

/// Three hundred service accounts in thirty namespaces, each with a binding of its own to the same role.
fn large() -> Snapshot {
    let one = |n: usize| {
        let namespace = n % 30;
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: b{n}, namespace: ns{namespace}}}
roleRef: {{kind: ClusterRole, name: view}}
subjects: [{{kind: ServiceAccount, name: a{n}}}]
"
        )
    };
    snapshot(&(0..300).map(one).collect::<Vec<_>>().join("\n---\n"))
}

fn names(graph: &Graph, layer: Layer) -> Vec<String> {
    let of = graph.nodes.iter().filter(|node| node.layer == layer);
    of.map(|node| format!("{}: {}", node.kind, node.name)).collect()
}

fn edge(graph: &Graph, from: &str, to: &str) -> Option<GraphEdge> {
    let place = |name: &str| {
        graph
            .nodes
            .iter()
            .position(|node| node.name == name)
            .map(|place| place as u32)
    };
    let ends = (place(from)?, place(to)?);
    graph.edges.iter().copied().find(|edge| (edge.from, edge.to) == ends)
}

#[test]
fn a_small_cluster_is_drawn_object_by_object() {
    let graph = graph(&snapshot(SHOP), &Options::default());
    assert_eq!(
        names(&graph, Layer::Subjects),
        ["Group: sre", "ServiceAccount: ci/deployer", "ServiceAccount: shop/web"]
    );
    assert_eq!(
        names(&graph, Layer::Roles),
        ["ClusterRole: cluster-admin", "Role shop: reader"]
    );
    let permissions = names(&graph, Layer::Permissions);
    assert!(
        permissions.contains(&"get, list: secrets".to_owned()),
        "{permissions:?}"
    );
    assert!(
        permissions.contains(&"get: deployments.apps web".to_owned()),
        "{permissions:?}"
    );
    assert!(permissions.contains(&"every verb: *".to_owned()), "{permissions:?}");
    assert_eq!(edge(&graph, "shop/web", "reader").map(|edge| edge.count), Some(1));
    assert_eq!(edge(&graph, "ci/deployer", "reader"), None);
}

#[test]
fn a_large_cluster_begins_aggregated_and_opens_where_asked() {
    let cluster = large();
    let whole = graph(&cluster, &Options::default());
    assert_eq!(
        names(&whole, Layer::Subjects),
        ["ServiceAccounts: 300 subjects in 30 namespaces"]
    );
    assert_eq!(
        names(&whole, Layer::Bindings),
        ["RoleBindings: 300 bindings in 30 namespaces"]
    );
    assert_eq!(
        whole.layers[0],
        LayerSize {
            layer: Layer::Subjects,
            objects: 300,
            nodes: 1
        }
    );
    let opened = Options {
        open: ["ServiceAccount", "ServiceAccount/ns7"].into(),
        ..Options::default()
    };
    let opened = graph(&cluster, &opened);
    let subjects = names(&opened, Layer::Subjects);
    assert_eq!(subjects.len(), 29 + 10);
    assert!(subjects.contains(&"ServiceAccount: ns7/a7".to_owned()), "{subjects:?}");
    assert!(
        subjects.contains(&"ServiceAccounts ns8: 10 subjects".to_owned()),
        "{subjects:?}"
    );
}

#[test]
fn what_leads_to_cluster_admin_stands_by_itself_and_on_top() {
    let mut cluster = large();
    snapshot(SHOP)
        .objects()
        .for_each(|object| cluster.put(object.as_ref().clone()));
    let hot = [Grant {
        subject: Subject {
            kind: SubjectKind::ServiceAccount,
            namespace: "ns7".into(),
            name: "a7".into(),
        },
        binding: reference("RoleBinding", "ns7", "b7"),
        role: reference("ClusterRole", "", "view"),
        aggregated: None,
        rule: 0,
    }];
    let marked = Options {
        hot: &hot,
        ..Options::default()
    };
    let drawn = graph(&cluster, &marked);
    let first = drawn
        .nodes
        .iter()
        .find(|node| node.name == "ns7/a7")
        .expect("the subject by itself");
    assert_eq!(first.mark, Mark::Hot);
    let subjects = drawn.nodes.iter().filter(|node| node.layer == Layer::Subjects);
    assert!(subjects.clone().count() > 1);
    assert!(subjects.into_iter().all(|node| node.row >= first.row));
    assert_eq!(edge(&drawn, "ns7/a7", "b7").map(|edge| edge.mark), Some(Mark::Hot));
    let only = graph(
        &cluster,
        &Options {
            only_hot: true,
            ..marked
        },
    );
    assert_eq!(names(&only, Layer::Subjects), ["ServiceAccount: ns7/a7"]);
}

fn reference(kind: &str, namespace: &str, name: &str) -> shared::object::ObjectRef {
    shared::object::ObjectRef {
        group: "rbac.authorization.k8s.io".into(),
        kind: kind.into(),
        namespace: namespace.into(),
        name: name.into(),
    }
}

#[test]
fn filters_keep_whole_chains() {
    let cluster = snapshot(SHOP);
    let of = |options: &Options<'_>| names(&graph(&cluster, options), Layer::Subjects);
    let text = |text| Options {
        text,
        ..Options::default()
    };
    assert_eq!(of(&text("SRE")), ["Group: sre"]);
    assert_eq!(of(&text("cluster-admin")), ["ServiceAccount: ci/deployer"]);
    assert_eq!(of(&text("nobody")), [""; 0]);
    let namespace = Options {
        namespace: "shop",
        ..Options::default()
    };
    assert_eq!(of(&namespace), ["Group: sre", "ServiceAccount: shop/web"]);
    let accounts = [("shop", "web")].into();
    let in_use = Options {
        only_accounts: Some(&accounts),
        ..Options::default()
    };
    assert_eq!(of(&in_use), ["ServiceAccount: shop/web"]);
}

#[test]
fn what_kubernetes_made_for_itself_is_one_group() {
    let mut cluster = snapshot(SHOP);
    let own: Vec<serde_json::Value> = serde_json::from_str(crate::rbac::defaults::DEFAULTS).unwrap();
    for value in own {
        let kind =
            crate::model::Kind::of_manifest(value["apiVersion"].as_str().unwrap(), value["kind"].as_str().unwrap());
        cluster.put(crate::model::Object::deserialize(kind.unwrap(), value).unwrap());
    }
    let drawn = graph(&cluster, &Options::default());
    let own: Vec<&GraphNode> = drawn
        .nodes
        .iter()
        .filter(|node| node.kind == "Kubernetes' own")
        .collect();
    assert_eq!(own.len(), 4);
    // It is bound by somebody too, so it is not theirs alone.
    assert!(names(&drawn, Layer::Roles).contains(&"ClusterRole: cluster-admin".to_owned()));
}
