//! The workloads of the demo, laid out from the catalogue, and how each stands on a day.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::catalog::platform::{COMPONENTS, Component, HostPath, Run};
use super::catalog::policies::{AGENTS, GROWING};
use super::catalog::services::{Part, SERVICES};
use super::catalog::{NAMESPACES, Namespace};
use super::clock::LAST_DAY;
use super::flaw::{self, Flaw, Flaws, Window};
use super::image::{Image, Release};
use super::objects::namespace::Usage;
use super::objects::node::NODES;
use super::rng::Rng;
use super::story::{self, Fact};

/// Days between two issues of a certificate: well before the ninety days of its life are over.
pub(super) const RENEWAL: i32 = 55;

/// A workload.
#[derive(Debug)]
pub(super) struct Workload {
    /// Its number, from which its pods' addresses are made.
    pub(super) index: u32,
    /// Its namespace.
    pub(super) namespace: &'static Namespace,
    /// Its name.
    pub(super) name: String,
    /// The service or component that it belongs to, and whose service account, configuration and secrets it uses.
    pub(super) family: String,
    /// What makes its pods.
    pub(super) run: Run,
    /// Its main container's image.
    pub(super) image: Arc<Image>,
    /// The port that its Service leads to; 0 where it has none.
    pub(super) port: u16,
    /// Whether an ingress leads to it.
    pub(super) exposed: bool,
    /// Whether an init container migrates its database.
    pub(super) migrates: bool,
    /// Paths of the node that it may mount.
    pub(super) paths: &'static [HostPath],
    /// Requested CPU in thousandths of a core; its limit is twice that.
    pub(super) cpu: u32,
    /// Requested memory in MiB; its limit is twice that.
    pub(super) memory: u32,
    flaws: Vec<Window>,
    sidecar: Vec<(u32, bool)>,
    replicas: Vec<(u32, u32)>,
    changes: Vec<u32>,
}

/// How a workload stands on a day: two days with the same state have the same objects.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// Whether it exists.
    pub(super) exists: bool,
    /// What is wrong with it.
    pub(super) flaws: Flaws,
    /// What of its image runs.
    pub(super) release: Release,
    /// Whether Envoy runs beside it.
    pub(super) sidecar: bool,
    /// How often its pods were replaced.
    pub(super) revision: u32,
    /// The day on which its pods were last replaced; before the first day where they never were.
    pub(super) since: i32,
    /// How many pods it wants; for a DaemonSet none, the nodes decide.
    pub(super) replicas: u32,
    /// The day on which its ingress's certificate was issued.
    pub(super) issued: i32,
}

impl Workload {
    /// How it stands on a day.
    pub(super) fn state(&self, day: u32) -> State {
        let mut flaws = Flaws::default();
        for window in self
            .flaws
            .iter()
            .filter(|window| (window.from..window.until).contains(&day))
        {
            flaws.set(window.flaw, true);
        }
        let done = self.changes.iter().filter(|change| **change <= day);
        let last = |steps: &[(u32, bool)]| {
            steps
                .iter()
                .rev()
                .find(|(from, _)| *from <= day)
                .is_some_and(|(_, on)| *on)
        };
        State {
            exists: story::holds(Fact::Namespace(self.namespace.name), day, true),
            flaws,
            release: self.image.release(day),
            sidecar: last(&self.sidecar),
            revision: u32::try_from(done.clone().count()).unwrap_or_default(),
            since: done
                .max()
                .map_or_else(|| self.age(), |day| i32::try_from(*day).unwrap_or_default()),
            replicas: self
                .replicas
                .iter()
                .rev()
                .find(|(from, _)| *from <= day)
                .map_or(0, |(_, number)| *number),
            issued: self.issued(day),
        }
    }

    /// The day on which it was made: long ago, or with its namespace.
    pub(super) fn age(&self) -> i32 {
        let born = story::changes(|fact| fact == Fact::Namespace(self.namespace.name)).next();
        match born {
            Some((day, ..)) => i32::try_from(day).unwrap_or_default(),
            None => {
                let ago = 20 + Rng::of(&["age", self.namespace.name, &self.name]).below(400);
                -i32::try_from(ago).unwrap_or_default()
            }
        }
    }

    /// Adds what its pods ask for to its namespace's usage.
    pub(super) fn add_to(&self, usage: &mut Usage, state: &State) {
        let pods = match self.run {
            Run::DaemonSet => NODES,
            _ => state.replicas,
        };
        if state.exists {
            usage.cpu += pods * self.cpu;
            usage.memory += pods * 2 * self.memory;
            usage.pods += pods;
        }
    }

    fn issued(&self, day: u32) -> i32 {
        if !self.exposed {
            return 0;
        }
        let phase = Rng::of(&["certificate", self.namespace.name, &self.name]).below(RENEWAL.unsigned_abs());
        let (day, phase) = (
            i32::try_from(day).unwrap_or_default(),
            i32::try_from(phase).unwrap_or_default(),
        );
        (day - (day + phase) % RENEWAL).max(self.age())
    }

