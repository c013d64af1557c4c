//! Sysctls that reach beyond the pod.

use super::{Breach, Control};
use crate::pod_security::{Level, Pod, Version};

/// See its fields.
pub(super) static CONTROL: Control = Control {
    id: "sysctls",
    title: "Sysctls",
    level: Level::Baseline,
    since: Version(0),
    overrides: None,
    reason: "forbidden sysctls",
    judge,
};

/// Those that stay within the pod, with the version from which on they are let in.
const SAFE: &[(&str, Version)] = &[
    ("kernel.shm_rmid_forced", Version(0)),
    ("net.ipv4.ip_local_port_range", Version(0)),
    ("net.ipv4.ip_unprivileged_port_start", Version(0)),
    ("net.ipv4.ping_group_range", Version(0)),
    ("net.ipv4.tcp_syncookies", Version(0)),
    ("net.ipv4.ip_local_reserved_ports", Version(27)),
    ("net.ipv4.tcp_fin_timeout", Version(29)),
    ("net.ipv4.tcp_keepalive_intvl", Version(29)),
    ("net.ipv4.tcp_keepalive_probes", Version(29)),
    ("net.ipv4.tcp_keepalive_time", Version(29)),
    ("net.ipv4.tcp_rmem", Version(32)),
    ("net.ipv4.tcp_wmem", Version(32)),
    ("net.ipv4.tcp_notsent_lowat", Version(37)),
    ("net.ipv4.tcp_slow_start_after_idle", Version(37)),
];

/// Whether a sysctl stays within the pod, by a version of the standards.
pub fn is_safe(name: &str, version: Version) -> bool {
    SAFE.iter().any(|(safe, since)| *safe == name && *since <= version)
}

fn judge(version: Version, pod: Pod<'_>) -> Vec<Breach> {
    let set = pod.context().into_iter().flat_map(|context| &context.sysctls);
    set.filter(|sysctl| !is_safe(&sysctl.name, version))
        .map(|sysctl| {
            let field = format!("spec.securityContext.sysctls[{}]", sysctl.name);
            (field, format!("The pod sets the sysctl {}.", sysctl.name))
        })
        .collect()
}
