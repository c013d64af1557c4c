//! How many findings of each severity are open on an object, or on all that a list holds.

use leptos::prelude::*;
use shared::object::ObjectRef;
use shared::score::SeverityCounts;
use shared::verdict::Severity;

use super::link::link;
use super::object::place;
use super::severity::{severity_with, word};
use crate::format;
use crate::here::{Here, encode};

/// The numbers that are not zero, each leading to its findings.
pub(crate) fn open_findings(here: Here, object: &ObjectRef, open: &SeverityCounts) -> AnyView {
    by_severity(here, open, &findings_on(object))
}

/// The same of any list of findings; `list` is its address, with a query.
pub(crate) fn by_severity(here: Here, open: &SeverityCounts, list: &str) -> AnyView {
    if open.total() == 0 {
        return view! { <span class="zero">"0"</span> }.into_any();
    }
    let one = |severity: Severity| {
        let n = open.of(severity);
        let text = view! { {format::number(n)}<span class="sr">" "{word(severity)}</span> };
        let to = format!("{list}&severity={}", severity.as_str());
        (n > 0).then(|| link(here, "", to, severity_with(severity, text)))
    };
    view! { <span class="row nowrap">{Severity::ALL.map(one).collect_view()}</span> }.into_any()
}

/// The findings on an object.
pub(crate) fn findings_on(object: &ObjectRef) -> String {
    format!(
        "/findings?kind={}&namespace={}&name={}",
        encode(&object.kind),
        place(&object.namespace),
        encode(&object.name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_on_an_object_are_found_by_kind_namespace_and_name() {
        let object = ObjectRef {
            group: "apps".into(),
            kind: "Deployment".into(),
            namespace: "web".into(),
            name: "bff".into(),
        };
        assert_eq!(findings_on(&object), "/findings?kind=Deployment&namespace=web&name=bff");
    }
}
