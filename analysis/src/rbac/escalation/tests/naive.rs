//! The closure against an attacker who tries everything: they ask the authoriser for each request that leads further, make
//! it in a copy of the cluster, and go on until nothing is new.

use std::collections::BTreeSet;

use serde_json::json;
use shared::rbac::{Subject, SubjectKind};

use crate::fixture::snapshot;
use crate::model::{Kind, Object, Snapshot};
use crate::rbac::access::{Access, Identity, Origin, Request, Target, Verdict};
use crate::rbac::escalation::Escalation;
use crate::rbac::escalation::graph::{Search, Without};

const NAMESPACES: [&str; 3] = ["kube-system", "shop", "spare"];
const ACCOUNTS: [(&str, &str); 3] = [("shop", "a"), ("shop", "b"), ("kube-system", "c")];
const USERS: [&str; 2] = ["u", "v"];
const GROUPS: [&str; 4] = [
    "g",
    "system:serviceaccounts:shop",
    "system:authenticated",
    "system:masters",
];
const CLUSTER_ROLES: [&str; 4] = ["r0", "r1", "r2", "r3"];
const RBAC: &str = "rbac.authorization.k8s.io";

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

/// Verbs, group, resource, and names of which a rule may have one.
const RULES: &[(&str, &str, &str, &[&str])] = &[
    ("create", "", "pods", &[]),
    ("create", "batch", "jobs", &[]),
    ("create", "", "pods/exec", &["p-a", "p-c"]),
    ("create", "", "serviceaccounts/token", &["a", "c"]),
    ("impersonate", "", "serviceaccounts", &["a", "b", "c"]),
    ("impersonate", "", "users", &["u", "v"]),
    ("impersonate", "", "groups", &["g", "system:masters"]),
    ("get", "", "secrets", &["tok", "free"]),
    ("list", "", "secrets", &[]),
    ("create", "", "secrets", &[]),
    ("create", RBAC, "rolebindings", &[]),
    ("update", RBAC, "rolebindings", &["b0", "b1"]),
    ("create", RBAC, "clusterrolebindings", &[]),
    ("patch", RBAC, "clusterrolebindings", &["b2", "b3"]),
    ("bind", RBAC, "clusterroles", &["r0", "r1", "r2"]),
    ("bind", RBAC, "roles", &["q"]),
    ("update", RBAC, "clusterroles", &["r0", "r1", "r2"]),
    ("escalate", RBAC, "clusterroles", &["r0", "r1", "r2"]),
    ("update", RBAC, "roles", &["q"]),
    ("escalate", RBAC, "roles", &["q"]),
    ("create", RBAC, "roles", &[]),
    ("create", RBAC, "clusterroles", &[]),
    ("*", "*", "*", &[]),
    ("*", RBAC, "*", &[]),
    ("get", "", "configmaps", &[]),
];

fn rules(dice: &mut Dice) -> serde_json::Value {
    let rules = (0..1 + dice.roll(3)).map(|_| {
        // Everything is rare, or nothing else would count.
        let (verb, group, resource, names) = match dice.roll(RULES.len() + 40) {
            place if place < RULES.len() => RULES[place],
            place => RULES[place % 22],
        };
        let mut rule = json!({"verbs": [verb], "apiGroups": [group], "resources": [resource]});
        if !names.is_empty() && dice.roll(2) == 0 {
            rule["resourceNames"] = json!([dice.of(names)]);
        }
        rule
    });
    rules.collect()
}

fn put(snapshot: &mut Snapshot, kind: Kind, value: serde_json::Value) {
    snapshot.put(Object::deserialize(kind, value).unwrap());
}

fn subject(dice: &mut Dice) -> serde_json::Value {
    match dice.roll(7) {
        0..3 => {
            let (namespace, name) = dice.of(&ACCOUNTS);
            json!({"kind": "ServiceAccount", "namespace": namespace, "name": name})
        }
        3..6 => json!({"kind": "User", "name": dice.of(&USERS)}),
        _ => json!({"kind": "Group", "name": dice.of(&GROUPS[..3])}),
    }
}

