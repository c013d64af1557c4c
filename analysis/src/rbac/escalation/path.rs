//! A way in words: its steps, each with who takes it, what it needs, and what it leads to.

use shared::escalations::{Need, Reached, Sink, Step, Technique};
use shared::object::ObjectRef;
use shared::rbac::Subject;

use super::draft::Derivation;
use super::fact::{Fact, Place, RoleId};
use super::graph::Search;
use super::world::World;
use crate::rbac::access::{Access, parts};

/// What the words of a way are taken from.
pub(super) struct Words<'a> {
    pub(super) access: &'a Access,
    pub(super) world: &'a World,
    /// The role of each binding.
    pub(super) roles: &'a [Option<u32>],
}

/// A step: its derivation, and the fact in which it ends.
struct Leg {
    id: u32,
    end: u32,
}

impl Words<'_> {
    /// The steps to a fact, by the last search.
    pub(super) fn steps(&self, search: &Search<'_>, target: u32) -> Vec<Step> {
        let mut legs: Vec<Leg> = Vec::new();
        for id in search.way(target) {
            let derivation = &search.graph.derivations[id as usize];
            let end = derivation.target;
            if derivation.technique.is_some() {
                legs.push(Leg { id, end });
                continue;
            }
            // What only says the same in other words ends the step before it.
            let premise = derivation.premises().next();
            let passes = |fact: Fact| {
                !matches!(
                    fact,
                    Fact::Subject(_) | Fact::Held(..) | Fact::Gained(..) | Fact::Sink(_)
                )
            };
            let before = premise.filter(|premise| passes(search.graph.facts[*premise as usize]));
            let leg = before.and_then(|premise| legs.iter_mut().rfind(|leg| leg.end == premise));
            if let Some(leg) = leg {
                leg.end = end;
            }
        }
        legs.iter().map(|leg| self.step(search, leg)).collect()
    }

    fn step(&self, search: &Search<'_>, leg: &Leg) -> Step {
        let derivation = &search.graph.derivations[leg.id as usize];
        let technique = derivation.technique.unwrap_or(Technique::Everything);
        let premises: Vec<u32> = derivation.premises().collect();
        let mut needs = Vec::new();
        self.needs(search, derivation, &mut needs);
        let from = premises.iter().map(|premise| self.actor(search, *premise)).next();
        let to = self.reached(search.graph.facts[leg.end as usize]);
        Step {
            technique,
            sentence: sentence(technique, &needs, &to),
            from: from.unwrap_or(Reached::Anyone),
            to,
            needs,
        }
    }

    /// The permissions on which a derivation rests, as far back as the step before it.
    fn needs(&self, search: &Search<'_>, derivation: &Derivation, needs: &mut Vec<Need>) {
        if let Some((ask, rule)) = derivation.rule {
            let premise = derivation.premises().next();
            let bound = derivation.bound.or_else(|| search.by(premise?)?.1.bound);
            let place = premise.map(|premise| search.graph.facts[premise as usize]);
            let grant = bound.zip(rule).and_then(|((subject, binding), rule)| {
                let role = self.roles[binding as usize]?;
                Some(self.access.chain(subject, binding, role, rule))
            });
            let of_target = match search.graph.facts[derivation.target as usize] {
                Fact::Own(_, half) | Fact::May(half) | Fact::Gains(half) => Some(half.place),
                _ => None,
            };
            let of_premise = match place {
                Some(Fact::Held(_, place) | Fact::Gained(_, place)) => Some(place),
                _ => None,
            };
            needs.push(Need {
                permission: ask.in_words(),
                namespace: self.namespace(of_target.or(of_premise).unwrap_or(Place::Cluster)),
                grant,
            });
            return;
        }
        for premise in derivation.premises() {
            if let Some((_, before)) = search.by(premise).filter(|(_, before)| before.technique.is_none()) {
                self.needs(search, before, needs);
            }
        }
    }

    /// Who takes a step, or what it starts from.
    fn actor(&self, search: &Search<'_>, fact: u32) -> Reached {
        let this = search.graph.facts[fact as usize];
        let before = search.by(fact).map(|(_, derivation)| derivation);
        let premise = before.and_then(|derivation| derivation.premises().next());
        let is_quiet = before.is_some_and(|derivation| derivation.technique.is_none());
        match (this, premise) {
            (Fact::Subject(_), Some(premise))
                if is_quiet && matches!(search.graph.facts[premise as usize], Fact::Subject(_)) =>
            {
                self.actor(search, premise)
            }
            (
                Fact::Held(Some(_), _) | Fact::Gained(..) | Fact::May(_) | Fact::Gains(_) | Fact::Own(..),
                Some(premise),
            ) => self.actor(search, premise),
            (
                Fact::Approves(_)
                | Fact::Rewrites(_)
                | Fact::RewritesAny(_)
                | Fact::NewRole
                | Fact::NewRoleIn(_)
                | Fact::BindsNew(_)
                | Fact::BindsNewIn(_)
                | Fact::Lacks(_)
                | Fact::LacksIn(_),
                Some(premise),
            ) => self.actor(search, premise),
            _ => self.reached(this),
        }
    }

    fn subject(&self, subject: u32) -> Subject {
        let who = &self.world.subjects[subject as usize];
        parts::subject(who.is_group, &who.name)
    }

    fn namespace(&self, place: Place) -> String {
        match place {
            Place::In(namespace) => self.world.places[namespace as usize].name.clone(),
            Place::Cluster => String::new(),
            Place::Every => "*".to_owned(),
        }
    }

    fn role(&self, role: RoleId) -> Option<ObjectRef> {
        role.map(|role| self.access.role_reference(role))
    }

    fn reached(&self, fact: Fact) -> Reached {
        match fact {
            Fact::Subject(subject) => Reached::Subject {
                subject: self.subject(subject),
            },
            Fact::Held(role, place) | Fact::Gained(role, place) => Reached::Role {
                role: self.role(role),
                namespace: self.namespace(place),
            },
            Fact::NewPods(place) => Reached::NewPods {
                namespace: self.namespace(place),
            },
            Fact::RunningPods(place) | Fact::StolenPods(place) => Reached::RunningPods {
                namespace: self.namespace(place),
            },
            Fact::Accounts(place) | Fact::AccountNames(place) => Reached::Accounts {
                namespace: self.namespace(place),
            },
            Fact::AnyRole(place) => Reached::Role {
                role: None,
                namespace: self.namespace(place),
            },
            Fact::Rewrites(role) => Reached::Rules {
                role: self.role(Some(role)),
            },
            Fact::RewritesAny(_) | Fact::NewRole | Fact::NewRoleIn(_) => Reached::Rules { role: None },
            Fact::BindsNew(place) | Fact::BindsNewIn(place) | Fact::Lacks(place) | Fact::LacksIn(place) => {
                Reached::Role {
                    role: None,
                    namespace: self.namespace(place),
                }
            }
            Fact::NodeIdentity => Reached::NodeIdentities,
            Fact::Node(node) => Reached::Node {
                name: self.world.nodes[node as usize].clone(),
            },
            Fact::AnyNode => Reached::Node { name: String::new() },
            Fact::Sink(sink) => Reached::Sink { sink },
            Fact::May(_) | Fact::Gains(_) | Fact::Own(..) => Reached::Anyone,
            Fact::AnyUser | Fact::AnyGroup | Fact::AnyCertificate | Fact::Approves(_) => Reached::Anyone,
        }
    }
}

