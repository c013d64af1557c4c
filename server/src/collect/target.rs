//! Which cluster is read, and the client for it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kube::Client;
use kube::config::{Config, KubeConfigOptions, Kubeconfig};

use super::CollectError;
use super::handshake::Endpoint;
use super::serving;

/// A cluster that can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The one that a context of a kubeconfig names.
    Kubeconfig {
        /// The file; none for those of `KUBECONFIG` or `~/.kube/config`.
        file: Option<PathBuf>,
        /// The context.
        context: String,
    },
    /// The one that this process runs in.
    InCluster,
}

/// A client, and what it leads to.
#[derive(Clone)]
pub struct Connection {
    /// The client; it neither retries nor decompresses: the collector does.
    pub client: Client,
    /// What the cluster is called: the context, or `in-cluster`.
    pub name: String,
    /// The address of its API server.
    pub server: String,
    /// Where its certificate can be seen; why it can't, where it can't.
    pub endpoint: Result<Endpoint, String>,
}

impl Target {
    /// Finds the cluster: `context` (none: the current one) of the kubeconfig in `KUBECONFIG` or `~/.kube/config`, else, where
    /// no context was asked for, the cluster that this process runs in.
    ///
    /// # Errors
    /// There is no cluster to be found, no such context, or the kubeconfig is malformed.
    pub fn infer(context: Option<&str>) -> Result<Self, CollectError> {
        match Kubeconfig::read() {
            Ok(config) => match (choose(&config, context), runs_in_cluster()) {
                (Err(CollectError::NoCluster), true) => Ok(Self::InCluster),
                (chosen, _) => Ok(Self::Kubeconfig {
                    file: None,
                    context: chosen?,
                }),
            },
            Err(error) if !is_missing(&error) => Err(CollectError::Kubeconfig(error)),
            Err(_) if context.is_none() && runs_in_cluster() => Ok(Self::InCluster),
            Err(_) => Err(CollectError::NoCluster),
        }
    }

    /// `context` (none: the current one) of the kubeconfig at `file`.
    ///
    /// # Errors
    /// The file can't be read, or has no such context.
    pub fn of_file(file: &Path, context: Option<&str>) -> Result<Self, CollectError> {
        let config = Kubeconfig::read_from(file).map_err(CollectError::Kubeconfig)?;
        Ok(Self::Kubeconfig {
            file: Some(file.to_owned()),
            context: choose(&config, context)?,
        })
    }

    /// What the cluster is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Kubeconfig { context, .. } => context,
            Self::InCluster => "in-cluster",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kubeconfig { file: None, context } => write!(f, "context {context} of the kubeconfig"),
            Self::Kubeconfig {
                file: Some(file),
                context,
            } => write!(f, "context {context} of {}", file.display()),
            Self::InCluster => f.write_str("the cluster that this process runs in"),
        }
    }
}

fn choose(config: &Kubeconfig, context: Option<&str>) -> Result<String, CollectError> {
    let current = config.current_context.as_deref().filter(|name| !name.is_empty());
    let name = context.or(current).ok_or(CollectError::NoCluster)?;
    let is_known = config.contexts.iter().any(|known| known.name == name);
    if is_known {
        Ok(name.to_owned())
    } else {
        Err(CollectError::NoContext(name.to_owned()))
    }
}

fn is_missing(error: &kube::config::KubeconfigError) -> bool {
    use kube::config::KubeconfigError as E;
    match error {
        E::FindPath => true,
        E::ReadConfig(error, _) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn runs_in_cluster() -> bool {
    std::env::var_os("KUBERNETES_SERVICE_HOST").is_some_and(|host| !host.is_empty())
}

/// Makes a client for the cluster. Nothing is sent yet.
///
/// # Errors
/// The configuration or its credentials can't be used.
pub async fn connect(target: &Target) -> Result<Connection, CollectError> {
    let mut config = configuration(target).await?;
    config.default_retry = false;
    config.read_timeout = Some(Duration::from_secs(60));
    config.reset_reader_on_write = true;
    let (server, endpoint) = (config.cluster_url.to_string(), serving::endpoint(&config));
    let client = Client::try_from(config).map_err(without_output)?;
    Ok(Connection {
        client,
        name: target.name().to_owned(),
        server,
        endpoint,
    })
}

/// The same with a deadline: a credential plugin may wait for a person, and would hold up everything else meanwhile.
///
/// # Errors
/// Those of [`connect`], and that it took too long.
pub async fn connect_within(target: &Target, deadline: Duration) -> Result<Connection, CollectError> {
    let (target, runtime) = (target.clone(), tokio::runtime::Handle::current());
    let connecting = tokio::task::spawn_blocking(move || runtime.block_on(connect(&target)));
    match tokio::time::timeout(deadline, connecting).await {
        Ok(Ok(connected)) => connected,
        Ok(Err(_)) | Err(_) => Err(CollectError::Credentials),
    }
}

/// What a credential plugin printed is for nobody's eyes.
fn without_output(error: kube::Error) -> CollectError {
    match error {
        kube::Error::Auth(_) => CollectError::Credentials,
        other => CollectError::Client(other),
    }
}

async fn configuration(target: &Target) -> Result<Config, CollectError> {
    match target {
        Target::InCluster => Config::incluster().map_err(CollectError::InCluster),
        Target::Kubeconfig { file, context } => {
            let options = KubeConfigOptions {
                context: Some(context.clone()),
                ..KubeConfigOptions::default()
            };
            let kubeconfig = match file {
                Some(file) => Kubeconfig::read_from(file),
                None => Kubeconfig::read(),
            };
            let kubeconfig = kubeconfig.map_err(CollectError::Kubeconfig)?;
            Config::from_custom_kubeconfig(kubeconfig, &options)
                .await
                .map_err(CollectError::Kubeconfig)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kubeconfig(current: &str) -> Kubeconfig {
        let text = format!("current-context: {current:?}\ncontexts: [{{name: a, context: {{cluster: c}}}}]\n");
        Kubeconfig::from_yaml(&text).unwrap()
    }

    #[test]
    fn current_context_is_chosen_where_none_is_named() {
        assert_eq!(choose(&kubeconfig("a"), None).unwrap(), "a");
    }

    #[test]
    fn context_that_does_not_exist_is_refused() {
        assert!(matches!(choose(&kubeconfig("a"), Some("b")), Err(CollectError::NoContext(name)) if name == "b"));
    }

    #[test]
    fn kubeconfig_without_a_current_context_names_no_cluster() {
        assert!(matches!(choose(&kubeconfig(""), None), Err(CollectError::NoCluster)));
    }

    #[test]
    fn target_says_which_context_it_is() {
        let target = Target::Kubeconfig {
            file: Some("/etc/k".into()),
            context: "prod".into(),
        };
        assert_eq!(target.to_string(), "context prod of /etc/k");
    }
}