    /// Whether its pods have Vault's agent; none where they don't ask for it.
    pub(super) fn agent(&self) -> Option<bool> {
        let key = self.key();
        AGENTS.iter().find(|(name, _)| *name == key).map(|(_, has)| *has)
    }

    /// `namespace/name`, as the story calls it.
    fn key(&self) -> String {
        format!("{}/{}", self.namespace.name, self.name)
    }

    /// Adds what chance and the story say of it, and works out when its pods are replaced.
    fn told(mut self, own: &[Flaw]) -> Self {
        let key = self.key();
        let steps: Vec<_> = story::changes(|fact| matches!(fact, Fact::Flawed(name, _) if name == key)).collect();
        let told = |flaw: Flaw| {
            steps
                .iter()
                .any(|(_, fact, _)| matches!(fact, Fact::Flawed(_, told) if *told == flaw))
        };
        let always = |flaw: &Flaw| Window {
            flaw: *flaw,
            from: 0,
            until: LAST_DAY + 1,
        };
        let drawn = flaw::drawn(self.namespace.name, &self.name).filter(|window| self.allows(window.flaw));
        self.flaws = own
            .iter()
            .map(always)
            .chain(drawn)
            .filter(|window| !told(window.flaw))
            .collect();
        for (day, fact, begins) in steps {
            if let Fact::Flawed(_, flaw) = fact {
                let (from, until) = if begins { (day, LAST_DAY + 1) } else { (0, day) };
                self.flaws.push(Window { flaw, from, until });
            }
        }
        let sidecar = story::changes(|fact| matches!(fact, Fact::Sidecar(name) if name == key));
        self.sidecar = sidecar.map(|(day, _, on)| (day, on)).collect();
        self.replicas.extend(scales(&key, &self));
        self.changes = self.template_changes();
        self
    }

    /// Whether a flaw can be there at all: not where the namespace would refuse it, nor where there is nothing to be wrong.
    fn allows(&self, flaw: Flaw) -> bool {
        match flaw {
            Flaw::Relaxed => self.namespace.level != "restricted",
            Flaw::PlainHttp => self.exposed,
            // Only what the company builds is pushed under a tag that moves.
            Flaw::Floating => self.image.repository == format!("{}/{}", self.namespace.name, self.family),
            _ => true,
        }
    }

    /// The days on which its pod template changes.
    fn template_changes(&self) -> Vec<u32> {
        let flaws = self.flaws.iter().filter(|window| window.flaw != Flaw::PlainHttp);
        let flaws = flaws.flat_map(|window| [window.from, window.until]);
        let sidecar = self.sidecar.iter().map(|(day, _)| *day);
        let mut days: Vec<u32> = flaws.chain(sidecar).chain(self.image.rolls()).collect();
        days.retain(|day| (1..=LAST_DAY).contains(day));
        days.sort_unstable();
        days.dedup();
        days
    }
}

/// The days on which a workload is scaled, and to how many: what the story says, else what chance does to a few.
fn scales(key: &str, workload: &Workload) -> Vec<(u32, u32)> {
    let told = story::changes(|fact| matches!(fact, Fact::Replicas(name, _) if name == key));
    let mut steps: Vec<_> = told
        .filter_map(|(day, fact, _)| match fact {
            Fact::Replicas(_, number) => Some((day, number)),
            _ => None,
        })
        .collect();
    let mut rng = Rng::of(&["scale", key]);
    if steps.is_empty() && GROWING.contains(&workload.namespace.name) {
        return growth(workload, &mut rng);
    }
    if steps.is_empty() && matches!(workload.run, Run::Deployment(2..)) && rng.below(10) == 0 {
        let now = workload.replicas.first().map_or(1, |(_, number)| *number);
        steps.push((1 + rng.below(LAST_DAY), now + 1));
    }
    steps
}

/// Of a namespace that grows a service begins with half of its pods, and not with a single one; the others come one by one.
fn growth(workload: &Workload, rng: &mut Rng) -> Vec<(u32, u32)> {
    let (_, now) = workload.replicas.first().copied().unwrap_or_default();
    let few = match workload.run {
        Run::Deployment(_) => now.div_ceil(2).max(now.min(2)),
        _ => now,
    };
    let mut days: Vec<u32> = (few..now).map(|_| 1 + rng.below(LAST_DAY)).collect();
    days.sort_unstable();
    let steps = days.into_iter().zip(few + 1..);
    std::iter::once((0, few)).chain(steps).collect()
}