/// `may create jobs.batch in batch, and so run as batch/etl-admin`.
fn sentence(technique: Technique, needs: &[Need], to: &Reached) -> String {
    let outcome = outcome(technique, to);
    if technique == Technique::Everything && !needs.is_empty() {
        return format!("may {outcome}");
    }
    if needs.is_empty() {
        return without_needs(technique, &outcome);
    }
    let mut needed: Vec<String> = Vec::new();
    for need in needs {
        let place = match need.namespace.as_str() {
            "" => String::new(),
            "*" => " in every namespace".to_owned(),
            namespace => format!(" in {namespace}"),
        };
        let text = format!("{}{place}", need.permission);
        if !needed.contains(&text) {
            needed.push(text);
        }
    }
    format!("may {}, and so {outcome}", needed.join(" and "))
}

fn without_needs(technique: Technique, outcome: &str) -> String {
    let why = match technique {
        Technique::Masters => "is let through before any role is looked at",
        Technique::Everything => "may do everything",
        Technique::PrivilegedPod => "may make a pod there privileged, which nothing refuses",
        Technique::BreakOut => "enters a container there that nothing holds in",
        Technique::NodeCredentials => "has what the node holds for its pods",
        Technique::NodeIdentity => "passes for a node",
        Technique::RewriteRole => "writes what it likes into that role",
        Technique::Aggregate => "labels a role so that another aggregates it",
        _ => "goes on",
    };
    format!("{why}, and so may {outcome}")
}

/// What a step comes to, in words that follow "and so".
fn outcome(technique: Technique, to: &Reached) -> String {
    let place = |namespace: &str| match namespace {
        "" | "*" => "every namespace".to_owned(),
        namespace => namespace.to_owned(),
    };
    match to {
        Reached::Subject { subject } => {
            let verb = match technique {
                Technique::CreatePods | Technique::ChangeWorkload => "run as",
                _ => "act as",
            };
            format!("{verb} {}", in_words(subject))
        }
        Reached::Accounts { namespace } => format!("act as every service account of {}", place(namespace)),
        Reached::NewPods { namespace } => format!("run pods in {}", place(namespace)),
        Reached::RunningPods { namespace } => format!("run code in the pods of {}", place(namespace)),
        Reached::Role { role: None, namespace } if namespace.is_empty() => "do everything in the cluster".into(),
        Reached::Role { role: None, namespace } => format!("do everything in {}", place(namespace)),
        Reached::Role {
            role: Some(role),
            namespace,
        } if namespace.is_empty() => format!("hold {role}"),
        Reached::Role {
            role: Some(role),
            namespace,
        } => format!("hold {role} in {}", place(namespace)),
        Reached::Rules { role: Some(role) } => format!("write what {role} grants"),
        Reached::Rules { role: None } => "write what roles grant".into(),
        Reached::Anyone => "act as anyone".into(),
        Reached::NodeIdentities => "pass for any node".into(),
        Reached::Node { name } if name.is_empty() => "be root on any node".into(),
        Reached::Node { name } => format!("be root on node {name}"),
        Reached::Sink { sink } => sink_in_words(*sink),
    }
}

fn sink_in_words(sink: Sink) -> String {
    sink.in_words().to_owned()
}

/// `batch/etl-admin`, `group ops`, `user ann`.
fn in_words(subject: &Subject) -> String {
    use shared::rbac::SubjectKind;
    match subject.kind {
        SubjectKind::ServiceAccount => format!("{}/{}", subject.namespace, subject.name),
        SubjectKind::Group => format!("group {}", subject.name),
        SubjectKind::User => format!("user {}", subject.name),
    }
}
