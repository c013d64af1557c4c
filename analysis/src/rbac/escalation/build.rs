//! Making the graph: what each subject holds, what that leads to, and what follows from both.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::draft::{Because, Draft, number};
use super::fact::{Fact, Half, Place, RoleId};
use super::power::{self, Ask, Grants, Power, Scope};
use super::techniques;
use super::world::World;
use crate::model::Object;
use crate::model::rbac::PolicyRule;
use crate::rbac::access::Access;
use crate::rbac::access::parts::{BindingPart, Rule};
use crate::rbac::{Binding, defaults, rules};

/// A power that a role grants, and by which of its rules.
#[derive(Debug)]
pub(super) struct RolePower {
    pub(super) grants: Grants,
    /// None for everything.
    pub(super) rule: Option<Rule>,
    /// Whether the rule is none that Kubernetes makes itself.
    is_own: bool,
    /// Whether the rule grants everything.
    is_everything: bool,
}

/// What a role that somebody has leads from.
#[derive(Debug, Clone, Copy)]
pub(super) struct From {
    pub(super) fact: Fact,
    pub(super) place: Place,
    pub(super) rule: Option<Rule>,
    pub(super) ask: Ask,
    is_own: bool,
}

impl From {
    /// Why something follows by a technique.
    pub(super) fn by(&self, technique: shared::escalations::Technique) -> Because {
        Because {
            technique: Some(technique),
            ..self.because()
        }
    }

    fn because(&self) -> Because {
        Because {
            technique: None,
            rule: Some((self.ask, self.rule)),
            bound: None,
            is_own: self.is_own,
        }
    }
}

/// A binding, with its number, place and role.
pub(super) struct Bound<'a> {
    pub(super) number: u32,
    pub(super) part: BindingPart<'a>,
    pub(super) place: Place,
    pub(super) role: u32,
}

