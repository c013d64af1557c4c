//! Where an API server keeps its objects.

use super::Instance;

/// Whether that is behind a socket of its own node, which knows no certificates: `unix:///run/kine.sock`.
pub fn stores_in_socket(server: &Instance<'_>) -> bool {
    let servers = server.list("--etcd-servers");
    !servers.is_empty() && servers.iter().all(|scheme| *scheme == "unix://")
}
