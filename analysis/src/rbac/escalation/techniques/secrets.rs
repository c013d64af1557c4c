//! Secrets, and the tokens in them.

use shared::escalations::{Sink, Technique};

use super::{halves, has};
use crate::rbac::escalation::build::{Builder, From};
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::{Grants, Power};

pub(super) fn apply(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    match grants.power {
        Power::ReadSecrets => read(builder, from, &grants.names),
        Power::CreateSecrets => builder.may(from, half(Power::CreateSecrets, from.place)),
        _ => {}
    }
}

fn half(power: Power, place: Place) -> Half {
    Half {
        power,
        place,
        names: None,
    }
}

fn read(builder: &mut Builder<'_>, from: &From, names: &[String]) {
    if names.is_empty() && from.place == Place::Every {
        let target = Fact::Sink(Sink::EverySecret);
        builder
            .draft
            .derive(&[from.fact], target, from.by(Technique::ReadSecrets));
    }
    let world = builder.world;
    let mut free = Vec::new();
    for namespace in world.within(from.place) {
        let place = &world.places[namespace as usize];
        let tokens = place.tokens.iter().filter(|(secret, _)| has(names, secret));
        for account in tokens.filter_map(|(_, account)| world.holder(&place.name, account)) {
            let because = from.by(Technique::ReadTokenSecret);
            builder.draft.derive(&[from.fact], Fact::Subject(account), because);
        }
        if names.iter().any(|name| !place.secrets.contains(name)) {
            free.push(namespace);
        }
    }
    // What is there already can't be made: of names that are taken somewhere, only those namespaces count where one is free.
    if names.is_empty() || free.len() == world.within(from.place).len() {
        builder.may(from, half(Power::ReadSecrets, from.place));
    } else {
        for namespace in free {
            builder.may(from, half(Power::ReadSecrets, Place::In(namespace)));
        }
    }
}

/// A secret of the type of tokens names its service account, and a controller puts the token in.
pub(super) fn finish(builder: &mut Builder<'_>) {
    let read = halves(builder, Power::ReadSecrets);
    for made in halves(builder, Power::CreateSecrets) {
        for read in &read {
            if let Some(place) = made.place.meet(read.place) {
                let premises = [Fact::May(made), Fact::May(*read)];
                let target = Fact::Accounts(place);
                builder.draft.step(&premises, target, Technique::MakeTokenSecret);
            }
        }
    }
}
