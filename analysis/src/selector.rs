//! Label selectors, as `k8s.io/apimachinery/pkg/apis/meta/v1` evaluates them.

use crate::model::meta::{LabelSelector, LabelSelectorRequirement};
use crate::model::pairs::Labels;

/// Whether the selector matches these labels. All its parts must; one without parts matches everything.
///
/// What an absent selector means is its field's affair: nothing for a peer of a network policy, everything for a webhook.
pub fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    selector
        .match_labels
        .pairs()
        .all(|(key, value)| labels.get(key) == Some(value))
        && selector
            .match_expressions
            .iter()
            .all(|requirement| meets(requirement, labels))
}

/// Whether the selector matches everything because it asks for nothing.
pub fn is_empty(selector: &LabelSelector) -> bool {
    selector.match_labels.is_empty() && selector.match_expressions.is_empty()
}

/// `NotIn` is met by an absent label. The API server rejects other operators, so they are never met.
fn meets(requirement: &LabelSelectorRequirement, labels: &Labels) -> bool {
    let value = labels.get(&requirement.key);
    let listed = value.is_some_and(|value| requirement.values.contains(value));
    match requirement.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector(yaml: &str) -> LabelSelector {
        serde_saphyr::from_str(yaml).unwrap()
    }

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_empty_selector_matches_everything() {
        assert!(is_empty(&selector("{}")));
        assert!(matches(&selector("{}"), &labels(&[])));
    }

    #[test]
    fn labels_and_expressions_must_all_match() {
        let selector =
            selector("{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}");
        assert!(!is_empty(&selector));
        assert!(matches(
            &selector,
            &labels(&[("app", "web"), ("tier", "b"), ("more", "x")])
        ));
        assert!(!matches(&selector, &labels(&[("app", "web")])));
        assert!(!matches(&selector, &labels(&[("app", "db"), ("tier", "b")])));
    }

    #[test]
    fn not_in_matches_where_the_label_is_absent() {
        let selector = selector("{matchExpressions: [{key: tier, operator: NotIn, values: [a]}]}");
        assert!(matches(&selector, &labels(&[])));
        assert!(!matches(&selector, &labels(&[("tier", "a")])));
    }

    #[test]
    fn presence_is_asked_whatever_the_value() {
        let exists = selector("{matchExpressions: [{key: tier, operator: Exists}]}");
        let absent = selector("{matchExpressions: [{key: tier, operator: DoesNotExist}]}");
        let (with, without) = (labels(&[("tier", "")]), labels(&[]));
        assert!(matches(&exists, &with) && !matches(&exists, &without));
        assert!(!matches(&absent, &with) && matches(&absent, &without));
    }

    #[test]
    fn an_operator_that_does_not_exist_matches_nothing() {
        assert!(!matches(
            &selector("{matchExpressions: [{key: tier, operator: Like, values: [a]}]}"),
            &labels(&[("tier", "a")])
        ));
    }
}
