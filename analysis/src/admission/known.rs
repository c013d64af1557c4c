//! Programs that stand behind webhooks, recognised by what they are: two of the webhook's name, the image that answers it and
//! the custom resources that come with it.

use std::collections::BTreeSet;

use shared::object::ObjectRef;

use super::rules::{self, Resource};
use crate::cluster::{Cluster, Workload};
use crate::images::reference::ImageReference;
use crate::model::admission::ServiceReference;
use crate::model::api::CustomResourceDefinition;
use crate::model::service::Service;
use crate::model::{Kind, Object};
use crate::webhook::{Webhook, webhooks};

/// A program.
#[derive(Debug)]
pub struct Program {
    /// What it is called.
    pub name: &'static str,
    /// Parts of the names of its webhooks, or of the Service that answers them.
    pub marks: &'static [&'static str],
    /// The last parts of the images that answer.
    pub images: &'static [&'static str],
    /// The groups of its custom resources.
    pub groups: &'static [&'static str],
}

/// How a program was recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recognised {
    /// The configurations of its webhooks that are called for the resources that were asked about.
    pub asked: Vec<ObjectRef>,
    /// By what it was recognised, in sentences.
    pub evidence: Vec<String>,
}

/// The webhooks of the cluster, each with its configuration.
#[derive(Debug)]
pub struct Webhooks<'a> {
    all: Vec<(&'a Object, Webhook<'a>)>,
    groups: BTreeSet<&'a str>,
}

impl<'a> Webhooks<'a> {
    /// Reads them.
    pub fn new(cluster: &Cluster<'a>) -> Self {
        let kinds = [Kind::MutatingWebhookConfiguration, Kind::ValidatingWebhookConfiguration];
        let objects = kinds.into_iter().flat_map(|kind| cluster.snapshot.of(kind));
        let of = |object: &'a std::sync::Arc<Object>| {
            let object = object.as_ref();
            webhooks(object).into_iter().map(move |webhook| (object, webhook))
        };
        let definitions = cluster.snapshot.all::<CustomResourceDefinition>();
        Self {
            all: objects.flat_map(of).collect(),
            groups: definitions
                .filter_map(|definition| Some(definition.spec.as_ref()?.group.as_str()))
                .collect(),
        }
    }

    /// All of them, mutating ones first, in the order in which the API server calls them.
    pub fn iter(&self) -> impl Iterator<Item = (&'a Object, &Webhook<'a>)> {
        self.all.iter().map(|(object, webhook)| (*object, webhook))
    }

    /// Whether a group of custom resources is defined, or one below it.
    pub fn defines(&self, group: &str) -> bool {
        let is_below = |other: &&str| {
            other
                .strip_suffix(group)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        self.groups.iter().any(is_below)
    }

    /// Recognises a program; none where there is too little of it. It may be there without being asked about any of the
    /// resources.
    pub fn recognise(&self, cluster: &Cluster<'_>, program: &Program, resources: &[Resource]) -> Option<Recognised> {
        let group = program.groups.iter().find(|group| self.defines(group));
        let mut found = Recognised {
            asked: Vec::new(),
            evidence: group
                .map(|group| format!("Resources of {group} are defined."))
                .into_iter()
                .collect(),
        };
        for (object, webhook) in self.iter() {
            let mark = is_marked(webhook, program).then(|| format!("Webhook {} is called.", webhook.name));
            let image = webhook
                .service
                .and_then(|service| image_behind(cluster, service, program));
            let image = image.map(|image| format!("Image {image} answers."));
            if usize::from(group.is_some()) + usize::from(mark.is_some()) + usize::from(image.is_some()) < 2 {
                continue;
            }
            let is_asked = rules::first_written(webhook.rules, resources).is_some();
            add(&mut found.asked, is_asked.then(|| object.reference()));
            let has_room = found.evidence.len() < MOST;
            add(&mut found.evidence, mark.filter(|_| has_room));
            add(&mut found.evidence, image);
        }
        (!found.evidence.is_empty()).then_some(found)
    }
}

/// More evidence than this convinces nobody better.
const MOST: usize = 5;

fn add<T: PartialEq>(list: &mut Vec<T>, item: Option<T>) {
    list.extend(item.filter(|item| !list.contains(item)));
}

/// Whether the webhook or its Service is called as those of the program are.
pub fn is_marked(webhook: &Webhook<'_>, program: &Program) -> bool {
    let service = webhook.service.map_or("", |service| service.name.as_str());
    program
        .marks
        .iter()
        .any(|mark| webhook.name.contains(mark) || service.contains(mark))
}

fn image_behind<'a>(cluster: &Cluster<'a>, service: &ServiceReference, program: &Program) -> Option<&'a str> {
    let mut containers = behind(cluster, service).into_iter().flat_map(Workload::containers);
    containers.find_map(|at| is_image_of(&at.container.image, program).then_some(at.container.image.as_str()))
}

/// The workloads that a Service leads to.
fn behind<'a, 'b>(cluster: &'b Cluster<'a>, service: &ServiceReference) -> Vec<&'b Workload<'a>> {
    let found = cluster.snapshot.find::<Service>(&service.namespace, &service.name);
    let selector = found
        .and_then(|service| service.spec.as_ref())
        .map(|spec| &spec.selector);
    let Some(selector) = selector.filter(|selector| !selector.is_empty()) else {
        return Vec::new();
    };
    let is_selected = |workload: &&Workload<'_>| {
        selector
            .pairs()
            .all(|(key, value)| workload.pod_meta.labels.get(key) == Some(value))
    };
    cluster.workloads_in(&service.namespace).filter(is_selected).collect()
}

/// Whether an image is one of the program's, from whatever registry.
pub fn is_image_of(image: &str, program: &Program) -> bool {
    let last = ImageReference::parse(image).and_then(|image| image.name.rsplit('/').next());
    last.is_some_and(|last| program.images.contains(&last))
}