/// Lays out all workloads.
pub(super) fn all() -> Vec<Workload> {
    let mut workloads = Vec::new();
    let mut images = BTreeMap::new();
    for (namespace, services) in SERVICES {
        for (service, parts) in *services {
            let image = Arc::new(Image::own(namespace, service));
            for part in *parts {
                let index = u32::try_from(workloads.len()).unwrap_or_default();
                workloads.extend(of_service(index, namespace, service, *part, parts, &image, &mut images));
            }
        }
    }
    for component in COMPONENTS {
        let image = foreign(&mut images, component.image, component.tag);
        let index = u32::try_from(workloads.len()).unwrap_or_default();
        workloads.extend(of_component(index, component, image));
    }
    workloads
}

type Images = BTreeMap<(String, String), Arc<Image>>;

fn foreign(images: &mut Images, repository: &str, tag: &str) -> Arc<Image> {
    let image = || Arc::new(Image::foreign(repository, tag));
    Arc::clone(
        images
            .entry((repository.to_owned(), tag.to_owned()))
            .or_insert_with(image),
    )
}

fn namespace(name: &str) -> Option<&'static Namespace> {
    NAMESPACES.iter().find(|namespace| namespace.name == name)
}

fn of_service(
    index: u32,
    in_namespace: &str,
    service: &str,
    part: Part,
    parts: &[Part],
    own: &Arc<Image>,
    images: &mut Images,
) -> Option<Workload> {
    let (suffix, run, port) = shape(part, in_namespace, service);
    let image = match part {
        Part::Cache => foreign(images, "library/redis", "7.4.2"),
        Part::Db => foreign(images, "library/postgres", "16.10"),
        _ => Arc::clone(own),
    };
    let leads = part == Part::Worker && elects(in_namespace, service);
    let mut rng = Rng::of(&["size", in_namespace, service, suffix]);
    let workload = Workload {
        index,
        namespace: namespace(in_namespace)?,
        name: format!("{service}{suffix}"),
        family: service.to_owned(),
        run,
        image,
        port,
        exposed: matches!(part, Part::Front | Part::Open),
        migrates: matches!(part, Part::Api | Part::Open) && parts.contains(&Part::Db),
        paths: &[],
        cpu: rng.pick(&[100, 100, 200, 250, 500])?,
        memory: rng.pick(&[128, 256, 256, 512])?,
        flaws: Vec::new(),
        sidecar: Vec::new(),
        replicas: vec![(0, number(run))],
        changes: Vec::new(),
    };
    Some(workload.told(if leads { &[Flaw::Automounts] } else { &[] }))
}

/// Whether a service's worker elects a leader through the API server.
pub(super) fn elects(namespace: &str, service: &str) -> bool {
    Rng::of(&["elects", namespace, service]).below(3) == 0
}

/// The name's ending, what makes the pods and the port of a part.
fn shape(part: Part, namespace: &str, service: &str) -> (&'static str, Run, u16) {
    let pods = Rng::of(&["pods", namespace, service])
        .pick(&[2, 3, 3, 3, 4, 4, 5, 6])
        .unwrap_or(3);
    let few = pods.min(4);
    match part {
        Part::Front | Part::Solo => ("", Run::Deployment(pods), 8080),
        Part::Api | Part::Open => ("-api", Run::Deployment(pods), 8443),
        Part::Worker => ("-worker", Run::Deployment(few), 0),
        Part::Events => ("-events", Run::Deployment(few), 0),
        Part::Sync => ("-sync", Run::Deployment(2), 0),
        Part::Cache => ("-redis", Run::StatefulSet(pods.min(3)), 6379),
        Part::Db => ("-db", Run::StatefulSet(2), 5432),
        Part::Nightly => ("-nightly", Run::CronJob("30 2 * * *"), 0),
        Part::Hourly => ("-hourly", Run::CronJob("12 * * * *"), 0),
    }
}

fn of_component(index: u32, component: &'static Component, image: Arc<Image>) -> Option<Workload> {
    let mut rng = Rng::of(&["size", component.namespace, component.name]);
    let workload = Workload {
        index,
        namespace: namespace(component.namespace)?,
        name: component.name.to_owned(),
        family: component.name.to_owned(),
        run: component.run,
        image,
        port: component.port,
        exposed: component.exposed,
        migrates: false,
        paths: component.paths,
        cpu: rng.pick(&[100, 200, 500, 1000])?,
        memory: rng.pick(&[256, 512, 1024])?,
        flaws: Vec::new(),
        sidecar: Vec::new(),
        replicas: vec![(0, number(component.run))],
        changes: Vec::new(),
    };
    let mounts = (!component.paths.is_empty()).then_some(Flaw::HostPath);
    let own: Vec<Flaw> = component.flaws.iter().copied().chain(mounts).collect();
    Some(workload.told(&own))
}

fn number(run: Run) -> u32 {
    match run {
        Run::Deployment(number) | Run::StatefulSet(number) => number,
        Run::DaemonSet | Run::CronJob(_) | Run::Job => 0,
    }
}
