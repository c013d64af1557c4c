//! What steps lead through beside roles and bindings: namespaces and their guard, what runs where, tokens in secrets.

use std::collections::{BTreeSet, HashMap};

use super::draft::number;
use super::fact::Place as Scope;
use super::running::{self, Running};
use crate::kubernetes::lifecycle::enters_by_get;
use crate::model::namespace::Namespace;
use crate::model::node::Node;
use crate::model::secret::Secret;
use crate::model::service_account::ServiceAccount;
use crate::model::{Kind, Snapshot};
use crate::rbac::access::parts::account_of;
use crate::rbac::access::{Access, Origin};

/// The group that is let through before any role is looked at.
pub(super) const MASTERS: &str = "system:masters";
/// The group of kubelets.
pub(super) const NODES: &str = "system:nodes";
pub(super) const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
pub(super) const ACCOUNTS: &str = "system:serviceaccounts";
/// The namespace of the cluster's own programs.
pub(super) const KUBE_SYSTEM: &str = "kube-system";

/// What a namespace's label lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Privileged,
    Baseline,
    Restricted,
    /// Namespaces were not read.
    Unknown,
}

/// A namespace.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) level: Level,
    /// Its service accounts that bindings name, by subject.
    pub(super) accounts: Vec<u32>,
    /// Names of service accounts that bindings name and that are not there.
    pub(super) missing: Vec<u32>,
    /// What runs in it.
    pub(super) running: Vec<Running>,
    /// The workloads that can be changed, by the resource: `deployments`.
    pub(super) workloads: Vec<(&'static str, String)>,
    /// The tokens in its secrets: the secret, and the service account.
    pub(super) tokens: Vec<(String, String)>,
    /// Its secrets, by name.
    pub(super) secrets: BTreeSet<String>,
}

/// A subject as the API server knows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Who {
    pub(super) is_group: bool,
    pub(super) name: String,
}

/// Everything but roles and bindings.
#[derive(Debug)]
pub(super) struct World {
    pub(super) subjects: Vec<Who>,
    by_who: HashMap<Who, u32>,
    pub(super) places: Vec<Place>,
    by_name: HashMap<String, u32>,
    /// What a namespace lets in of which no object is known: manifests may leave it out.
    unlabelled: Level,
    pub(super) nodes: Vec<String>,
    /// Those of the control plane, by number.
    pub(super) control_plane: Vec<u32>,
    /// Whether `get` is enough to run commands in a pod: before 1.35, which asks for `create`.
    pub(super) enters_by_get: bool,
    /// Whether a ConfigMap maps identities of AWS.
    pub(super) has_aws_auth: bool,
    /// The configurations of mutating webhooks.
    pub(super) webhooks: Vec<String>,
}

impl World {
    pub(super) fn new(snapshot: &Snapshot, access: &Access) -> Self {
        let origin = access.origin();
        let is_known = origin != Origin::Live || snapshot.outcome(Kind::Namespace).is_known();
        let mut world = Self {
            subjects: Vec::new(),
            by_who: HashMap::new(),
            places: Vec::new(),
            by_name: HashMap::new(),
            unlabelled: if is_known { Level::Privileged } else { Level::Unknown },
            nodes: Vec::new(),
            control_plane: Vec::new(),
            enters_by_get: enters_by_get(&snapshot.version),
            has_aws_auth: snapshot.get(Kind::ConfigMap, KUBE_SYSTEM, "aws-auth").is_some(),
            webhooks: names(snapshot, Kind::MutatingWebhookConfiguration),
        };
        for (is_group, name) in access.subject_parts() {
            world.subject(is_group, name);
        }
        world.add_namespaces(snapshot, access);
        world.add_nodes(snapshot);
        world.add_accounts(snapshot, access);
        world.add_secrets(snapshot);
        running::add(&mut world, snapshot, origin);
        world
    }

    /// The number of a subject; those that bindings name have the index' own.
    pub(super) fn subject(&mut self, is_group: bool, name: &str) -> u32 {
        let name = name.to_owned();
        let who = Who { is_group, name };
        if let Some(number) = self.by_who.get(&who) {
            return *number;
        }
        let id = number(self.subjects.len());
        self.subjects.push(who.clone());
        self.by_who.insert(who, id);
        id
    }

    /// The number of a subject that is known.
    pub(super) fn find(&self, is_group: bool, name: &str) -> Option<u32> {
        let name = name.to_owned();
        self.by_who.get(&Who { is_group, name }).copied()
    }

    /// The service account of a subject, as namespace and name.
    pub(super) fn account(&self, subject: u32) -> Option<(&str, &str)> {
        let who = &self.subjects[subject as usize];
        account_of(&who.name).filter(|_| !who.is_group)
    }

