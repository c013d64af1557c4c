//! Collecting from a real API server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use analysis::model::gateway::TlsRoute;
use analysis::model::kind::{Kind, Object, Wire};
use analysis::model::secret::Secret;
use http::Method;
use serde_json::{Value, json};
use server::collect::live::{self, Limits};
use server::collect::target::{Target, connect};
use server::collect::{CollectError, Collection, files};
use shared::patch::Patch;
use shared::snapshots::Collected;
use tests::testbed::Testbed;
use tests::{dry_run, fixtures, load, rest, testbed};
use tokio::sync::Notify;

use super::{intercepted, names, rich};

const CANARIES: &[&str] = &["canary", "Y2FuYXJ5"];

async fn collect(user: &str) -> Collection {
    let connection = testbed::shared().await.connection(user).await.unwrap();
    live::collect(&connection, &Limits::default(), &|_| {}).await.unwrap()
}

fn config_map(namespace: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}})
}

fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

#[tokio::test]
async fn built_in_kinds_are_all_collected_and_no_secret_is_kept() {
    rich().await;
    let collection = collect("admin").await;
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.info().wire != Wire::Json) {
        assert!(collection.snapshot.outcome(kind).count().unwrap() > 0, "{kind}");
    }
    for object in collection.snapshot.objects() {
        let shown = format!(
            "{object:?} {} {}",
            object.to_manifest(),
            String::from_utf8_lossy(&object.to_protobuf())
        );
        for canary in CANARIES {
            assert!(!shown.contains(canary), "{} holds {canary}", object.reference());
        }
    }
    assert!(collection.warnings.is_empty(), "{:?}", collection.warnings);
    assert!(collection.snapshot.version.starts_with("v1."));
}

#[tokio::test]
async fn the_api_servers_certificate_is_seen_whoever_asks() {
    let serving = collect("nobody").await.snapshot.serving.unwrap().unwrap();
    assert_eq!(serving.protocols, ["1.2", "1.3"]);
    assert!(serving.certificate.names.contains(&"kubernetes.default.svc".to_owned()));
    assert!(serving.certificate.not_after > chrono::Utc::now());
    assert_eq!(
        (serving.certificate.key_algorithm.as_str(), serving.chain_length),
        ("RSA", 2)
    );
}

