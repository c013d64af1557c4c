//! The steps that webhooks are.

use shared::admission::{BackendState, Call, OnFailure, Stage, Step};
use shared::snapshots::Collected;

use super::filter::{Filter, Newcomer};
use super::rules;
use super::way_in::step;
use crate::cluster::Cluster;
use crate::model::{Kind, Object};
use crate::tls::{bundle, expiry};
use crate::webhook::{Backend, Webhook, backend, webhooks};

/// The webhooks of a kind that are called for new pods, in the order of their configurations' names.
pub(super) fn steps(cluster: &Cluster<'_>, kind: Kind, newcomer: Option<Newcomer<'_>>) -> Vec<Step> {
    let objects = cluster.snapshot.of(kind).iter();
    let of = |object: &std::sync::Arc<Object>| {
        let called = webhooks(object)
            .into_iter()
            .filter(|webhook| rules::take_in_new_pods(webhook.rules));
        called
            .map(|webhook| of_webhook(cluster, object, &webhook, newcomer))
            .collect::<Vec<_>>()
    };
    objects.flat_map(of).collect()
}

fn of_webhook(cluster: &Cluster<'_>, object: &Object, webhook: &Webhook<'_>, newcomer: Option<Newcomer<'_>>) -> Step {
    let filter = Filter::of_webhook(webhook);
    let stage = match webhook.is_validating {
        true => Stage::ValidatingWebhook,
        false => Stage::MutatingWebhook,
    };
    let called_for = webhook.rules.iter().filter(|rule| rules::is_for_new_pods(rule));
    Step {
        object: Some(object.reference()),
        scope: called_for.map(rules::words).collect(),
        selects: filter.words(),
        conditions: filter.conditions(),
        exempt: filter.exempt(cluster.snapshot).into_iter().map(str::to_owned).collect(),
        sees: newcomer.map(|newcomer| filter.sight(cluster.snapshot, newcomer)),
        call: Some(call(cluster, webhook)),
        is_reinvoked: webhook.is_reinvoked,
        on_failure: Some(match webhook.fails_open {
            true => OnFailure::Pass,
            false => OnFailure::Refuse,
        }),
        ..step(stage, webhook.name, summary(webhook))
    }
}

fn summary(webhook: &Webhook<'_>) -> String {
    let does = match webhook.is_validating {
        true => "It may refuse the pod, and is asked together with all other validating webhooks.",
        false => "It may change the pod as it stands after the steps before.",
    };
    let fails = match webhook.fails_open {
        true => "the pod passes as if it did not exist",
        false => "the pod is refused",
    };
    format!("{does} Where it does not answer within {} s, {fails}.", webhook.timeout)
}

fn call(cluster: &Cluster<'_>, webhook: &Webhook<'_>) -> Call {
    let authorities = (!webhook.ca_bundle.trim_ascii().is_empty()).then(|| bundle::parse(webhook.ca_bundle));
    let last = authorities
        .as_ref()
        .and_then(|read| bundle::last_to_expire(read.as_ref().ok()?));
    Call {
        target: target(webhook),
        backend: state(cluster, webhook),
        timeout_seconds: webhook.timeout,
        authority_expires: last.map(|last| last.not_after),
        urgency: last.and_then(|last| expiry::severity_of_life(cluster.now, last.not_before, last.not_after)),
        authority_problem: authorities
            .as_ref()
            .and_then(|read| read.as_ref().err())
            .map(ToString::to_string),
    }
}

/// The Service, or scheme and host of the URL: its path and what follows may hold a key.
fn target(webhook: &Webhook<'_>) -> String {
    match webhook.service {
        Some(service) => format!("{}/{}:{}", service.namespace, service.name, service.port.unwrap_or(443)),
        None => webhook.url.split('/').take(3).collect::<Vec<_>>().join("/"),
    }
}

fn state(cluster: &Cluster<'_>, webhook: &Webhook<'_>) -> BackendState {
    let Some(service) = webhook.service else {
        return BackendState::Outside;
    };
    let is_read = |kind: &Kind| matches!(cluster.snapshot.outcome(*kind), Collected::Collected { .. });
    if ![Kind::Service, Kind::EndpointSlice].iter().all(is_read) {
        return BackendState::Unread;
    }
    match backend(cluster, service) {
        Backend::Ready => BackendState::Ready,
        Backend::NoService => BackendState::NoService,
        Backend::NoPort(_) => BackendState::NoPort,
        Backend::NoEndpoint => BackendState::NoEndpoint,
        Backend::Outside => BackendState::Outside,
    }
}
