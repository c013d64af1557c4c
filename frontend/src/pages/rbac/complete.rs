//! What completes a question: verbs and resources that Kubernetes has, namespaces and subjects that the cluster has. Whatever
//! else is typed is asked all the same.

use leptos::prelude::*;
use shared::page::{At, Page, Stamped};
use shared::rbac::lists::SubjectRow;
use shared::rbac::query::AccessListQuery;

use super::question::Part;
use crate::api;
use crate::components::complete::{self, Completion, options};
use crate::here::Here;

pub(super) const VERBS: &str = "complete-verbs";
pub(super) const RESOURCES: &str = "complete-resources";
pub(super) const NAMESPACES: &str = "complete-namespaces";
pub(super) const SUBJECTS: &str = "complete-subjects";

/// How many subjects are offered, or looked at for their namespaces.
const OFFERED: u32 = 100;

/// Verbs of requests for resources, and those that only the authoriser knows.
const EVERY_VERB: &str = "get list watch create update patch delete deletecollection impersonate bind escalate approve sign \
    attest use *";

/// Resources as a question names them: the server knows their API groups.
const EVERY_RESOURCE: &str = "secrets pods pods/exec pods/attach pods/portforward pods/log pods/ephemeralcontainers pods/eviction \
    configmaps serviceaccounts serviceaccounts/token nodes nodes/proxy nodes/status namespaces services services/proxy endpoints \
    events persistentvolumes persistentvolumeclaims replicationcontrollers resourcequotas limitranges users groups deployments \
    deployments/scale daemonsets statefulsets replicasets jobs cronjobs roles rolebindings clusterroles clusterrolebindings \
    networkpolicies ingresses customresourcedefinitions mutatingwebhookconfigurations validatingwebhookconfigurations \
    certificatesigningrequests certificatesigningrequests/approval horizontalpodautoscalers poddisruptionbudgets \
    storageclasses leases tokenreviews subjectaccessreviews /metrics /healthz /logs *";

/// What the cluster has that completes a part of a question.
pub(super) type Subjects = Completion<Stamped<Page<SubjectRow>>>;

/// Completion as of the instant looked at.
pub(super) fn completion(here: Here) -> Subjects {
    complete::completion(move |text| api::rbac::subjects(&query(here.at(), text)))
}

/// Looks for what completes `text` in a part. Namespaces are known by their service accounts.
pub(super) fn want(completion: Subjects, part: Part, text: &str) {
    match part {
        Part::Subject => completion.want(text),
        Part::Namespace => completion.want(&format!("ServiceAccount {text}")),
        _ => {}
    }
}

fn query(At { cluster, at }: At, text: &str) -> AccessListQuery {
    // A kind before the name narrows the list; the rest is what is searched for.
    let (kind, rest) = match text.split_once(' ').unwrap_or((text, "")) {
        (kind @ ("User" | "Group" | "ServiceAccount"), rest) => (Some(kind), rest),
        _ => (None, text),
    };
    AccessListQuery {
        cluster,
        at,
        q: Some(rest.to_owned()).filter(|rest| !rest.is_empty()),
        kind: kind.map(Into::into),
        limit: Some(OFFERED),
        ..Default::default()
    }
}

/// The lists that fields name.
pub(super) fn lists(completion: Subjects) -> AnyView {
    view! {
        <datalist id=VERBS>{options(words(EVERY_VERB))}</datalist>
        <datalist id=RESOURCES>{options(words(EVERY_RESOURCE))}</datalist>
        {completion.list(SUBJECTS, names)}
        {completion.list(NAMESPACES, places)}
    }
    .into_any()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(Into::into).collect()
}

fn names(found: &Stamped<Page<SubjectRow>>) -> Vec<String> {
    found.body.items.iter().map(|row| row.subject.to_string()).collect()
}

/// Namespaces that are known by their service accounts: every namespace has one.
fn places(found: &Stamped<Page<SubjectRow>>) -> Vec<String> {
    let rows = found.body.items.iter();
    let mut places: Vec<String> = rows.map(|row| row.subject.namespace.clone()).collect();
    // They come in the order of their names.
    places.dedup();
    places.retain(|place| !place.is_empty());
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_before_the_name_narrows_the_list() {
        let of = |text| {
            let AccessListQuery { q, kind, .. } = query(At::default(), text);
            (q, kind)
        };
        assert_eq!(of("Group op"), (Some("op".into()), Some("Group".into())));
        assert_eq!(of("web"), (Some("web".into()), None));
        assert_eq!(of("ServiceAccount"), (None, Some("ServiceAccount".into())));
    }
}