#[tokio::test]
async fn secrets_are_the_same_from_their_table_and_from_their_file() {
    rich().await;
    let file = files::collect(
        &["-".into()],
        "file",
        include_str!("../../fixtures/built-in.yaml").as_bytes(),
    )
    .unwrap();
    let live = collect("admin").await;
    for (name, keys) in [("db", 3), ("tls", 2)] {
        let (live, file) = (
            live.snapshot.find::<Secret>("rich", name),
            file.snapshot.find::<Secret>("rich", name),
        );
        let (live, file) = (live.unwrap(), file.unwrap());
        assert_eq!((live.keys, &live.r#type), (keys, &file.r#type), "{name}");
        assert_eq!(live.keys, file.keys, "{name}");
    }
}

#[tokio::test]
async fn custom_kinds_are_absent_until_they_are_served() {
    let bed = testbed::shared().await;
    let custom: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.info().wire == Wire::Json)
        .collect();
    let before = collect("admin").await.snapshot;
    for kind in &custom {
        assert_eq!(before.outcome(*kind), Collected::Absent, "{kind}");
    }
    bed.apply(&fixtures::definitions()).await.unwrap();
    bed.served(&custom).await.unwrap();
    let objects = fixtures::custom().unwrap();
    let client = bed.client("admin").await.unwrap();
    for object in &objects {
        rest::create(&client, object).await.unwrap();
    }
    let after = collect("admin").await.snapshot;
    for object in &objects {
        let (kind, namespace, name) = rest::identity(object).unwrap();
        // Samples are summed up; the test below tells how.
        if kind == Kind::PodMetrics {
            assert_eq!(after.outcome(kind).count(), Some(1));
            continue;
        }
        let read = after
            .get(kind, namespace, name)
            .unwrap_or_else(|| panic!("{kind} is not read"))
            .to_manifest();
        for field in ["spec", "report", "results", "status", "scope", "source"] {
            let of = |manifest: &Value| manifest.get(field).map(without_defaults);
            assert_eq!(of(&read), of(object), "{field} of {kind}");
        }
    }
}

/// By an API server of its own, which has the definition of the type that otherwise metrics-server serves.
#[tokio::test]
async fn what_pods_use_is_not_served_then_read_and_then_denied() {
    let bed = Testbed::start().await.unwrap();
    let usage = async |user: &str| {
        let connection = bed.connection(user).await.unwrap();
        let collection = live::collect(&connection, &Limits::default(), &|_| {}).await.unwrap();
        (collection.snapshot.outcome(Kind::PodMetrics), collection.snapshot.usage)
    };
    assert_eq!(usage("admin").await, (Collected::Absent, None));
    bed.apply(&[fixtures::definition(Kind::PodMetrics, "v1beta1")])
        .await
        .unwrap();
    bed.served(&[Kind::PodMetrics]).await.unwrap();
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "default"},
        "spec": {"containers": [{"name": "web", "image": "web:1"}], "automountServiceAccountToken": false},
    });
    let sample = |name: &str, memory: &str| {
        json!({
            "apiVersion": "metrics.k8s.io/v1beta1", "kind": "PodMetrics", "metadata": {"name": name, "namespace": "default"},
            "timestamp": "2026-11-29T10:00:00Z", "window": "15.2s",
            "containers": [{"name": "web", "usage": {"cpu": "2417081n", "memory": memory}}],
        })
    };
    let client = bed.client("admin").await.unwrap();
    for object in [pod, sample("web", "48Mi"), sample("gone", "1e99")] {
        rest::create(&client, &object).await.unwrap();
    }
    let (outcome, read) = usage("admin").await;
    let read = read.unwrap();
    assert_eq!((outcome.count(), read.pods, read.left_out), (Some(2), 1, 0));
    let container = read.workloads[0].container("web").unwrap();
    assert_eq!((container.cpu.total, container.memory.most), (3, 48 << 20));
    assert_eq!(
        container.measured_at.unwrap().utc().unwrap().to_rfc3339(),
        "2026-11-29T10:00:00+00:00"
    );
    let (outcome, read) = usage("nobody").await;
    assert_eq!((outcome.word(), read), ("denied", None));
    assert!(outcome.reason().contains("pods.metrics.k8s.io"), "{}", outcome.reason());
}

/// By an API server of its own: the others' are to serve the usual versions.
#[tokio::test]
async fn kinds_that_are_served_in_other_versions_are_read_or_fail_and_are_never_absent() {
    let bed = Testbed::start().await.unwrap();
    let served = [
        (Kind::TlsRoute, "v1alpha2"),
        (Kind::ClusterNetworkPolicy, "v1beta7"),
        (Kind::AdminNetworkPolicy, "v1alpha1"),
    ];
    let definitions = served.map(|(kind, version)| fixtures::definition(kind, version));
    bed.apply(&definitions).await.unwrap();
    let client = bed.client("admin").await.unwrap();
    let route = json!({
        "apiVersion": "gateway.networking.k8s.io/v1alpha2", "kind": "TLSRoute", "metadata": {"name": "web"},
        "spec": {"hostnames": ["shop.example"]},
    });
    let routes = "/apis/gateway.networking.k8s.io/v1alpha2/namespaces/default/tlsroutes";
    let mut pause = tokio::time::interval(Duration::from_millis(50));
    while rest::send(&client, Method::POST, routes, rest::JSON, Some(&route))
        .await
        .is_err()
    {
        pause.tick().await;
    }
    let connection = bed.connection("admin").await.unwrap();
    let snapshot = loop {
        pause.tick().await;
        let snapshot = live::collect(&connection, &Limits::default(), &|_| {})
            .await
            .unwrap()
            .snapshot;
        if served
            .iter()
            .all(|(kind, _)| snapshot.outcome(*kind) != Collected::Absent)
        {
            break snapshot;
        }
    };
    let read = snapshot.find::<TlsRoute>("default", "web").unwrap();
    assert_eq!(read.spec.as_ref().unwrap().hostnames, ["shop.example"]);
    assert_eq!(
        snapshot.outcome(Kind::ClusterNetworkPolicy),
        Collected::Failed {
            reason: "it is served as v1beta7, and Plimsoll reads v1alpha2".into()
        }
    );
    assert_eq!(snapshot.outcome(Kind::AdminNetworkPolicy).count(), Some(0));
    assert_eq!(snapshot.outcome(Kind::Certificate), Collected::Absent);
}

