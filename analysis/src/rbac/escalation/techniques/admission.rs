//! Everything at once: who holds it, and who changes what others ask for.

use shared::escalations::{Sink, Technique};

use super::halves;
use crate::rbac::escalation::build::{Builder, From};
use crate::rbac::escalation::fact::{Fact, Half, Place};
use crate::rbac::escalation::power::{Grants, Power};
use crate::rbac::escalation::world::{KUBE_SYSTEM, MASTERS};

const ADMIN: Fact = Fact::Sink(Sink::ClusterAdmin);

pub(super) fn apply(builder: &mut Builder<'_>, from: &From, grants: &Grants) {
    match grants.power {
        Power::Everything if from.place == Place::Cluster => {
            builder
                .draft
                .derive(&[from.fact], ADMIN, from.by(Technique::Everything));
        }
        // Whoever holds everything in a namespace binds it to all whom the attacker can act as: one of them may have the other
        // half of what an impersonation takes.
        Power::Everything if matches!(from.fact, Fact::Held(..)) => {
            let gained = Fact::Gained(None, from.place);
            builder.draft.derive(&[from.fact], gained, from.by(Technique::Bind));
        }
        Power::MutateByWebhook => {
            let is_there = |name: &String| super::has(&grants.names, name);
            if grants.ask.verb == "create" || builder.world.webhooks.iter().any(is_there) {
                builder
                    .draft
                    .derive(&[from.fact], ADMIN, from.by(Technique::MutateRequests));
            }
        }
        Power::CreatePolicy | Power::CreatePolicyBinding => {
            let half = Half {
                power: grants.power,
                place: from.place,
                names: None,
            };
            builder.may(from, half);
        }
        Power::ChangeConfigMap => {
            let is_there = builder.world.has_aws_auth && super::has(&grants.names, "aws-auth");
            let kube_system = builder.world.find_place(KUBE_SYSTEM).map(Place::In);
            if is_there && kube_system.is_some_and(|place| place.is_within(from.place)) {
                builder.draft.derive(&[from.fact], ADMIN, from.by(Technique::AwsAuth));
            }
        }
        _ => {}
    }
}

pub(super) fn finish(builder: &mut Builder<'_>) {
    if let Some(masters) = builder.world.find(true, MASTERS) {
        builder.draft.step(&[Fact::Subject(masters)], ADMIN, Technique::Masters);
    }
    for policy in halves(builder, Power::CreatePolicy) {
        for binding in halves(builder, Power::CreatePolicyBinding) {
            let premises = [Fact::May(policy), Fact::May(binding)];
            builder.draft.step(&premises, ADMIN, Technique::MutateRequests);
        }
    }
    for sink in [Sink::EverySecret, Sink::NodeRoot, Sink::KubeSystemCode] {
        builder.draft.step(&[ADMIN], Fact::Sink(sink), Technique::Everything);
    }
}
