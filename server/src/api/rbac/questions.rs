//! Whether somebody may do something, who may, and what somebody may do.

use analysis::rbac::access::{Access, Identity, Request, Target};
use axum::Json;
use axum::response::Response;
use shared::page::{At, Stamped};
use shared::problem::Problem;
use shared::rbac::query::{CanIQuery, WhatCanQuery, WhoCanQuery};
use shared::rbac::{BatchAnswers, CanI, MAX_BATCH, Question, WhatCan, WhoCan};

use crate::api::error::ApiError;
use crate::api::models;
use crate::api::read::Read;

/// Whether somebody may do something, with every chain of objects that allows it.
#[utoipa::path(get, path = "/rbac/can-i", tag = "rbac", params(CanIQuery), responses(
    (status = 200, body = Stamped<CanI>),
    (status = 400, body = Problem, description = "The question can't be asked; names the field"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn can_i(read: Read<CanIQuery>) -> Result<Response, ApiError> {
    let who = identity(&read.query.user, &read.query.groups)?;
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(CanI::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let CanIQuery {
        verb,
        resource,
        namespace,
        name,
        path,
        ..
    } = &read.query;
    let asked = Asked {
        verb,
        resource,
        namespace,
        name,
        path: path.as_deref(),
    };
    let answer = asked.of(&model.access, |request| model.access.answer(&who, request, true))?;
    Ok(read.answer(answer))
}

/// Answers many questions, each by itself. Groups are taken as they stand, as a SubjectAccessReview takes them.
#[utoipa::path(post, path = "/rbac/can-i", tag = "rbac", params(At), request_body = Vec<Question>, responses(
    (status = 200, body = Stamped<BatchAnswers>),
    (status = 400, body = Problem, description = "There are too many"),
    (status = 404, body = Problem, description = "No such cluster"),
    (status = 422, body = Problem, description = "One is no question"),
))]
pub(super) async fn batch(read: Read<At>, Json(questions): Json<Vec<Question>>) -> Result<Response, ApiError> {
    if questions.len() > MAX_BATCH {
        return Err(ApiError::BadRequest(format!(
            "There are more than {MAX_BATCH} questions."
        )));
    }
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(BatchAnswers::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let answers = questions
        .iter()
        .map(|question| model.access.answer_one(question))
        .collect();
    Ok(read.answer(BatchAnswers { answers }))
}

/// Everyone who may do something, each with every chain of objects that allows it.
#[utoipa::path(get, path = "/rbac/who-can", tag = "rbac", params(WhoCanQuery), responses(
    (status = 200, body = Stamped<WhoCan>),
    (status = 400, body = Problem, description = "The question can't be asked; names the field"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn who_can(read: Read<WhoCanQuery>) -> Result<Response, ApiError> {
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(WhoCan::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let WhoCanQuery {
        verb,
        resource,
        namespace,
        name,
        path,
        ..
    } = &read.query;
    let asked = Asked {
        verb,
        resource,
        namespace,
        name,
        path: path.as_deref(),
    };
    let answer = asked.of(&model.access, |request| model.access.holders(request))?;
    Ok(read.answer(answer))
}

/// Everything that somebody may do, in the shortest form, with the chains of objects that allow it.
#[utoipa::path(get, path = "/rbac/what-can", tag = "rbac", params(WhatCanQuery), responses(
    (status = 200, body = Stamped<WhatCan>),
    (status = 400, body = Problem, description = "Nobody is named"),
    (status = 404, body = Problem, description = "No such cluster"),
))]
pub(super) async fn what_can(read: Read<WhatCanQuery>) -> Result<Response, ApiError> {
    let who = identity(&read.query.user, &read.query.groups)?;
    let Some(as_of) = &read.as_of else {
        return Ok(read.answer(WhatCan::default()));
    };
    let model = models::model(&read.state, &read.viewer, as_of).await?;
    let namespace = read
        .query
        .namespace
        .as_deref()
        .filter(|namespace| !namespace.is_empty());
    let answer = model.access.permissions(&who, namespace);
    Ok(read.answer(answer))
}

/// Who asks; the API server's own groups are added to a user's.
pub(super) fn identity(user: &str, groups: &str) -> Result<Identity, ApiError> {
    let groups: Vec<String> = groups
        .split(',')
        .map(str::trim)
        .filter(|group| !group.is_empty())
        .map(Into::into)
        .collect();
    if user.is_empty() && groups.is_empty() {
        return Err(wrong("user", "is missing, and there are no groups"));
    }
    Ok(Identity::with_implied_groups(user, &groups))
}

fn wrong(field: &str, how: &str) -> ApiError {
    ApiError::BadRequest(format!("The field {field} {how}."))
}

/// What is asked for, as a query has it.
pub(super) struct Asked<'a> {
    pub(super) verb: &'a str,
    pub(super) resource: &'a str,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
    pub(super) path: Option<&'a str>,
}

impl Asked<'_> {
    /// The answer to the request that is meant.
    pub(super) fn of<T>(&self, access: &Access, answer: impl FnOnce(&Request<'_>) -> T) -> Result<T, ApiError> {
        let verb = Some(self.verb)
            .filter(|verb| !verb.is_empty())
            .ok_or_else(|| wrong("verb", "is missing"))?;
        let Some(path) = self.path else {
            return self.of_resource(access, verb, answer);
        };
        let beside = [
            ("resource", self.resource),
            ("namespace", self.namespace),
            ("name", self.name),
        ];
        if let Some((field, _)) = beside.into_iter().find(|(_, text)| !text.is_empty()) {
            return Err(wrong(field, "does not go with a path"));
        }
        if !path.starts_with('/') && path != "*" {
            return Err(wrong("path", "begins with no slash"));
        }
        let target = Target::Url { path };
        Ok(answer(&Request { verb, target }))
    }

    fn of_resource<T>(
        &self,
        access: &Access,
        verb: &str,
        answer: impl FnOnce(&Request<'_>) -> T,
    ) -> Result<T, ApiError> {
        if self.resource.is_empty() {
            return Err(wrong("resource", "is missing, and there is no path"));
        }
        let (plain, subresource) = self.resource.split_once('/').unwrap_or((self.resource, ""));
        let (group, resource) = access.resources().meant(plain);
        let target = Target::Resource {
            group,
            resource,
            subresource,
            namespace: self.namespace,
            name: self.name,
        };
        Ok(answer(&Request { verb, target }))
    }
}