/// The value without what stands for absent.
fn without_defaults(value: &Value) -> Value {
    let is_said = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && value != "" && value != 0;
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, field)| (name.clone(), without_defaults(field)));
            let fields: serde_json::Map<_, _> = fields.filter(|(_, field)| is_said(field)).collect();
            if fields.is_empty() { Value::Null } else { fields.into() }
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => items.iter().map(without_defaults).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn kind_that_is_forbidden_is_denied_and_the_others_go_on() {
    let bed = testbed::shared().await;
    let rules = json!([{"apiGroups": ["", "apps"], "resources": ["namespaces", "pods", "deployments"], "verbs": ["get", "list"]}]);
    bed.grant("reader", rules).await.unwrap();
    let collection = collect("reader").await;
    assert!(collection.snapshot.outcome(Kind::Pod).is_known());
    assert!(!collection.snapshot.of(Kind::Namespace).is_empty());
    let denied = collection.snapshot.outcome(Kind::Secret);
    assert_eq!(denied.word(), "denied");
    assert!(
        denied.reason().starts_with("secrets is forbidden: User \"reader\""),
        "{}",
        denied.reason()
    );
    assert_eq!(collection.id, collect("admin").await.id);
}

#[tokio::test]
async fn reason_is_told_where_protobuf_is_refused_too() {
    let denied = collect("nobody").await.snapshot.outcome(Kind::ClusterRole);
    assert!(
        denied
            .reason()
            .starts_with("clusterroles.rbac.authorization.k8s.io is forbidden"),
        "{}",
        denied.reason()
    );
}

#[tokio::test]
async fn who_may_read_nothing_learns_that_and_which_cluster_it_was() {
    let collection = collect("nobody").await;
    assert!(
        collection.warnings[0].contains("kube-system can't be read"),
        "{:?}",
        collection.warnings
    );
    let denied = collection
        .snapshot
        .coverage()
        .iter()
        .filter(|row| row.outcome.word() == "denied")
        .count();
    assert_eq!(denied, Kind::ALL.len());
    assert_eq!(collection.id, collect("restricted").await.id);
}

#[tokio::test]
async fn token_that_is_not_known_is_an_error() {
    let bed = testbed::shared().await;
    let text = std::fs::read_to_string(bed.kubeconfig())
        .unwrap()
        .replace("admin-token", "other-token");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let connection = connect(&Target::of_file(file.path(), None).unwrap()).await.unwrap();
    let error = live::collect(&connection, &Limits::default(), &|_| {})
        .await
        .unwrap_err();
    assert!(matches!(error, CollectError::Unauthorised(_)), "{error}");
}