fn world(seed: u64) -> Snapshot {
    let mut dice = Dice(seed);
    let mut world = snapshot("");
    for name in NAMESPACES {
        let labels = json!({"pod-security.kubernetes.io/enforce": "restricted"});
        put(
            &mut world,
            Kind::Namespace,
            json!({"metadata": {"name": name, "labels": labels}}),
        );
    }
    let labels = json!({"pod-security.kubernetes.io/enforce": "restricted"});
    put(
        &mut world,
        Kind::Namespace,
        json!({"metadata": {"name": "default", "labels": labels}}),
    );
    for (namespace, name) in ACCOUNTS {
        put(
            &mut world,
            Kind::ServiceAccount,
            json!({"metadata": {"namespace": namespace, "name": name}}),
        );
        let spec = json!({"serviceAccountName": name, "containers": [{"name": "c"}]});
        let metadata = json!({"namespace": namespace, "name": format!("p-{name}")});
        if dice.roll(2) == 0 {
            put(&mut world, Kind::Pod, json!({"metadata": metadata, "spec": spec}));
        }
    }
    let annotations = json!({"kubernetes.io/service-account.name": "b"});
    let metadata = json!({"namespace": "shop", "name": "tok", "annotations": annotations});
    put(
        &mut world,
        Kind::Secret,
        json!({"metadata": metadata, "type": "kubernetes.io/service-account-token"}),
    );
    for name in CLUSTER_ROLES {
        put(
            &mut world,
            Kind::ClusterRole,
            json!({"metadata": {"name": name}, "rules": rules(&mut dice)}),
        );
    }
    for namespace in ["shop", "kube-system"] {
        let metadata = json!({"name": "q", "namespace": namespace});
        put(
            &mut world,
            Kind::Role,
            json!({"metadata": metadata, "rules": rules(&mut dice)}),
        );
    }
    for place in 0..6 {
        let name = format!("b{place}");
        let (role_kind, role) = match dice.roll(4) {
            0 if place < 2 => ("Role", "q"),
            _ => ("ClusterRole", *dice.of(&CLUSTER_ROLES)),
        };
        let role = json!({"apiGroup": RBAC, "kind": role_kind, "name": role});
        let subjects = json!([subject(&mut dice)]);
        if place < 4 && dice.roll(3) > 0 || place < 2 {
            let metadata = json!({"name": name, "namespace": dice.of(&NAMESPACES[..2])});
            put(
                &mut world,
                Kind::RoleBinding,
                json!({"metadata": metadata, "roleRef": role, "subjects": subjects}),
            );
        } else {
            put(
                &mut world,
                Kind::ClusterRoleBinding,
                json!({"metadata": {"name": name}, "roleRef": role, "subjects": subjects}),
            );
        }
    }
    world
}

/// The attacker: whom they can act as, and what they have done to their copy of the cluster.
struct Attacker {
    world: Snapshot,
    who: BTreeSet<Subject>,
    made: usize,
    can_make_secrets: BTreeSet<&'static str>,
    can_read_secrets: BTreeSet<&'static str>,
    can_make_pods: BTreeSet<&'static str>,
    can_relabel: BTreeSet<&'static str>,
    is_admin: bool,
    reads_all: bool,
    is_in_kube_system: bool,
}

fn account(namespace: &str, name: &str) -> Subject {
    Subject {
        kind: SubjectKind::ServiceAccount,
        namespace: namespace.into(),
        name: name.into(),
    }
}

fn named(kind: SubjectKind, name: &str) -> Subject {
    Subject {
        kind,
        namespace: String::new(),
        name: name.into(),
    }
}

fn identity(subject: &Subject) -> Identity {
    let mut identity = Identity::of(subject);
    if subject.kind == SubjectKind::Group && subject.name != "system:authenticated" {
        identity.groups.push("system:authenticated".into());
    }
    if subject.name == "system:serviceaccounts:shop" {
        identity.groups.push("system:serviceaccounts".into());
    }
    identity
}

