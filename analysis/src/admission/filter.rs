//! Which objects a webhook or a policy is shown: by the labels of their namespace, by their own, and by conditions.

use shared::admission::Sight;

use crate::model::Snapshot;
use crate::model::admission::{MatchCondition, MatchResources};
use crate::model::meta::{LabelSelector, LabelSelectorRequirement, ObjectMeta};
use crate::model::namespace::Namespace;
use crate::model::pairs::Labels;
use crate::selector;
use crate::webhook::Webhook;

/// The label that the API server gives each namespace; manifests leave it out.
pub const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// A pod that is to come into a namespace.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// The namespace.
    pub namespace: &'a str,
    /// The pod's labels.
    pub labels: &'a Labels,
}

/// What narrows a webhook or a policy down.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    namespaces: Option<&'a LabelSelector>,
    objects: Option<&'a LabelSelector>,
    conditions: &'a [MatchCondition],
}

impl<'a> Filter<'a> {
    /// That of a webhook.
    pub fn of_webhook(webhook: &Webhook<'a>) -> Self {
        Self {
            namespaces: webhook.namespaces.filter(|selector| !selector::is_empty(selector)),
            objects: webhook.objects.filter(|selector| !selector::is_empty(selector)),
            conditions: webhook.conditions,
        }
    }

