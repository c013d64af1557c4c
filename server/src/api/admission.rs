//! Admission: what happens to a pod on its way in.

use analysis::admission::filter::Newcomer;
use analysis::admission::way_in;
use analysis::model::pairs::Labels;
use axum::response::Response;
use shared::admission::{Admission, AdmissionQuery};
use shared::page::Stamped;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::ApiError;
use super::models;
use super::read::Read;
use super::state::AppState;

/// Routes of admission.
pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get))
}

/// What happens to a pod on its way in, step by step; of a pod that is named, which steps see it and why the others don't.
#[utoipa::path(get, path = "/admission", tag = "admission", params(AdmissionQuery), responses(
    (status = 200, body = Stamped<Admission>),
    (status = 400, body = Problem, description = "The labels make no sense, or come without a namespace"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
async fn get(read: Read<AdmissionQuery>) -> Result<Response, ApiError> {
    let pod = pod(&read.query)?;
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(Admission::default()));
    };
    let admission = models::of_cluster(&read.state, &read.viewer, as_of, move |cluster| {
        let newcomer = pod.as_ref().map(|(namespace, labels)| Newcomer { namespace, labels });
        way_in::admission(cluster, newcomer)
    });
    let admission = admission.await?;
    Ok(read.answer(admission))
}

/// The pod that is asked about: its namespace and its labels.
fn pod(query: &AdmissionQuery) -> Result<Option<(String, Labels)>, ApiError> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match (given(&query.namespace), given(&query.labels)) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(ApiError::BadRequest(
            "labels: a namespace must be given with them".into(),
        )),
        (Some(namespace), labels) => Ok(Some((namespace, parse(&labels.unwrap_or_default())?))),
    }
}

/// `app=web,tier=front`.
fn parse(text: &str) -> Result<Labels, ApiError> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let pair = |pair: &str| match pair.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err(ApiError::BadRequest(format!(
            "labels: {pair:?} is no label, as app=web is"
        ))),
    };
    pairs.map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(namespace: &str, labels: &str) -> Result<Option<(String, Labels)>, ApiError> {
        pod(&AdmissionQuery {
            namespace: Some(namespace.into()),
            labels: Some(labels.into()),
            ..AdmissionQuery::default()
        })
    }

    #[test]
    fn a_pod_is_asked_about_by_its_namespace_and_its_labels() {
        let (namespace, labels) = asked("shop", " app=web, tier = front,canary=,").unwrap().unwrap();
        assert_eq!(namespace, "shop");
        let pairs: Vec<_> = labels
            .pairs()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        assert_eq!(pairs, [("app", "web"), ("canary", ""), ("tier", "front")]);
        assert!(asked("", "").unwrap().is_none());
    }

    #[test]
    fn labels_that_are_none_or_stand_nowhere_are_refused() {
        assert!(matches!(asked("shop", "app"), Err(ApiError::BadRequest(_))));
        assert!(matches!(asked("shop", "=web"), Err(ApiError::BadRequest(_))));
        assert!(matches!(asked("", "app=web"), Err(ApiError::BadRequest(_))));
    }
}