/// Everything that one identity may ask for.
struct Asker<'a> {
    access: &'a Access,
    who: Identity,
}

impl Asker<'_> {
    fn can(&self, verb: &str, group: &str, resource: &str, namespace: &str, name: &str) -> bool {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let target = Target::Resource {
            group,
            resource,
            subresource,
            namespace,
            name,
        };
        self.access.can_i(&self.who, &Request { verb, target }).verdict == Verdict::Yes
    }

    fn changes(&self, resource: &str, namespace: &str, name: &str) -> bool {
        ["update", "patch"]
            .iter()
            .any(|verb| self.can(verb, RBAC, resource, namespace, name))
    }

    fn reads(&self, namespace: &str, name: &str) -> bool {
        ["get", "list", "watch"]
            .iter()
            .any(|verb| self.can(verb, "", "secrets", namespace, name))
    }
}

impl Attacker {
    fn new(world: &Snapshot, start: Subject) -> Self {
        Self {
            world: world.clone(),
            who: BTreeSet::from([start]),
            made: 0,
            can_make_secrets: BTreeSet::new(),
            can_read_secrets: BTreeSet::new(),
            can_make_pods: BTreeSet::new(),
            can_relabel: BTreeSet::new(),
            is_admin: false,
            reads_all: false,
            is_in_kube_system: false,
        }
    }

    /// Goes on until nothing is new: administrator, all secrets, code in kube-system.
    fn try_everything(mut self) -> [bool; 3] {
        loop {
            let before = self.size();
            for subject in self.who.clone() {
                let access = Access::new(&self.world, Origin::Live);
                let asker = Asker {
                    access: &access,
                    who: identity(&subject),
                };
                self.is_admin |= asker.who.is_root() || asker.can("*", "*", "*", "", "");
                NAMESPACES
                    .iter()
                    .for_each(|namespace| self.in_namespace(&asker, namespace));
                self.impersonate(&asker);
                self.write(&asker);
                self.reads_all |= NAMESPACES.iter().all(|namespace| asker.reads(namespace, ""));
            }
            if before == self.size() {
                let is_admin = self.is_admin;
                return [is_admin, is_admin || self.reads_all, is_admin || self.is_in_kube_system];
            }
        }
    }

    /// How much there is of what only grows.
    fn size(&self) -> [usize; 6] {
        let places = [
            &self.can_make_secrets,
            &self.can_read_secrets,
            &self.can_make_pods,
            &self.can_relabel,
        ];
        let [secrets, read, pods, labels] = places.map(BTreeSet::len);
        [self.who.len(), self.made, secrets, read, pods, labels]
    }

    fn take_accounts(&mut self, namespace: &str) {
        let all = ACCOUNTS.iter().filter(|(other, _)| *other == namespace);
        self.who.extend(all.map(|(namespace, name)| account(namespace, name)));
        self.who.insert(account(namespace, "default"));
    }

    /// A privileged pod gives the node, and that what runs on it.
    fn take_nodes(&mut self) {
        for (namespace, name) in ACCOUNTS {
            if self.world.get(Kind::Pod, namespace, &format!("p-{name}")).is_some() {
                self.who.insert(account(namespace, name));
                self.is_in_kube_system |= namespace == "kube-system";
            }
        }
    }