/// What the graph is made of, and what there is of it.
pub(super) struct Builder<'a> {
    pub(super) world: &'a World,
    pub(super) draft: Draft,
    pub(super) bindings: Vec<Bound<'a>>,
    /// Bindings whose role is not there.
    dangling: Vec<(u32, BindingPart<'a>, Place)>,
    /// ClusterRoles by name.
    pub(super) cluster_roles: BTreeMap<&'a str, u32>,
    /// Roles by namespace and name.
    pub(super) roles: BTreeMap<(u32, &'a str), u32>,
    /// ClusterRoles that aggregate others.
    pub(super) aggregators: Vec<u32>,
    powers: Vec<Vec<RolePower>>,
    everything: Vec<RolePower>,
    paired: HashSet<(Half, Half)>,
    /// What was said already, so that it is not said again.
    pub(super) closed: HashSet<(Fact, Fact)>,
}

/// The graph of a cluster.
pub(super) fn draft(world: &World, access: &Access) -> Draft {
    let mut builder = Builder::new(world, access);
    builder.bind();
    builder.pair_own();
    let mut known = 0;
    while known < builder.draft.derivations.len() {
        known = builder.draft.derivations.len();
        let fresh = std::mem::take(&mut builder.draft.fresh);
        fresh.into_iter().for_each(|fact| builder.apply(fact));
        techniques::close(&mut builder);
        builder.pair_gained();
    }
    techniques::finish(&mut builder);
    builder.draft
}

impl<'a> Builder<'a> {
    fn new(world: &'a World, access: &'a Access) -> Self {
        let mut builder = Self {
            world,
            draft: Draft::default(),
            bindings: Vec::new(),
            dangling: Vec::new(),
            cluster_roles: BTreeMap::new(),
            roles: BTreeMap::new(),
            aggregators: Vec::new(),
            powers: role_powers(access),
            everything: power::all().into_iter().map(of_everything).collect(),
            paired: HashSet::new(),
            closed: HashSet::new(),
        };
        for (id, role) in (0..).zip(access.role_parts()) {
            builder.add_role(id, role);
        }
        for (number, part) in (0..).zip(access.binding_parts()) {
            let place = match part.namespace {
                None => Some(Place::Cluster),
                Some(namespace) => world.find_place(namespace).map(Place::In),
            };
            if let (true, Some(place)) = (part.is_dangling, place) {
                builder.dangling.push((number, part, place));
            }
            if let (Some(role), Some(place)) = (part.role, place) {
                builder.bindings.push(Bound {
                    number,
                    part,
                    place,
                    role,
                });
            }
        }
        builder
    }

    fn add_role(&mut self, id: u32, role: &'a Object) {
        let meta = role.meta();
        match role {
            Object::ClusterRole(role) => {
                self.cluster_roles.insert(&meta.name, id);
                self.aggregators.extend(role.aggregation_rule.as_ref().map(|_| id));
            }
            _ => {
                if let Some(place) = self.world.find_place(&meta.namespace) {
                    self.roles.insert((place, &meta.name), id);
                }
            }
        }
    }

    /// The powers that a role grants.
    pub(super) fn powers_of(&self, role: u32) -> &[RolePower] {
        &self.powers[role as usize]
    }

    /// Who holds what by bindings that stand, and who would if their role were there.
    fn bind(&mut self) {
        for (number, part, place) in &self.dangling {
            let is_role = Binding::of(part.object).is_some_and(|binding| binding.role_ref.kind == "Role");
            let lacks = if is_role {
                Fact::LacksIn(*place)
            } else {
                Fact::Lacks(*place)
            };
            for subject in part.subjects {
                let because = Because {
                    bound: Some((*subject, *number)),
                    is_own: true,
                    ..Because::default()
                };
                self.draft.derive(&[Fact::Subject(*subject)], lacks, because);
            }
        }
        for bound in &self.bindings {
            if self.powers[bound.role as usize].is_empty() {
                continue;
            }
            for subject in bound.part.subjects {
                let because = Because {
                    bound: Some((*subject, bound.number)),
                    is_own: !is_default(bound.part.object, self.world, *subject),
                    ..Because::default()
                };
                let held = Fact::Held(Some(bound.role), bound.place);
                self.draft.derive(&[Fact::Subject(*subject)], held, because);
            }
        }
    }

    /// What follows from a role that somebody has.
    fn apply(&mut self, fact: Fact) {
        let (Fact::Held(role, place) | Fact::Gained(role, place)) = fact else {
            return;
        };
        // Both are put back: techniques only read what roles grant.
        let powers = match role {
            Some(role) => std::mem::take(&mut self.powers[role as usize]),
            None => std::mem::take(&mut self.everything),
        };
        for power in &powers {
            self.apply_power(fact, place, power);
        }
        match role {
            Some(role) => self.powers[role as usize] = powers,
            None => self.everything = powers,
        }
    }

    fn apply_power(&mut self, fact: Fact, place: Place, power: &RolePower) {
        let Some(place) = placed(power.grants.power, place) else {
            return;
        };
        let from = From {
            fact,
            place,
            rule: power.rule,
            ask: power.grants.ask,
            is_own: power.is_own,
        };
        if power.grants.power.is_half() && !is_idle(power, place) {
            let half = self.half(&power.grants, place);
            self.may(&from, half);
        }
        techniques::apply(self, &from, &power.grants);
    }

    /// Says that somebody has a permission that is no use without another.
    pub(super) fn may(&mut self, from: &From, half: Half) {
        let may = Fact::May(half);
        if matches!(from.fact, Fact::Gained(..)) {
            self.draft.derive(&[from.fact], Fact::Gains(half), from.because());
            self.draft.implies(Fact::Gains(half), may);
        } else {
            self.draft.derive(&[from.fact], may, from.because());
        }
    }

    fn half(&mut self, grants: &Grants, place: Place) -> Half {
        Half {
            power: grants.power,
            place,
            names: self.draft.list(&grants.names),
        }
    }

    /// What each subject can do with two permissions of its own, its groups' among them.
    fn pair_own(&mut self) {
        let mut held: HashMap<u32, Vec<usize>> = HashMap::new();
        for (place, bound) in self.bindings.iter().enumerate() {
            let has_half = |power: &RolePower| power.grants.power.is_half();
            if self.powers[bound.role as usize].iter().any(has_half) {
                for subject in bound.part.subjects {
                    held.entry(*subject).or_default().push(place);
                }
            }
        }
        let mut subjects: Vec<u32> = held.keys().copied().collect();
        subjects.sort_unstable();
        for subject in subjects {
            let groups = self.world.implied(subject);
            let all = [subject].into_iter().chain(groups);
            let all: Vec<(u32, usize)> = all
                .flat_map(|who| held.get(&who).into_iter().flatten().map(move |bound| (who, *bound)))
                .collect();
            self.pair_of(subject, &all);
        }
    }

    fn pair_of(&mut self, subject: u32, held: &[(u32, usize)]) {
        let mut halves: BTreeMap<Half, Vec<Because>> = BTreeMap::new();
        for (who, bound) in held {
            for (half, because) in self.halves_of(*who, *bound) {
                halves.entry(half).or_default().push(because);
            }
        }
        let mut used: HashSet<Half> = HashSet::new();
        for (one, others) in beside(halves.keys().copied()) {
            for other in &others {
                let premises = [Fact::Own(subject, one), Fact::Own(subject, *other)];
                if techniques::combine(self, one, *other, &premises) {
                    used.extend([one, *other]);
                }
            }
        }
        for (half, reasons) in halves.iter().filter(|(half, _)| used.contains(half)) {
            for because in reasons {
                self.draft
                    .derive(&[Fact::Subject(subject)], Fact::Own(subject, *half), *because);
            }
        }
    }

    fn halves_of(&mut self, who: u32, bound: usize) -> Vec<(Half, Because)> {
        let Bound {
            number,
            part,
            place,
            role,
        } = &self.bindings[bound];
        let is_own = !is_default(part.object, self.world, who);
        let (draft, powers) = (&mut self.draft, &self.powers[*role as usize]);
        let mut halves = Vec::new();
        for power in powers.iter().filter(|power| power.grants.power.is_half()) {
            let Some(place) = placed(power.grants.power, *place).filter(|place| !is_idle(power, *place)) else {
                continue;
            };
            let half = Half {
                power: power.grants.power,
                place,
                names: draft.list(&power.grants.names),
            };
            let because = Because {
                technique: None,
                rule: Some((power.grants.ask, power.rule)),
                bound: Some((who, *number)),
                is_own: is_own || power.is_own,
            };
            halves.push((half, because));
        }
        halves
    }

    /// What a role that can be had by whoever is controlled adds to what one of them has.
    fn pair_gained(&mut self) {
        let halves = |wanted: fn(&Fact) -> Option<Half>, facts: &[Fact]| facts.iter().filter_map(wanted).collect();
        let gains: Vec<Half> = halves(
            |fact| {
                if let Fact::Gains(half) = fact {
                    Some(*half)
                } else {
                    None
                }
            },
            &self.draft.facts,
        );
        let mays: Vec<Half> = halves(
            |fact| if let Fact::May(half) = fact { Some(*half) } else { None },
            &self.draft.facts,
        );
        for gained in &gains {
            for other in &mays {
                if self.paired.insert((*gained, *other)) {
                    let (one, two) = (Fact::Gains(*gained), Fact::May(*other));
                    techniques::combine(self, *gained, *other, &[one, two]);
                    techniques::combine(self, *other, *gained, &[two, one]);
                }
            }
        }
    }

    /// Every role that somebody has or can have, and where.
    pub(super) fn had(&self) -> Vec<(Fact, RoleId, Place)> {
        let had = self.draft.facts.iter().filter_map(|fact| match fact {
            Fact::Held(role, place) | Fact::Gained(role, place) => Some((*fact, *role, *place)),
            _ => None,
        });
        had.collect()
    }
}

/// Each permission with those that it may be combined with: what holds in one namespace is no use in another, so that the work
/// grows with the namespaces, and not with their square.
fn beside(all: impl Iterator<Item = Half>) -> Vec<(Half, Vec<Half>)> {
    let mut wide: Vec<Half> = Vec::new();
    let mut narrow: BTreeMap<u32, Vec<Half>> = BTreeMap::new();
    for half in all {
        match half.place {
            Place::In(namespace) => narrow.entry(namespace).or_default().push(half),
            Place::Cluster | Place::Every => wide.push(half),
        }
    }
    let mut pairs: Vec<(Half, Vec<Half>)> = Vec::new();
    for half in &wide {
        let others = wide.iter().chain(narrow.values().flatten());
        pairs.push((*half, others.copied().collect()));
    }
    for here in narrow.values() {
        for half in here {
            pairs.push((*half, wide.iter().chain(here).copied().collect()));
        }
    }
    pairs
}

/// Where a power holds that is granted in a place; none where no request is ever like it.
fn placed(power: Power, place: Place) -> Option<Place> {
    match power.scope() {
        Scope::Cluster => (place == Place::Cluster).then_some(place),
        Scope::Namespaced => Some(place.of_namespaces()),
        Scope::Both => Some(place),
    }
}

/// Whoever holds everything somewhere gains nothing there by writing bindings and roles.
fn is_idle(power: &RolePower, place: Place) -> bool {
    let is_of_accounts = power.grants.power == Power::ImpersonateAccount;
    power.is_everything && (place == Place::Cluster || !is_of_accounts)
}

fn of_everything(grants: Grants) -> RolePower {
    RolePower {
        grants,
        rule: None,
        is_own: false,
        is_everything: true,
    }
}

/// The powers of each role, those of the roles that it aggregates among them.
fn role_powers(access: &Access) -> Vec<Vec<RolePower>> {
    let roles: Vec<&Object> = access.role_parts().collect();
    let mut known: HashMap<Rule, (Vec<Grants>, bool)> = HashMap::new();
    let mut of_role = |role: u32| {
        let mut powers = Vec::new();
        for (place, rule) in access.rule_parts(role) {
            let (grants, is_own) = known
                .entry(place)
                .or_insert_with(|| (power::powers(rule), is_own(roles[place.0 as usize], rule)));
            powers.extend(grants.iter().map(|grants| RolePower {
                grants: grants.clone(),
                rule: Some(place),
                is_own: *is_own,
                is_everything: rules::is_everything(rule),
            }));
        }
        powers
    };
    (0..number(roles.len())).map(&mut of_role).collect()
}

/// Whether a rule grants what Kubernetes' role of that name does not.
pub(super) fn is_own(role: &Object, rule: &PolicyRule) -> bool {
    defaults::rules(&role.reference()).is_none_or(|default| !rules::covers(default, rule))
}

/// Whether Kubernetes itself binds a subject so.
pub(super) fn is_default(binding: &Object, world: &World, subject: u32) -> bool {
    let Some(binding) = Binding::of(binding) else {
        return false;
    };
    let who = &world.subjects[subject as usize];
    binding.subjects.iter().any(|named| {
        let name = match binding.service_account(named) {
            Some((namespace, name)) => format!("system:serviceaccount:{namespace}:{name}"),
            None => named.name.clone(),
        };
        name == who.name && (named.kind == "Group") == who.is_group && defaults::names(&binding, named)
    })
}
