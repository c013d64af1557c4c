//! Pod Security admission of the API server: a namespace for each level and version, and pods that are made in it and not kept.

use std::collections::BTreeSet;

use analysis::model::{Kind, Object};
use analysis::pod_security::{CONTROLS, Level, Version};
use anyhow::{Context, Result, bail};
use http::Method;
use kube::Client;
use serde_json::{Value, json};

use super::pods::{Base, base};
use crate::rest::{self, JSON, STRATEGIC};

/// The versions in which something changes, and one before and after each.
pub const VERSIONS: &[u32] = &[
    0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37,
];
/// The levels that refuse anything.
pub const LEVELS: [Level; 2] = [Level::Baseline, Level::Restricted];

/// A namespace that enforces a level in a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The level.
    pub level: Level,
    /// The version.
    pub version: Version,
}

impl Place {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let of_level = |level| {
            VERSIONS.iter().map(move |minor| Self {
                level,
                version: Version(*minor),
            })
        };
        LEVELS.into_iter().flat_map(of_level).collect()
    }

    /// The namespace's name.
    pub fn namespace(self) -> String {
        format!("{}-{}", self.level, self.version.0)
    }

    /// Makes the namespace, and in it a pod that every level lets in, to which containers can be added.
    ///
    /// # Errors
    /// The API server refuses them.
    pub async fn make(self, client: &Client) -> Result<()> {
        let labels = json!({
            "pod-security.kubernetes.io/enforce": self.level,
            "pod-security.kubernetes.io/enforce-version": self.version.to_string(),
        });
        let namespace = self.namespace();
        let metadata = json!({"name": namespace, "labels": labels});
        rest::create(
            client,
            &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}),
        )
        .await?;
        let mut pod = base(Base::Hardened);
        pod["metadata"]["namespace"] = namespace.into();
        rest::create(client, &pod).await
    }
}

/// What the API server makes of a pod.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// It would take it, or Pod Security refuses it by these controls' reasons.
    Judged(BTreeSet<String>),
    /// It is no valid pod.
    Invalid,
}

/// Has the API server judge a pod, made anew.
///
/// # Errors
/// It answers something else.
pub async fn created(client: &Client, pod: &Value) -> Result<Answer> {
    let (kind, namespace, _) = rest::identity(pod)?;
    let path = format!("{}?dryRun=All", rest::collection(kind, namespace));
    let mut pod = pod.clone();
    pod["metadata"]["name"] = "another".into();
    answer(rest::send(client, Method::POST, &path, JSON, Some(&pod)).await)
}

/// Has the API server judge an ephemeral container that the pod of a namespace gets.
///
/// # Errors
/// It answers something else.
pub async fn debugged(client: &Client, namespace: &str, container: &Value) -> Result<Answer> {
    let path = format!(
        "{}/pod/ephemeralcontainers?dryRun=All",
        rest::collection(Kind::Pod, namespace)
    );
    let patch = json!({"spec": {"ephemeralContainers": [container]}});
    answer(rest::send(client, Method::PATCH, &path, STRATEGIC, Some(&patch)).await)
}

fn answer(sent: Result<Value, kube::Error>) -> Result<Answer> {
    match sent {
        Ok(_) => Ok(Answer::Judged(BTreeSet::new())),
        Err(kube::Error::Api(status)) if status.code == 422 => Ok(Answer::Invalid),
        Err(kube::Error::Api(status)) if status.code == 403 => Ok(Answer::Judged(reasons(&status.message)?)),
        Err(error) => Err(error.into()),
    }
}

/// The reasons in `… violates PodSecurity "restricted:v1.30": REASON (DETAIL), REASON (DETAIL)`.
fn reasons(message: &str) -> Result<BTreeSet<String>> {
    let (_, said) = message
        .split_once("violates PodSecurity")
        .with_context(|| format!("refused otherwise: {message}"))?;
    let (_, said) = said
        .split_once("\": ")
        .with_context(|| format!("no reasons: {message}"))?;
    let known = |reason: &str| {
        // Of several profiles it speaks in the plural.
        let reason = reason
            .strip_prefix("forbidden AppArmor")
            .map_or(reason, |_| "forbidden AppArmor profile");
        match CONTROLS.iter().any(|control| control.reason == reason) {
            true => Ok(reason.to_owned()),
            false => bail!("{reason:?} is the reason of no control: {message}"),
        }
    };
    said.split("), ")
        .map(|item| known(item.split(" (").next().unwrap_or_default()))
        .collect()
}

/// What the engine makes of a pod, in the same words.
///
/// # Errors
/// The pod does not decode.
pub fn judged(place: Place, pod: &Value) -> Result<BTreeSet<String>> {
    let object = analysis::model::normalise::admit(Object::deserialize(Kind::Pod, pod)?);
    let Some(Object::Pod(pod)) = object else {
        bail!("it is no pod that is kept");
    };
    let (Some(meta), Some(spec)) = (&pod.metadata, &pod.spec) else {
        bail!("it has no specification");
    };
    let pod = analysis::pod_security::Pod { meta, spec };
    let violations = analysis::pod_security::violations(place.level, place.version, pod);
    Ok(violations
        .iter()
        .map(|violation| violation.control.reason.to_owned())
        .collect())
}