    fn in_namespace(&mut self, asker: &Asker<'_>, namespace: &'static str) {
        if asker.can("create", "", "pods", namespace, "") || asker.can("create", "batch", "jobs", namespace, "") {
            self.take_accounts(namespace);
            self.is_in_kube_system |= namespace == "kube-system";
            self.can_make_pods.insert(namespace);
        }
        if ["update", "patch"]
            .iter()
            .any(|verb| asker.can(verb, "", "namespaces", namespace, namespace))
        {
            self.can_relabel.insert(namespace);
        }
        if self.can_make_pods.contains(namespace) && self.can_relabel.contains(namespace) {
            self.take_nodes();
        }
        for (_, name) in ACCOUNTS.iter().filter(|(other, _)| *other == namespace) {
            let pod = format!("p-{name}");
            let is_there = self.world.get(Kind::Pod, namespace, &pod).is_some();
            if is_there && asker.can("create", "", "pods/exec", namespace, &pod) {
                self.who.insert(account(namespace, name));
                self.is_in_kube_system |= namespace == "kube-system";
            }
            let is_token = asker.can("create", "", "serviceaccounts/token", namespace, name);
            if is_token || asker.can("impersonate", "", "serviceaccounts", namespace, name) {
                self.who.insert(account(namespace, name));
            }
        }
        if namespace == "shop" && asker.reads(namespace, "tok") {
            self.who.insert(account("shop", "b"));
        }
        if asker.can("create", "", "secrets", namespace, "") {
            self.can_make_secrets.insert(namespace);
        }
        let is_free = |name: &&&str| self.world.get(Kind::Secret, namespace, name).is_none();
        if ["free", "tok", "any"]
            .iter()
            .filter(is_free)
            .any(|name| asker.reads(namespace, name))
        {
            self.can_read_secrets.insert(namespace);
        }
        if self.can_make_secrets.contains(namespace) && self.can_read_secrets.contains(namespace) {
            self.take_accounts(namespace);
        }
    }

    fn impersonate(&mut self, asker: &Asker<'_>) {
        for user in USERS
            .iter()
            .filter(|user| asker.can("impersonate", "", "users", "", user))
        {
            self.who.insert(named(SubjectKind::User, user));
        }
        let any_user = ["u", "v", "somebody"]
            .iter()
            .any(|user| asker.can("impersonate", "", "users", "", user));
        let any_account = NAMESPACES.iter().any(|namespace| {
            let names = ["a", "b", "c", "somebody"];
            names
                .iter()
                .any(|name| asker.can("impersonate", "", "serviceaccounts", namespace, name))
        });
        if any_user || any_account {
            let groups = GROUPS
                .iter()
                .filter(|group| asker.can("impersonate", "", "groups", "", group));
            self.who.extend(groups.map(|group| named(SubjectKind::Group, group)));
        }
    }

    /// Binds what may be bound, to all whom they can act as, and writes everything into roles that they may write.
    fn write(&mut self, asker: &Asker<'_>) {
        self.make_roles(asker);
        for role in CLUSTER_ROLES.into_iter().chain(["made"]) {
            let role_ref = json!({"apiGroup": RBAC, "kind": "ClusterRole", "name": role});
            if asker.can("create", RBAC, "clusterrolebindings", "", "")
                && asker.can("bind", RBAC, "clusterroles", "", role)
            {
                self.bind("", &role_ref);
            }
            for namespace in NAMESPACES {
                let may_bind = asker.can("bind", RBAC, "clusterroles", namespace, role);
                if may_bind && asker.can("create", RBAC, "rolebindings", namespace, "") {
                    self.bind(namespace, &role_ref);
                }
            }
            if asker.changes("clusterroles", "", role) && asker.can("escalate", RBAC, "clusterroles", "", role) {
                self.rewrite(Kind::ClusterRole, "", role);
            }
        }
        for namespace in NAMESPACES {
            for role in ["q", "made"] {
                let role_ref = json!({"apiGroup": RBAC, "kind": "Role", "name": role});
                if asker.can("create", RBAC, "rolebindings", namespace, "")
                    && asker.can("bind", RBAC, "roles", namespace, role)
                {
                    self.bind(namespace, &role_ref);
                }
            }
            if asker.changes("roles", namespace, "q") && asker.can("escalate", RBAC, "roles", namespace, "q") {
                self.rewrite(Kind::Role, namespace, "q");
            }
        }
        let bindings = [Kind::RoleBinding, Kind::ClusterRoleBinding].into_iter();
        let bindings: Vec<Object> = bindings
            .flat_map(|kind| self.world.of(kind).iter().map(|object| object.as_ref().clone()))
            .collect();
        for object in bindings {
            let (meta, resource) = (object.meta(), object.kind().info().plural);
            let role = object.body().unwrap()["roleRef"].clone();
            let text = |field: &str| role[field].as_str().unwrap().to_owned();
            let roles = if text("kind") == "Role" {
                "roles"
            } else {
                "clusterroles"
            };
            if asker.changes(resource, &meta.namespace, &meta.name)
                && asker.can("bind", RBAC, roles, &meta.namespace, &text("name"))
            {
                self.bind(&meta.namespace, &role);
            }
        }
    }

