//! A cluster, read from its API server.

use std::collections::BTreeMap;
use std::time::Duration;

use analysis::model::{Kind, Snapshot};
use analysis::usage;
use futures::StreamExt;
use kube::Client;
use serde::Deserialize;
use shared::clusters::Source;
use shared::ids::ClusterId;
use shared::snapshots::{Collected, Progress};
use tokio::time::Instant;
use uuid::Uuid;

use super::fetch::{self, Refusal};
use super::probes::{self, Probing};
use super::target::Connection;
use super::{CollectError, Collection, OnProgress, list, roles, serving, words};

/// How many kinds are read at a time.
const AT_A_TIME: usize = 8;
/// How often the first requests are sent: who waits at a terminal wants to hear soon that nothing answers.
const FIRST_TRIES: u32 = 3;

/// What reading a cluster may take, and what is called for it.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long it may take; kinds that are not finished by then count as failed.
    pub deadline: Duration,
    /// Objects in a page.
    pub page: u32,
    /// The kinds that are read; all others count as not asked for.
    pub kinds: &'static [Kind],
    /// What is called beside the API server.
    pub probing: Probing,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(300),
            page: 500,
            kinds: Kind::ALL,
            probing: Probing::default(),
        }
    }
}

/// Reads the kinds. One that can't be read is data in the snapshot, not an error.
///
/// # Errors
/// The API server can't be reached, or does not know who asks.
pub async fn collect(
    connection: &Connection,
    limits: &Limits,
    progress: OnProgress<'_>,
) -> Result<Collection, CollectError> {
    let deadline = Instant::now() + limits.deadline;
    let identity = tokio::time::timeout_at(deadline, identify(connection)).await;
    let late = || CollectError::Unreachable("it does not answer in time".into());
    let (id, version, warnings) = identity.map_err(|_| late())??;
    let mut snapshot = Snapshot::new(version);
    let lists = lists(&connection.client, limits, deadline, &mut snapshot, progress);
    let endpoints = probes::endpoints(&limits.probing.endpoints, deadline);
    let ((), serving, endpoints) = tokio::join!(lists, serving::see(&connection.endpoint), endpoints);
    snapshot.serving = Some(serving);
    snapshot.probes.endpoints = endpoints;
    let confirmed = tokio::time::timeout_at(deadline, roles::confirm(&connection.client, &mut snapshot)).await;
    if confirmed.is_err() {
        roles::doubt(&mut snapshot);
    }
    if limits.probing.kubelets {
        snapshot.probes.kubelets = Some(probes::kubelets(&snapshot, deadline).await);
    }
    usage::settle(&mut snapshot);
    Ok(Collection {
        id,
        name: connection.name.clone(),
        source: Source::Live,
        snapshot,
        positions: BTreeMap::new(),
        warnings,
    })
}

async fn lists(client: &Client, limits: &Limits, deadline: Instant, snapshot: &mut Snapshot, progress: OnProgress<'_>) {
    let read = |kind: Kind| async move {
        let listed = tokio::time::timeout_at(deadline, list::list(client, kind, limits.page)).await;
        let late = || {
            (
                Collected::Failed {
                    reason: "the deadline passed".into(),
                },
                Vec::new(),
            )
        };
        (kind, listed.unwrap_or_else(|_| late()))
    };
    let mut kinds = futures::stream::iter(limits.kinds.iter().copied())
        .map(read)
        .buffer_unordered(AT_A_TIME);
    let total = u32::try_from(limits.kinds.len()).unwrap_or(u32::MAX);
    let (mut done, mut count) = (0, 0);
    progress(Progress::Collecting {
        kinds_done: 0,
        kinds_total: total,
        objects: 0,
    });
    while let Some((kind, (outcome, objects))) = kinds.next().await {
        done += 1;
        count += outcome.count().unwrap_or_default();
        snapshot.set(kind, outcome, objects);
        progress(Progress::Collecting {
            kinds_done: done,
            kinds_total: total,
            objects: count,
        });
    }
}

