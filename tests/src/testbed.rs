//! A real API server: etcd and kube-apiserver in a directory of their own, ready in seconds, gone with the test process.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use analysis::model::Kind;
use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use kube::{Client, Config};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use server::collect::target::{Connection, Target, connect};
use tokio::sync::OnceCell;

use crate::rest;

/// Who can ask the API server. All but `admin`, who is in `system:masters`, may do only what a test grants.
pub const USERS: &[&str] = &["admin", "reader", "restricted", "nobody"];

/// How long it may take to become ready.
const START: Duration = Duration::from_secs(60);

/// What stands before the point in the DER of a P-256 public key, RFC 5480.
const P256_PUBLIC_KEY: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A running API server.
pub struct Testbed {
    directory: PathBuf,
    etcd: u16,
    processes: Child,
}

/// The API server that all tests of a binary share; it is started by the first that asks.
pub async fn shared() -> &'static Testbed {
    static SHARED: OnceCell<Testbed> = OnceCell::const_new();
    SHARED
        .get_or_init(async || Testbed::start().await.expect("the API server starts"))
        .await
}

impl Testbed {
    /// Starts one and waits until it is ready.
    ///
    /// # Errors
    /// The binaries are missing, or don't come up; the error ends with what they logged last.
    pub async fn start() -> anyhow::Result<Self> {
        let [etcd, peers, api] = free_ports()?;
        let directory = tempfile::Builder::new().prefix("plimsoll-testbed-").tempdir()?.keep();
        write_files(&directory, api)?;
        let processes = spawn(&directory, [etcd, peers, api])?;
        let testbed = Self {
            directory,
            etcd,
            processes,
        };
        match tokio::time::timeout(START, testbed.ready()).await {
            Ok(ready) => ready?,
            Err(_) => bail!("the API server is not ready after {START:?}\n{}", testbed.log()),
        }
        Ok(testbed)
    }

    async fn ready(&self) -> anyhow::Result<()> {
        // It writes its certificate, which the kubeconfig names, before it listens.
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        loop {
            pause.tick().await;
            if self.directory.join("etcd.ended").exists() || self.directory.join("apiserver.ended").exists() {
                bail!("the API server ended at once\n{}", self.log());
            }
            if !self.directory.join("certs/apiserver.crt").exists() {
                continue;
            }
            let client = self.client("admin").await?;
            let ready = client
                .request_text(http::Request::get("/readyz").body(Vec::new())?)
                .await;
            let system = rest::send(&client, Method::GET, "/api/v1/namespaces/kube-system", rest::JSON, None).await;
            if ready.is_ok() && system.is_ok() {
                return Ok(());
            }
        }
    }

