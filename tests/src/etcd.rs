//! A member of etcd by itself, that serves its clients by TLS.

use std::fs;
use std::process::Stdio;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::testbed::{binaries, free_ports, pem};

/// A running member, which ends with the test.
#[derive(Debug)]
pub struct Etcd {
    /// Where it serves its clients: `127.0.0.1:port`.
    pub address: String,
    _process: Child,
    _directory: tempfile::TempDir,
}

impl Etcd {
    /// Starts one, which asks clients for a certificate or does not, and waits until it serves.
    ///
    /// # Errors
    /// The binary is missing, or ends.
    pub async fn start(asks: bool) -> anyhow::Result<Self> {
        let [etcd, _] = binaries()?;
        let [clients, peers, _] = free_ports()?;
        let directory = tempfile::tempdir()?;
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let (certificate, key) = (directory.path().join("etcd.crt"), directory.path().join("etcd.key"));
        fs::write(&certificate, pem("CERTIFICATE", made.cert.der()))?;
        fs::write(&key, pem("PRIVATE KEY", &made.signing_key.serialize_der()))?;
        let address = format!("127.0.0.1:{clients}");
        let mut command = Command::new(etcd);
        command.arg("--data-dir").arg(directory.path().join("data"));
        command.arg("--cert-file").arg(&certificate).arg("--key-file").arg(&key);
        command.arg(format!("--listen-client-urls=https://{address}"));
        command.arg(format!("--advertise-client-urls=https://{address}"));
        command.arg(format!("--listen-peer-urls=http://127.0.0.1:{peers}"));
        command.arg("--unsafe-no-fsync");
        if asks {
            command
                .arg("--client-cert-auth")
                .arg("--trusted-ca-file")
                .arg(&certificate);
        }
        let mut process = command.kill_on_drop(true).stderr(Stdio::piped()).spawn()?;
        let log = process.stderr.take().context("there is no log")?;
        let mut lines = BufReader::new(log).lines();
        while !lines
            .next_line()
            .await?
            .context("etcd ended")?
            .contains("ready to serve client requests")
        {}
        // Nobody else reads what it says, and it must not wait for that.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            address,
            _process: process,
            _directory: directory,
        })
    }
}