/// The cluster's id and version, and what there is to say of them.
async fn identify(connection: &Connection) -> Result<(ClusterId, String, Vec<String>), CollectError> {
    let mut warnings = Vec::new();
    let version = match ask::<Version>(&connection.client, "/version").await {
        Ok(version) => version.git_version,
        Err(Refusal::Failed(reason)) => return Err(CollectError::Unreachable(reason)),
        Err(_) => {
            warnings.push("the version of the API server is not known: it may not be asked for".to_owned());
            String::new()
        }
    };
    let id = match ask::<Named>(&connection.client, "/api/v1/namespaces/kube-system").await {
        Ok(namespace) => namespace.metadata.uid,
        Err(Refusal::Failed(reason)) => return Err(CollectError::Unreachable(reason)),
        Err(Refusal::Unauthorised(reason)) => return Err(CollectError::Unauthorised(reason)),
        Err(_) => {
            warnings.push(format!(
                "the namespace kube-system can't be read: the cluster is told by the address {} instead of its uid",
                words::line(&connection.server)
            ));
            Uuid::new_v5(&Uuid::NAMESPACE_URL, connection.server.as_bytes())
        }
    };
    Ok((ClusterId(id), version, warnings))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

#[derive(Deserialize)]
struct Named {
    metadata: Uid,
}

#[derive(Deserialize)]
struct Uid {
    uid: Uuid,
}

async fn ask<T: for<'de> Deserialize<'de>>(client: &Client, path: &str) -> Result<T, Refusal> {
    let body = fetch::get(client, path, "application/json", FIRST_TRIES)
        .await?
        .unpack()?;
    serde_json::from_slice(&body).map_err(|_| Refusal::Failed("it does not answer as an API server does".into()))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::super::fake::{self, Reply, ok, page, reply};
    use super::*;

    const UID: &str = "0d3b1c5e-6f3f-4c1a-9c57-6f8b1c2d3e4f";

    fn identity(address: &str) -> Option<Reply> {
        match address {
            "/version" => Some(ok(r#"{"gitVersion":"v1.37.2"}"#)),
            "/api/v1/namespaces/kube-system" => Some(ok(format!(r#"{{"metadata":{{"uid":"{UID}"}}}}"#))),
            _ => None,
        }
    }

    async fn read(respond: impl Fn(usize, &str) -> Reply + Send + 'static) -> Result<Collection, CollectError> {
        let connection = fake::connection(fake::api(respond).0);
        collect(&connection, &Limits::default(), &|_| {}).await
    }

    #[tokio::test]
    async fn cluster_is_told_by_the_uid_of_kube_system() {
        let collection = read(|_, address| identity(address).unwrap_or_else(|| reply(404, &[], "")))
            .await
            .unwrap();
        assert_eq!(collection.id.to_string(), UID);
        assert_eq!(collection.snapshot.version, "v1.37.2");
        assert!(collection.warnings.is_empty());
    }

    #[tokio::test]
    async fn cluster_whose_kube_system_is_hidden_is_told_by_its_address() {
        let refuse = || reply(403, &[], r#"{"message":"no"}"#);
        let collection = read(move |_, _| refuse()).await.unwrap();
        assert_eq!(collection.id.0, Uuid::new_v5(&Uuid::NAMESPACE_URL, b"https://fake"));
        assert_eq!(collection.warnings.len(), 2);
        assert_eq!(collection.snapshot.outcome(Kind::Pod).word(), "denied");
    }

    #[tokio::test(start_paused = true)]
    async fn server_that_breaks_every_connection_is_an_error() {
        let error = read(|_, _| Err("refused".into())).await.unwrap_err();
        assert_eq!(error.to_string(), "the API server can't be reached: refused");
    }

    #[tokio::test]
    async fn server_that_knows_nobody_is_an_error() {
        let error = read(|_, _| reply(401, &[], r#"{"message":"Unauthorized"}"#))
            .await
            .unwrap_err();
        assert!(matches!(error, CollectError::Unauthorised(_)));
    }

    #[tokio::test]
    async fn something_else_than_an_api_server_is_an_error() {
        assert!(matches!(
            read(|_, _| ok("<html>")).await,
            Err(CollectError::Unreachable(_))
        ));
    }

    #[tokio::test(start_paused = true)]
    async fn kinds_that_are_late_fail_and_the_others_stay() {
        let service = tower::service_fn(|request: http::Request<kube::client::Body>| async move {
            let address = request.uri().to_string();
            match identity(&address) {
                Some(reply) => reply,
                None if address.contains("gatewayclasses") => page(&["a"], ""),
                None if address.contains("gateway.networking") => std::future::pending().await,
                None => reply(404, &[], ""),
            }
        });
        let connection = fake::connection(Client::new(service, "default"));
        let limits = Limits {
            deadline: Duration::from_secs(30),
            ..Limits::default()
        };
        let snapshot = collect(&connection, &limits, &|_| {}).await.unwrap().snapshot;
        assert_eq!(snapshot.outcome(Kind::GatewayClass).count(), Some(1));
        assert_eq!(snapshot.outcome(Kind::Gateway).reason(), "the deadline passed");
    }

    #[tokio::test]
    async fn progress_counts_every_kind() {
        let connection =
            fake::connection(fake::api(|_, address| identity(address).unwrap_or_else(|| reply(404, &[], ""))).0);
        let told = Mutex::new(Vec::new());
        collect(&connection, &Limits::default(), &|progress| {
            told.lock().unwrap().push(progress)
        })
        .await
        .unwrap();
        let told = told.into_inner().unwrap();
        let kinds = u32::try_from(Kind::ALL.len()).unwrap();
        assert_eq!(told.len(), Kind::ALL.len() + 1);
        assert_eq!(
            told.last(),
            Some(&Progress::Collecting {
                kinds_done: kinds,
                kinds_total: kinds,
                objects: 0
            })
        );
    }
}