#[tokio::test]
async fn server_that_is_not_there_is_an_error() {
    let bed = testbed::shared().await;
    let mut config: Value = serde_json::from_str(&std::fs::read_to_string(bed.kubeconfig()).unwrap()).unwrap();
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1".into();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), config.to_string()).unwrap();
    let connection = connect(&Target::of_file(file.path(), None).unwrap()).await.unwrap();
    let error = live::collect(&connection, &Limits::default(), &|_| {})
        .await
        .unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn small_pages_hold_the_same_as_large_ones() {
    let bed = testbed::shared().await;
    let objects: Vec<Value> = (0..25)
        .map(|number| config_map("paged", &format!("c{number:02}")))
        .collect();
    bed.apply(&[namespace("paged")]).await.unwrap();
    bed.apply(&objects).await.unwrap();
    let connection = bed.connection("admin").await.unwrap();
    let limits = Limits {
        page: 3,
        deadline: Duration::from_secs(120),
        ..Limits::default()
    };
    let small = live::collect(&connection, &limits, &|_| {}).await.unwrap().snapshot;
    let paged = |name: &String| name.starts_with("ConfigMap paged/");
    assert_eq!(names(&small, Kind::ConfigMap).into_iter().filter(paged).count(), 25);
    let large = collect("admin").await.snapshot;
    let system = |snapshot| {
        let names = names(snapshot, Kind::ClusterRole).into_iter();
        names
            .filter(|name| name.starts_with("ClusterRole system:"))
            .collect::<Vec<_>>()
    };
    assert!(system(&small).len() > 50);
    assert_eq!(system(&small), system(&large));
}

/// PriorityClasses, because the testbed reads them from etcd alone.
#[tokio::test]
async fn list_whose_token_expires_starts_again_and_is_whole() {
    let bed = testbed::shared().await;
    let class = |name: &str| json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": 1});
    bed.apply(&["expiring-1", "expiring-2"].map(class)).await.unwrap();
    let (has_expired, starts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&starts);
    let connection = intercepted(bed, move |request, admin| {
        let (has_expired, starts) = (Arc::clone(&has_expired), Arc::clone(&counted));
        async move {
            let address = request.uri().to_string();
            let is_list = address.contains("/priorityclasses?");
            starts.fetch_add(
                usize::from(is_list && !address.contains("continue=")),
                Ordering::Relaxed,
            );
            if is_list && address.contains("continue=") && !has_expired.swap(true, Ordering::Relaxed) {
                rest::apply(&admin, &class("expiring-0")).await.unwrap();
                bed.compact().await.unwrap();
            }
            admin.send(request).await
        }
    })
    .await;
    let limits = Limits {
        page: 2,
        deadline: Duration::from_secs(120),
        ..Limits::default()
    };
    let snapshot = live::collect(&connection, &limits, &|_| {}).await.unwrap().snapshot;
    let found = names(&snapshot, Kind::PriorityClass)
        .into_iter()
        .filter(|name| name.contains("expiring-"))
        .count();
    assert_eq!((starts.load(Ordering::Relaxed), found), (2, 3));
}

#[tokio::test]
async fn role_that_was_made_after_its_list_was_read_is_found_by_name() {
    let bed = testbed::shared().await;
    let group = "rbac.authorization.k8s.io";
    let binding = |name: &str| {
        json!({
            "apiVersion": format!("{group}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": name},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": group, "kind": "User", "name": "jane"}],
        })
    };
    bed.apply(&[binding("role-gone")]).await.unwrap();
    let roles_are_read = Arc::new(Notify::new());
    let late = [
        json!({"apiVersion": format!("{group}/v1"), "kind": "ClusterRole", "metadata": {"name": "role-late"}, "rules": []}),
        binding("role-late"),
    ];
    let connection = intercepted(bed, move |request, admin| {
        let (roles_are_read, late) = (Arc::clone(&roles_are_read), late.clone());
        async move {
            let address = request.uri().to_string();
            if address.contains("/clusterrolebindings?") {
                roles_are_read.notified().await;
                for object in &late {
                    rest::apply(&admin, object).await.unwrap();
                }
            }
            let answer = admin.send(request).await;
            if address.contains("/clusterroles?") {
                roles_are_read.notify_one();
            }
            answer
        }
    })
    .await;
    let snapshot = live::collect(&connection, &Limits::default(), &|_| {})
        .await
        .unwrap()
        .snapshot;
    assert!(snapshot.get(Kind::ClusterRoleBinding, "", "role-late").is_some());
    assert!(snapshot.get(Kind::ClusterRole, "", "role-late").is_some());
    assert!(snapshot.get(Kind::ClusterRole, "", "role-gone").is_none());
}

#[tokio::test]
async fn large_lists_come_compressed() {
    let bed = testbed::shared().await;
    let rules: Vec<Value> = (0..1000)
        .map(|number| json!({"apiGroups": ["apps"], "resources": [format!("resource-{number}")], "verbs": ["get", "list"]}))
        .collect();
    let role = |number: usize| {
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "metadata": {"name": format!("large-{number}"), "namespace": "compressed"}, "rules": rules,
        })
    };
    bed.apply(&[namespace("compressed")]).await.unwrap();
    bed.apply(&(0..10).map(role).collect::<Vec<_>>()).await.unwrap();
    let compressed = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&compressed);
    let connection = intercepted(bed, move |request, admin| {
        let compressed = Arc::clone(&counted);
        async move {
            let answer = admin.send(request).await?;
            let is_gzip = answer
                .headers()
                .get("content-encoding")
                .is_some_and(|encoding| encoding == "gzip");
            compressed.fetch_add(usize::from(is_gzip), Ordering::Relaxed);
            Ok(answer)
        }
    })
    .await;
    let snapshot = live::collect(&connection, &Limits::default(), &|_| {})
        .await
        .unwrap()
        .snapshot;
    assert!(compressed.load(Ordering::Relaxed) > 0);
    assert_eq!(
        names(&snapshot, Kind::Role)
            .into_iter()
            .filter(|name| name.contains("compressed/"))
            .count(),
        10
    );
}