    /// Roles of their own, that hold everything.
    fn make_roles(&mut self, asker: &Asker<'_>) {
        let makes = |resource: &str, namespace: &str| {
            ["create", "escalate"]
                .iter()
                .all(|verb| asker.can(verb, RBAC, resource, namespace, ""))
        };
        if makes("clusterroles", "") {
            self.rewrite(Kind::ClusterRole, "", "made");
        }
        for namespace in NAMESPACES {
            if makes("roles", namespace) {
                self.rewrite(Kind::Role, namespace, "made");
            }
        }
    }

    fn bind(&mut self, namespace: &str, role: &serde_json::Value) {
        let subjects: Vec<serde_json::Value> = self
            .who
            .iter()
            .map(|who| json!({"kind": who.kind.as_str(), "namespace": who.namespace, "name": who.name}))
            .collect();
        let name = format!(
            "made-{}-{}",
            role["kind"].as_str().unwrap(),
            role["name"].as_str().unwrap()
        );
        let kind = if namespace.is_empty() {
            Kind::ClusterRoleBinding
        } else {
            Kind::RoleBinding
        };
        let metadata = json!({"name": name, "namespace": namespace});
        self.change(
            kind,
            json!({"metadata": metadata, "roleRef": role, "subjects": subjects}),
        );
    }

    fn rewrite(&mut self, kind: Kind, namespace: &str, name: &str) {
        let rules = json!([{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]);
        let metadata = json!({"name": name, "namespace": namespace});
        self.change(kind, json!({"metadata": metadata, "rules": rules}));
    }

    fn change(&mut self, kind: Kind, value: serde_json::Value) {
        let object = Object::deserialize(kind, value).unwrap();
        let meta = object.meta();
        let before = self.world.get(kind, &meta.namespace, &meta.name);
        if before.is_none_or(|before| **before != object) {
            self.world.put(object);
            self.made += 1;
        }
    }
}

/// What a failure shows.
fn ways(escalation: &Escalation<'_>, subject: &Subject) -> String {
    let found = escalation.report();
    let of_subject = found.items.iter().filter(|way| way.subject == *subject);
    let steps = of_subject.flat_map(|way| {
        way.steps
            .iter()
            .map(|step| format!("{:?}: {}\n", way.sink, step.sentence))
    });
    steps.collect()
}

#[test]
fn the_closure_finds_what_an_attacker_finds_who_tries_everything() {
    let mut found = [0; 3];
    for seed in 0..400 {
        let world = world(seed);
        let access = Access::new(&world, Origin::Live);
        let escalation = Escalation::new(&world, &access);
        let mut search = Search::new(&escalation.graph);
        for subject in access.subjects() {
            let expected = Attacker::new(&world, subject.clone()).try_everything();
            let is_group = subject.kind == SubjectKind::Group;
            let name = match subject.kind {
                SubjectKind::ServiceAccount => format!("system:serviceaccount:{}:{}", subject.namespace, subject.name),
                _ => subject.name.clone(),
            };
            let number = escalation.world.find(is_group, &name).unwrap();
            let start = escalation.starts[number as usize];
            let reached = start.map_or(0, |start| search.run(start, Without::default()));
            let is = [reached & 1 != 0, reached & 2 != 0, reached & 8 != 0];
            assert!(
                is == expected,
                "world {seed}, {subject}: {is:?}, and an attacker gets {expected:?}\n{}",
                ways(&escalation, &subject)
            );
            found
                .iter_mut()
                .zip(is)
                .for_each(|(count, is)| *count += usize::from(is));
        }
    }
    // Worlds in which nobody gets anywhere would prove nothing.
    assert!(found.iter().all(|count| *count > 50), "{found:?}");
}
