//! How fast the RBAC engine is, on clusters of four sizes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use analysis::model::{Kind, Object, Snapshot};
use analysis::rbac::access::{self, Access, Identity, Origin};
use analysis::rbac::escalation::Escalation;
use analysis::rbac::graph::{Place, rows};
use anyhow::Result;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::rbac::Question;
use shared::snapshots::Collected;

use super::world::{pick, some};

/// The largest: 2,000 roles, 5,000 bindings, 10,000 subjects, 500 namespaces. Each is half of the next.
const PARTS: [usize; 4] = [8, 4, 2, 1];
const ROLES: usize = 2_000;
const BINDINGS: usize = 5_000;
const SUBJECTS: usize = 10_000;
const NAMESPACES: usize = 500;
const VERBS: &[&str] = &["get", "list", "watch", "create", "update", "patch", "delete"];
/// API groups, with resources of each.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "pods",
            "pods/log",
            "pods/exec",
            "services",
            "secrets",
            "configmaps",
            "events",
            "serviceaccounts",
            "persistentvolumeclaims",
        ],
    ),
    ("apps", &["deployments", "deployments/scale", "statefulsets"]),
    ("batch", &["jobs", "cronjobs"]),
    ("networking.k8s.io", &["ingresses"]),
    ("coordination.k8s.io", &["leases"]),
];
const API: &str = "rbac.authorization.k8s.io/v1";

/// A row of the table: what, its target, what was measured.
pub type Row = (String, &'static str, String);

/// Measures every size.
///
/// # Errors
/// The cluster can't be made.
pub fn table() -> Result<Vec<Row>> {
    let mut table = Vec::new();
    for part in PARTS {
        table.extend(size(part)?);
    }
    Ok(table)
}

/// The ways of everyone in the largest cluster, with the changes that close them, for a process of which the memory is that of
/// this: how many there are.
///
/// # Errors
/// The cluster can't be made.
pub fn escalations(before: impl FnOnce() -> Result<()>) -> Result<usize> {
    let snapshot = cluster(&mut StdRng::seed_from_u64(1), 1)?;
    let access = Access::new(&snapshot, Origin::Live);
    before()?;
    let found = Escalation::new(&snapshot, &access);
    Ok(black_box(found).len())
}

/// Four layers, drawn as the graph of access is.
fn layout(nodes: usize) -> Duration {
    let mut random = StdRng::seed_from_u64(1);
    let in_layer = nodes / 4;
    let places: Vec<Place> = (0..nodes)
        .map(|node| Place {
            layer: node / in_layer,
            tier: u8::from(node % 10 != 0),
        })
        .collect();
    let edge = |_| {
        let from = random.random_range(0..3 * in_layer);
        let next = from / in_layer + 1;
        (from, next * in_layer + random.random_range(0..in_layer))
    };
    let edges: Vec<(usize, usize)> = (0..nodes * 3 / 2).map(edge).collect();
    least(5, || rows(black_box(&places), black_box(&edges)))
}

fn size(part: usize) -> Result<Vec<Row>> {
    let mut random = StdRng::seed_from_u64(1);
    let snapshot = cluster(&mut random, part)?;
    let index = least(5, || Access::new(black_box(&snapshot), Origin::Live));
    let access = Access::new(&snapshot, Origin::Live);
    let asked: Vec<Question> = (0..10_000).map(|_| question(&mut random, part)).collect();
    let prepared: Vec<_> = asked.iter().map(access::request).collect();
    let can_i = least(10, || {
        prepared.iter().for_each(|(who, request)| {
            black_box(access.can_i(who, request));
        });
    }) / 10_000;
    let who_can = prepared
        .iter()
        .take(500)
        .map(|(_, request)| least(3, || access.holders(request)));
    let found = prepared
        .iter()
        .take(500)
        .map(|(_, request)| access.who_can(request).grants.len());
    let (who_can, found) = (who_can.max().unwrap_or_default(), found.max().unwrap_or_default());
    let what_can = prepared
        .iter()
        .take(200)
        .map(|(who, _)| least(3, || access.what_can(who, None)));
    let what = format!(
        "RBAC, {} roles, {} bindings, {} subjects",
        ROLES / part,
        BINDINGS / part,
        SUBJECTS / part
    );
    let milliseconds = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1000.0);
    let closure = least(3, || Escalation::new(black_box(&snapshot), &access).len());
    let ways = Escalation::new(&snapshot, &access);
    let report = least(1, || ways.report());
    let target = |target| if part == 1 { target } else { "" };
    Ok(vec![
        (format!("{what}: index"), target("100 ms"), milliseconds(index)),
        (
            format!("{what}: can-i, warm"),
            target("1 µs"),
            format!("{:.2} µs", can_i.as_secs_f64() * 1e6),
        ),
        (
            format!("{what}: who-can, slowest of 500 ({found} chains at most)"),
            target("2 ms"),
            milliseconds(who_can),
        ),
        (
            format!("{what}: what-can, slowest of 200"),
            "",
            milliseconds(what_can.max().unwrap_or_default()),
        ),
        (
            format!("{what}: every subject's escalation closure ({} pairs)", ways.len()),
            target("1 s"),
            milliseconds(closure),
        ),
        (format!("{what}: its ways, fixes and cut"), "", milliseconds(report)),
        (
            format!("graph of {} nodes laid out", 2_000 / part),
            target("50 ms"),
            milliseconds(layout(2_000 / part)),
        ),
    ])
}