    /// That of a policy or of a binding, which has no conditions.
    pub fn of_policy(resources: Option<&'a MatchResources>, conditions: &'a [MatchCondition]) -> Self {
        let part = |part: fn(&'a MatchResources) -> Option<&'a LabelSelector>| {
            resources
                .and_then(part)
                .filter(|selector| !selector::is_empty(selector))
        };
        Self {
            namespaces: part(|resources| resources.namespace_selector.as_ref()),
            objects: part(|resources| resources.object_selector.as_ref()),
            conditions,
        }
    }

    /// Whether it lets a pod through.
    pub fn sight(&self, snapshot: &Snapshot, newcomer: Newcomer<'_>) -> Sight {
        if let Some(selector) = self
            .objects
            .filter(|selector| !selector::matches(selector, newcomer.labels))
        {
            let reason = format!("It looks at objects with {}.", words(selector));
            return Sight::No { reason };
        }
        match self.selects_namespace(snapshot, newcomer.namespace) {
            Some(false) => {
                let selector = self.namespaces.map(words).unwrap_or_default();
                let reason = format!("It looks at namespaces with {selector}.");
                Sight::No { reason }
            }
            None => Sight::Perhaps {
                reason: format!("The labels of namespace {} are not known.", newcomer.namespace),
            },
            Some(true) if self.conditions.is_empty() => Sight::Yes,
            Some(true) => Sight::Perhaps {
                reason: "It has conditions in CEL, which are not evaluated.".into(),
            },
        }
    }

    /// Whether it lets objects of a namespace through; none where that hangs on labels that are not known.
    pub fn selects_namespace(&self, snapshot: &Snapshot, name: &str) -> Option<bool> {
        let Some(selector) = self.namespaces else {
            return Some(true);
        };
        match snapshot.find::<Namespace>("", name) {
            Some(namespace) => {
                let labels = namespace_labels(namespace.metadata.as_ref(), name);
                Some(selector::matches(selector, &labels))
            }
            None if asks_for_the_name_alone(selector) => {
                Some(selector::matches(selector, &namespace_labels(None, name)))
            }
            None => None,
        }
    }

    /// The namespaces, of those that were read, that it leaves out.
    pub fn exempt(&self, snapshot: &'a Snapshot) -> Vec<&'a str> {
        let names = snapshot
            .all::<Namespace>()
            .filter_map(|namespace| Some(namespace.metadata.as_ref()?.name.as_str()));
        names
            .filter(|name| self.selects_namespace(snapshot, name) == Some(false))
            .collect()
    }

    /// What it looks at, in words; empty where it looks at everything.
    pub fn words(&self) -> Vec<String> {
        let namespaces = self
            .namespaces
            .map(|selector| format!("Namespaces with {}", words(selector)));
        let objects = self.objects.map(|selector| format!("Objects with {}", words(selector)));
        namespaces.into_iter().chain(objects).collect()
    }

    /// The names of its conditions.
    pub fn conditions(&self) -> Vec<String> {
        self.conditions.iter().map(|condition| condition.name.clone()).collect()
    }
}

/// The labels of a namespace as selectors see them.
pub fn namespace_labels(meta: Option<&ObjectMeta>, name: &str) -> Labels {
    let mut labels = meta.map(|meta| meta.labels.clone()).unwrap_or_default();
    labels.insert(NAME_LABEL.to_owned(), name.to_owned());
    labels
}

fn asks_for_the_name_alone(selector: &LabelSelector) -> bool {
    selector.match_labels.pairs().all(|(key, _)| key == NAME_LABEL)
        && selector
            .match_expressions
            .iter()
            .all(|requirement| requirement.key == NAME_LABEL)
}

/// A selector in words: `label team=a, no label skip`.
pub fn words(selector: &LabelSelector) -> String {
    let labels = selector
        .match_labels
        .pairs()
        .map(|(key, value)| format!("label {key}={value}"));
    labels
        .chain(selector.match_expressions.iter().map(requirement_words))
        .collect::<Vec<_>>()
        .join(", ")
}

fn requirement_words(requirement: &LabelSelectorRequirement) -> String {
    let LabelSelectorRequirement { key, operator, values } = requirement;
    match operator.as_str() {
        "In" => format!("label {key} one of {}", values.join(", ")),
        "NotIn" => format!("label {key} none of {}", values.join(", ")),
        "Exists" => format!("label {key}"),
        "DoesNotExist" => format!("no label {key}"),
        other => format!("label {key} {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;
    use crate::webhook::webhooks;

    const NAMESPACES: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: kube-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
";

    fn sight(webhook: &str, namespace: &str, labels: &str) -> Sight {
        let manifests = format!(
            "{NAMESPACES}---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: guard}}
webhooks: [{{name: g.example, {webhook}}}]
"
        );
        let snapshot = snapshot(&manifests);
        let object = &snapshot.of(crate::model::Kind::ValidatingWebhookConfiguration)[0];
        let labels: Labels = serde_saphyr::from_str(labels).unwrap();
        let newcomer = Newcomer {
            namespace,
            labels: &labels,
        };
        Filter::of_webhook(&webhooks(object)[0]).sight(&snapshot, newcomer)
    }

    const NOT_SYSTEM: &str = "namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}]}";

    #[test]
    fn a_namespace_is_left_out_by_the_name_that_manifests_do_not_show_as_a_label() {
        assert_eq!(sight(NOT_SYSTEM, "shop", "{}"), Sight::Yes);
        assert_eq!(
            sight(NOT_SYSTEM, "kube-system", "{}"),
            Sight::No {
                reason: "It looks at namespaces with label kubernetes.io/metadata.name none of kube-system.".into()
            }
        );
        assert_eq!(sight(NOT_SYSTEM, "not-read", "{}"), Sight::Yes);
    }

    #[test]
    fn labels_of_a_namespace_that_was_not_read_are_not_known() {
        let of_team = "namespaceSelector: {matchLabels: {team: a}}";
        assert_eq!(sight(of_team, "shop", "{}"), Sight::Yes);
        assert!(matches!(sight(of_team, "not-read", "{}"), Sight::Perhaps { .. }));
    }

    #[test]
    fn the_pods_own_labels_count_and_conditions_are_not_evaluated() {
        let by_label = "objectSelector: {matchExpressions: [{key: skip, operator: DoesNotExist}]}";
        assert_eq!(sight(by_label, "shop", "{}"), Sight::Yes);
        assert!(matches!(sight(by_label, "shop", "{skip: ''}"), Sight::No { .. }));
        let by_condition = "matchConditions: [{name: c, expression: 'true'}]";
        assert!(matches!(sight(by_condition, "shop", "{}"), Sight::Perhaps { .. }));
    }

    #[test]
    fn an_empty_selector_leaves_nothing_out() {
        assert_eq!(
            sight("namespaceSelector: {}, objectSelector: {}", "shop", "{}"),
            Sight::Yes
        );
    }
}