#[tokio::test]
async fn dry_run_says_what_the_api_server_makes_of_a_patch_and_changes_nothing() {
    let client = rich().await.client("admin").await.unwrap();
    let target = collect("admin")
        .await
        .snapshot
        .get(Kind::Deployment, "rich", "web")
        .unwrap()
        .reference();
    let strategic = |body: Value| Patch::Strategic {
        target: target.clone(),
        body: body.into(),
    };
    let container = |field: Value| json!({"spec": {"template": {"spec": {"containers": [{"name": "main", "securityContext": field}]}}}});
    let patched = dry_run::patch(&client, &strategic(container(json!({"privileged": false}))))
        .await
        .unwrap();
    assert_eq!(
        patched.pointer("/spec/template/spec/containers/0/securityContext/privileged"),
        Some(&json!(false))
    );
    assert!(
        dry_run::patch(&client, &strategic(container(json!({"privilegd": false}))))
            .await
            .is_err()
    );
    let merge = Patch::Merge {
        target: target.clone(),
        body: json!({"metadata": {"labels": {"a": "b"}}}),
    };
    dry_run::patch(&client, &merge).await.unwrap();
    let create = Patch::Create {
        manifest: config_map("rich", "new"),
    };
    dry_run::patch(&client, &create).await.unwrap();
    dry_run::patch(&client, &Patch::Delete { target: target.clone() })
        .await
        .unwrap();
    let after = collect("admin").await.snapshot;
    let web = after.resolve(&target).unwrap().to_manifest();
    assert_eq!(
        web.pointer("/spec/template/spec/containers/0/securityContext/privileged"),
        Some(&json!(true))
    );
    assert!(after.get(Kind::ConfigMap, "rich", "new").is_none());
}

#[tokio::test]
async fn load_has_the_size_that_it_says() {
    let bed = testbed::shared().await;
    let said = load::fill(&bed.client("admin").await.unwrap(), 100).await.unwrap();
    let snapshot = collect("admin").await.snapshot;
    let is_load = |object: &Object| object.meta().namespace == "load-000" || object.meta().name == "load-000";
    assert_eq!(snapshot.objects().filter(|object| is_load(object)).count(), said);
    assert_eq!(snapshot.of(Kind::Pod).iter().filter(|pod| is_load(pod)).count(), 100);
}