    fn log(&self) -> String {
        let log = fs::read_to_string(self.directory.join("apiserver.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// A kubeconfig with one context for each of [`USERS`], of the same name; `admin` is the current one.
    pub fn kubeconfig(&self) -> PathBuf {
        self.directory.join("kubeconfig")
    }

    /// A connection as one of [`USERS`], made as the server makes it.
    ///
    /// # Errors
    /// There is no such user.
    pub async fn connection(&self, user: &str) -> anyhow::Result<Connection> {
        Ok(connect(&Target::of_file(&self.kubeconfig(), Some(user))?).await?)
    }

    /// A client for one of [`USERS`]. It belongs to the runtime that it was made in: don't share it between tests.
    ///
    /// # Errors
    /// There is no such user.
    pub async fn client(&self, user: &str) -> anyhow::Result<Client> {
        Ok(self.connection(user).await?.client)
    }

    /// Creates or updates objects, in order, as the administrator.
    ///
    /// # Errors
    /// The API server refuses one.
    pub async fn apply(&self, objects: &[Value]) -> anyhow::Result<()> {
        let client = self.client("admin").await?;
        for object in objects {
            rest::apply(&client, object).await?;
        }
        Ok(())
    }

    /// Waits until the API server serves kinds whose definitions it was given.
    ///
    /// # Errors
    /// It does not within a minute.
    pub async fn served(&self, kinds: &[Kind]) -> anyhow::Result<()> {
        let client = self.client("admin").await?;
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        let all = async {
            for kind in kinds {
                while rest::send(&client, Method::GET, &rest::collection(*kind, ""), rest::JSON, None)
                    .await
                    .is_err()
                {
                    pause.tick().await;
                }
            }
        };
        tokio::time::timeout(START, all)
            .await
            .context("the custom kinds are not served")
    }

    /// Lets a user do what `rules` (of a ClusterRole) say, in the whole cluster.
    ///
    /// # Errors
    /// The API server refuses it.
    pub async fn grant(&self, user: &str, rules: Value) -> anyhow::Result<()> {
        let group = "rbac.authorization.k8s.io";
        let name = format!("testbed:{user}");
        let role = json!({"apiVersion": format!("{group}/v1"), "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules});
        let binding = json!({
            "apiVersion": format!("{group}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": name},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": group, "kind": "User", "name": user}],
        });
        self.apply(&[role, binding]).await
    }

    /// Makes etcd forget all revisions but the last, so that older continue tokens expire.
    ///
    /// # Errors
    /// etcd refuses.
    pub async fn compact(&self) -> anyhow::Result<()> {
        let etcd = Client::try_from(Config::new(format!("http://127.0.0.1:{}", self.etcd).parse()?))?;
        let status = rest::send(
            &etcd,
            Method::POST,
            "/v3/maintenance/status",
            rest::JSON,
            Some(&json!({})),
        )
        .await?;
        let revision = status.pointer("/header/revision").context("etcd says no revision")?;
        let body = json!({ "revision": revision, "physical": true });
        rest::send(&etcd, Method::POST, "/v3/kv/compaction", rest::JSON, Some(&body)).await?;
        Ok(())
    }

    /// Where its etcd serves clients, without TLS: `127.0.0.1:port`.
    pub fn etcd(&self) -> String {
        format!("127.0.0.1:{}", self.etcd)
    }

    /// The process of the API server, to measure it.
    ///
    /// # Errors
    /// It is not known.
    pub fn apiserver_pid(&self) -> anyhow::Result<u32> {
        Ok(fs::read_to_string(self.directory.join("apiserver.pid"))?
            .trim()
            .parse()?)
    }
}

impl Drop for Testbed {
    fn drop(&mut self) {
        drop(self.processes.stdin.take());
        let _ = self.processes.wait();
    }
}

/// Ports that nobody listens on.
pub(crate) fn free_ports() -> anyhow::Result<[u16; 3]> {
    let listen = || TcpListener::bind("127.0.0.1:0");
    // All three are held until all are known, so that they differ.
    let listeners = [listen()?, listen()?, listen()?];
    let mut ports = [0; 3];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

fn spawn(directory: &Path, ports: [u16; 3]) -> anyhow::Result<Child> {
    let [etcd, apiserver] = binaries()?;
    let mut shell = Command::new("sh");
    shell
        .args(["-c", include_str!("testbed.sh"), "testbed"])
        .arg(directory)
        .arg(etcd)
        .arg(apiserver);
    shell.args(ports.map(|port| port.to_string())).stdin(Stdio::piped());
    // A group of its own: an interrupt at the terminal reaches it only through its stdin, and it cleans up.
    shell.process_group(0).spawn().context("sh can't be started")
}

/// Where etcd and kube-apiserver are: `KUBEBUILDER_ASSETS`, or what `make setup` built.
pub(crate) fn binaries() -> anyhow::Result<[PathBuf; 2]> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/testbed");
    let directory = std::env::var_os("KUBEBUILDER_ASSETS").map_or(built, PathBuf::from);
    // `go build` calls etcd by the name of its module.
    let named = |names: &[&str]| {
        let found = names.iter().map(|name| directory.join(name)).find(|path| path.exists());
        found.with_context(|| format!("{} is not in {}: run `make setup`", names[0], directory.display()))
    };
    Ok([named(&["etcd", "server"])?, named(&["kube-apiserver"])?])
}

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(der)
    )
}

fn write_files(directory: &Path, port: u16) -> anyhow::Result<()> {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new());
    let key = key.map_err(|_| anyhow::anyhow!("no key can be made"))?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref(), &SystemRandom::new());
    let pair = pair.map_err(|_| anyhow::anyhow!("the key can't be read"))?;
    let public = [P256_PUBLIC_KEY, pair.public_key().as_ref()].concat();
    fs::write(directory.join("sa.key"), pem("PRIVATE KEY", key.as_ref()))?;
    fs::write(directory.join("sa.pub"), pem("PUBLIC KEY", &public))?;
    let group = |user: &str| if user == "admin" { ",\"system:masters\"" } else { "" };
    let tokens: Vec<String> = USERS
        .iter()
        .map(|user| format!("{user}-token,{user},{user}{}", group(user)))
        .collect();
    fs::write(directory.join("tokens.csv"), tokens.join("\n") + "\n")?;
    fs::write(directory.join("kubeconfig"), kubeconfig(directory, port).to_string())?;
    Ok(())
}

fn kubeconfig(directory: &Path, port: u16) -> Value {
    let user = |name: &&str| json!({"name": name, "user": {"token": format!("{name}-token")}});
    let context = |name: &&str| json!({"name": name, "context": {"cluster": "testbed", "user": name}});
    let server = format!("https://127.0.0.1:{port}");
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "admin",
        "clusters": [{
            "name": "testbed",
            "cluster": {"server": server, "certificate-authority": directory.join("certs/apiserver.crt")},
        }],
        "users": USERS.iter().map(user).collect::<Vec<_>>(),
        "contexts": USERS.iter().map(context).collect::<Vec<_>>(),
    })
}