fn least<T>(times: u32, mut work: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let begun = Instant::now();
        black_box(work());
        begun.elapsed()
    };
    (0..times).map(once).min().unwrap_or_default()
}

fn cluster(random: &mut StdRng, part: usize) -> Result<Snapshot> {
    let (roles, bindings) = (ROLES / part, BINDINGS / part);
    let mut of_kind: [Vec<Object>; 6] = Default::default();
    let kinds = [
        Kind::ClusterRole,
        Kind::Role,
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::Namespace,
        Kind::ServiceAccount,
    ];
    for number in 0..roles {
        let is_wide = number % 4 == 0;
        let role = json!({
            "metadata": {"name": format!("role-{number}"), "namespace": if is_wide { String::new() } else { namespace(number, part) }},
            "rules": (0..random.random_range(2..8)).map(|_| rule(random)).collect::<Vec<_>>(),
        });
        let place = usize::from(!is_wide);
        of_kind[place].push(Object::deserialize(kinds[place], role)?);
    }
    for number in 0..bindings {
        let place = if number % 10 == 0 { 2 } else { 3 };
        let binding = binding(random, number, part, place == 2);
        of_kind[place].push(Object::deserialize(kinds[place], binding)?);
    }
    for number in 0..NAMESPACES / part {
        let labels =
            json!({"pod-security.kubernetes.io/enforce": if number % 2 == 0 { "restricted" } else { "baseline" }});
        let namespace = json!({"metadata": {"name": namespace(number, part), "labels": labels}});
        of_kind[4].push(Object::deserialize(kinds[4], namespace)?);
    }
    for subject in (0..2 * bindings).map(|number| subject(number, part)) {
        if subject["kind"] == "ServiceAccount" {
            of_kind[5].push(Object::deserialize(kinds[5], json!({"metadata": subject}))?);
        }
    }
    let mut snapshot = Snapshot::new("");
    for (kind, objects) in kinds.into_iter().zip(of_kind) {
        let count = u32::try_from(objects.len())?;
        snapshot.set(kind, Collected::Collected { count }, objects);
    }
    Ok(snapshot)
}

fn namespace(number: usize, part: usize) -> String {
    format!("team-{}", number % (NAMESPACES / part))
}

fn rule(random: &mut StdRng) -> Value {
    let (group, resources) = GROUPS[random.random_range(0..GROUPS.len())];
    let resources = some(random, resources, 1, 4.min(resources.len()));
    let mut rule = json!({"verbs": some(random, VERBS, 1, 4), "apiGroups": [group], "resources": resources});
    if random.random_bool(0.1) {
        rule["resourceNames"] = json!([format!("object-{}", random.random_range(0..100))]);
    }
    rule
}

/// Two subjects each, so that all are named once or so.
fn binding(random: &mut StdRng, number: usize, part: usize, is_wide: bool) -> Value {
    let role = random.random_range(0..ROLES / part);
    let (kind, namespace) = if is_wide || role % 4 == 0 {
        ("ClusterRole", namespace(number, part))
    } else {
        ("Role", namespace(role, part))
    };
    let role = if kind == "ClusterRole" { role - role % 4 } else { role };
    let subjects: Vec<Value> = [2 * number, 2 * number + 1].map(|number| subject(number, part)).into();
    json!({
        "metadata": {"name": format!("binding-{number}"), "namespace": if is_wide { String::new() } else { namespace }},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": format!("role-{role}")},
        "subjects": subjects,
        "apiVersion": API,
    })
}

/// Nine accounts and users for a group.
fn subject(number: usize, part: usize) -> Value {
    match number % 10 {
        0 => json!({"kind": "Group", "name": format!("group-{number}")}),
        1..4 => json!({"kind": "User", "name": format!("user-{number}")}),
        _ => {
            json!({"kind": "ServiceAccount", "name": format!("account-{number}"), "namespace": namespace(number, part)})
        }
    }
}

fn question(random: &mut StdRng, part: usize) -> Question {
    let number = random.random_range(0..SUBJECTS / part);
    let user = match number % 10 {
        0..4 => format!("user-{number}"),
        _ => format!("system:serviceaccount:{}:account-{number}", namespace(number, part)),
    };
    let group = format!("group-{}", number - number % 10);
    let (api_group, resources) = GROUPS[random.random_range(0..GROUPS.len())];
    let resource = pick(random, resources);
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    Question {
        groups: Identity::with_implied_groups(&user, &[group]).groups,
        user,
        verb: pick(random, VERBS).to_owned(),
        group: api_group.to_owned(),
        resource: resource.to_owned(),
        subresource: subresource.to_owned(),
        namespace: namespace(random.random_range(0..NAMESPACES), part),
        name: format!("object-{}", random.random_range(0..100)),
        path: None,
    }
}