    /// The groups into which the API server itself puts a subject.
    pub(super) fn implied(&self, subject: u32) -> Vec<u32> {
        let who = &self.subjects[subject as usize];
        let mut groups = Vec::new();
        if let Some((namespace, _)) = self.account(subject) {
            groups.push(format!("{ACCOUNTS}:{namespace}"));
            groups.push(ACCOUNTS.to_owned());
        }
        if who.is_group && who.name.starts_with("system:serviceaccounts:") {
            groups.push(ACCOUNTS.to_owned());
        }
        match who.name.as_str() {
            AUTHENTICATED | UNAUTHENTICATED => {}
            "system:anonymous" if !who.is_group => groups.push(UNAUTHENTICATED.to_owned()),
            _ => groups.push(AUTHENTICATED.to_owned()),
        }
        groups.iter().filter_map(|group| self.find(true, group)).collect()
    }

    /// The number of a namespace, which gets one if it has none.
    pub(super) fn place(&mut self, name: &str) -> u32 {
        self.guarded_place(name, self.unlabelled)
    }

    fn guarded_place(&mut self, name: &str, level: Level) -> u32 {
        if let Some(place) = self.by_name.get(name) {
            return *place;
        }
        let id = number(self.places.len());
        self.places.push(Place {
            name: name.to_owned(),
            level,
            accounts: Vec::new(),
            missing: Vec::new(),
            running: Vec::new(),
            workloads: Vec::new(),
            tokens: Vec::new(),
            secrets: BTreeSet::new(),
        });
        self.by_name.insert(name.to_owned(), id);
        id
    }

    pub(super) fn find_place(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    fn add_namespaces(&mut self, snapshot: &Snapshot, access: &Access) {
        for namespace in snapshot.all::<Namespace>() {
            if let Some(meta) = &namespace.metadata {
                let label = meta.labels.get("pod-security.kubernetes.io/enforce");
                self.guarded_place(&meta.name, level(label.map(String::as_str)));
            }
        }
        let bindings = access.binding_parts().filter_map(|binding| binding.namespace);
        for name in bindings.chain([KUBE_SYSTEM, "default"]) {
            self.place(name);
        }
    }

    fn add_nodes(&mut self, snapshot: &Snapshot) {
        for node in snapshot.all::<Node>() {
            let Some(meta) = &node.metadata else { continue };
            let labels = ["control-plane", "master"].map(|role| format!("node-role.kubernetes.io/{role}"));
            if labels.iter().any(|label| meta.labels.get(label).is_some()) {
                self.control_plane.push(number(self.nodes.len()));
            }
            self.nodes.push(meta.name.clone());
        }
        for name in [MASTERS, NODES, AUTHENTICATED, ACCOUNTS] {
            self.subject(true, name);
        }
    }

    /// Only service accounts that bindings name, by themselves or by their namespace's group, can do more than others.
    fn add_accounts(&mut self, snapshot: &Snapshot, access: &Access) {
        let is_read = access.knows_accounts();
        for subject in 0..number(self.subjects.len()) {
            let Some((namespace, name)) = self.account(subject) else {
                continue;
            };
            let (namespace, name) = (namespace.to_owned(), name.to_owned());
            let is_there = !is_read || snapshot.find::<ServiceAccount>(&namespace, &name).is_some();
            let place = self.place(&namespace);
            let place = &mut self.places[place as usize];
            let list = if is_there {
                &mut place.accounts
            } else {
                &mut place.missing
            };
            list.push(subject);
        }
    }

    fn add_secrets(&mut self, snapshot: &Snapshot) {
        for secret in snapshot.all::<Secret>() {
            let Some(meta) = &secret.metadata else { continue };
            let place = self.place(&meta.namespace);
            let place = &mut self.places[place as usize];
            place.secrets.insert(meta.name.clone());
            let account = meta.annotation("kubernetes.io/service-account.name");
            if let Some(account) = account.filter(|_| secret.r#type == "kubernetes.io/service-account-token") {
                place.tokens.push((meta.name.clone(), account.to_owned()));
            }
        }
    }

    /// The subject of a service account that bindings name, or else the narrowest group of its own that they name.
    pub(super) fn holder(&self, namespace: &str, account: &str) -> Option<u32> {
        self.find(false, &format!("system:serviceaccount:{namespace}:{account}"))
            .or_else(|| self.find(true, &format!("{ACCOUNTS}:{namespace}")))
            .or_else(|| self.find(true, ACCOUNTS))
    }

    /// The namespaces of a place, by number.
    pub(super) fn within(&self, place: Scope) -> Vec<u32> {
        match place {
            Scope::In(namespace) => vec![namespace],
            _ => (0..number(self.places.len())).collect(),
        }
    }
}

fn names(snapshot: &Snapshot, kind: Kind) -> Vec<String> {
    let objects = snapshot.of(kind).iter();
    objects.map(|object| object.meta().name.clone()).collect()
}

/// The API server takes a level that it does not know for restricted.
fn level(label: Option<&str>) -> Level {
    match label {
        None | Some("privileged") => Level::Privileged,
        Some("baseline") => Level::Baseline,
        Some(_) => Level::Restricted,
    }
}
