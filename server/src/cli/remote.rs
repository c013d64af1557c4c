//! A Plimsoll server that is asked over REST, instead of a cluster.

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Method, Request, header};
use http_body_util::{BodyExt, Limited};
use kube::Client;
use kube::client::Body;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::ids::ClusterId;
use shared::page::{AsOf, At};
use shared::problem::Problem;
use shared::rbac::{BatchAnswer, BatchAnswers, Question};

/// The longest answer, in bytes.
const MAX_ANSWER: usize = 256 << 20;

#[derive(Debug, clap::Args)]
pub(super) struct RemoteArgs {
    /// Ask a Plimsoll server instead of a cluster: https://plimsoll.example. The variable PLIMSOLL_TOKEN holds a token of its.
    #[arg(long, value_name = "URL", conflicts_with_all = ["manifests", "context"])]
    server: Option<String>,
    /// The server's cluster, by its id; the only one, or the first by name, if left out.
    #[arg(long, value_name = "ID", requires = "server", value_parser = cluster)]
    cluster: Option<ClusterId>,
    /// The instant (RFC 3339) as of which the server answers; now, if left out.
    #[arg(long, value_name = "INSTANT", requires = "server")]
    at: Option<DateTime<Utc>>,
}

fn cluster(text: &str) -> Result<ClusterId, uuid::Error> {
    Ok(ClusterId(text.parse()?))
}

/// A server, and as of when it is asked about which cluster.
pub(super) struct Remote {
    client: Client,
    pub(super) at: At,
}

impl RemoteArgs {
    /// The server that is to be asked; none where a cluster or manifests are.
    pub(super) fn remote(&self) -> anyhow::Result<Option<Remote>> {
        let Some(url) = &self.server else { return Ok(None) };
        let token = std::env::var("PLIMSOLL_TOKEN").ok().filter(|token| !token.is_empty());
        let token = token.context("the variable PLIMSOLL_TOKEN holds no token: make one with plimsoll token create")?;
        let mut config = kube::Config::new(url.parse().with_context(|| format!("{url} is no address"))?);
        config.auth_info.token = Some(token.into());
        let (cluster, at) = (self.cluster, self.at);
        Ok(Some(Remote {
            client: Client::try_from(config)?,
            at: At { cluster, at },
        }))
    }
}

impl Remote {
    /// What the server answers as of an instant, by a path below `/api/v1`.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, query: &impl Serialize) -> anyhow::Result<T> {
        read(&self.send(Method::GET, path, query, Vec::new()).await?)
    }

    /// The answers to many questions of access.
    pub(super) async fn batch(&self, questions: &[Question]) -> anyhow::Result<Vec<BatchAnswer>> {
        let body = serde_json::to_vec(questions)?;
        let answers: BatchAnswers = read(&self.send(Method::POST, "rbac/can-i", &self.at, body).await?)?;
        Ok(answers.answers)
    }

    /// Makes something, and reads what was made.
    pub(super) async fn make<T: DeserializeOwned>(&self, path: &str, new: &impl Serialize) -> anyhow::Result<T> {
        let made = self.send(Method::POST, path, &(), serde_json::to_vec(new)?).await?;
        serde_json::from_slice(&made).context(OTHER)
    }

    /// A file, as it is.
    pub(super) async fn file(&self, path: &str, query: &impl Serialize) -> anyhow::Result<Bytes> {
        self.send(Method::GET, path, query, Vec::new()).await
    }

    async fn send(&self, method: Method, path: &str, query: &impl Serialize, body: Vec<u8>) -> anyhow::Result<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/{path}?{}", serde_urlencoded::to_string(query)?))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))?;
        let response = self.client.send(request).await.context("the server does not answer")?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
        let body = body
            .map_err(|error| anyhow::anyhow!("the answer can't be read: {error}"))?
            .to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => bail!("{}", problem.detail.unwrap_or(problem.title)),
            Err(_) => bail!("the server answers {status}"),
        }
    }
}

/// What is said of an answer that can't be understood.
const OTHER: &str = "the server's answer is of another form: is it of another release?";

/// What an answer rests on, without the answer.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rest {
    as_of: Option<AsOf>,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> anyhow::Result<T> {
    let rest: Rest = serde_json::from_slice(body).context(OTHER)?;
    ensure!(
        rest.as_of.is_some(),
        "the server has no snapshot as old as that, or none at all"
    );
    serde_json::from_slice(body).context(OTHER)
}

/// Groups as a query lists them.
pub(super) fn list(groups: &[String]) -> anyhow::Result<String> {
    let is_plain = groups.iter().all(|group| !group.contains(','));
    ensure!(
        is_plain,
        "a server can't be asked about a group whose name holds a comma"
    );
    Ok(groups.join(","))
}
