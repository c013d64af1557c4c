//! Capabilities of Linux: which are harmless to add, and what the others give.

use shared::verdict::Severity::{self, High, Low, Medium};

use crate::model::pod::PodSpec;
use crate::pod_security::DEFAULT_CAPABILITIES;

/// What a capability reaches.
#[derive(Debug, PartialEq, Eq)]
enum Reach {
    /// The same in any pod.
    Anywhere,
    /// More where the pod shares the network of its node.
    Network,
    /// More where the pod sees the processes of its node.
    Processes,
}

/// A capability that can do harm.
#[derive(Debug, PartialEq, Eq)]
pub struct Capability {
    name: &'static str,
    severity: Severity,
    reach: Reach,
    /// What it lets a container do.
    pub gives: &'static str,
}

const fn anywhere(name: &'static str, severity: Severity, gives: &'static str) -> Capability {
    Capability {
        name,
        severity,
        reach: Reach::Anywhere,
        gives,
    }
}

/// In a pod of its own it is of medium severity; with what it reaches of the node, of high.
const fn within(name: &'static str, reach: Reach, gives: &'static str) -> Capability {
    Capability {
        name,
        severity: Medium,
        reach,
        gives,
    }
}

static HARMFUL: &[Capability] = &[
    anywhere("ALL", High, "do whatever root may do on the node"),
    anywhere("AUDIT_CONTROL", Medium, "switch the kernel's audit log off"),
    anywhere("AUDIT_READ", Medium, "read the kernel's audit log"),
    anywhere(
        "BPF",
        High,
        "load programs into the kernel, which see and change what other containers do",
    ),
    anywhere("CHECKPOINT_RESTORE", Medium, "copy the state of processes"),
    anywhere("DAC_READ_SEARCH", High, "open any file of the node by its number"),
    anywhere("IPC_LOCK", Low, "keep memory from being swapped out"),
    anywhere("IPC_OWNER", Medium, "use the shared memory of other users"),
    anywhere("LINUX_IMMUTABLE", Low, "make files that cannot be deleted"),
    anywhere("MAC_ADMIN", High, "change the rules of AppArmor or SELinux"),
    anywhere(
        "MAC_OVERRIDE",
        High,
        "pass over the rules of the kernel's security module",
    ),
    within(
        "NET_ADMIN",
        Reach::Network,
        "reroute, filter and watch the traffic of its network",
    ),
    within("NET_RAW", Reach::Network, "forge packets and listen to its network"),
    anywhere("PERFMON", Medium, "watch what other processes and the kernel do"),
    anywhere("SYSLOG", Medium, "read the kernel's log and the places of its code"),
    anywhere("SYS_ADMIN", High, "mount file systems and leave the container"),
    anywhere("SYS_BOOT", High, "restart the node or load another kernel"),
    anywhere("SYS_MODULE", High, "load code into the node's kernel"),
    within(
        "SYS_PTRACE",
        Reach::Processes,
        "read and change the memory of other processes",
    ),
    anywhere(
        "SYS_RAWIO",
        High,
        "read and write the memory and devices of the node past the kernel",
    ),
    anywhere("SYS_RESOURCE", Low, "pass over limits of the kernel"),
    anywhere(
        "SYS_TIME",
        Medium,
        "set the clock of the node, by which certificates and tokens expire",
    ),
];

/// One that is rarely named, or not known at all.
static OTHER: Capability = anywhere("", Low, "do more than containers are meant to");

/// A capability as the kernel names it, without the prefix. Runtimes take any case; CRI-O takes the prefix too, and
/// containerd ignores what has it.
pub fn name(written: &str) -> String {
    let upper = written.trim().to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper).to_owned()
}

/// What a capability gives that can do harm; none of those that any container may add.
pub fn harm(name: &str) -> Option<&'static Capability> {
    if DEFAULT_CAPABILITIES.contains(&name) {
        return None;
    }
    let known = HARMFUL.iter().find(|capability| capability.name == name);
    Some(known.unwrap_or(&OTHER))
}

impl Capability {
    /// How bad it is in a pod.
    pub fn severity_in(&self, spec: &PodSpec) -> Severity {
        match self.reach {
            Reach::Network if spec.host_network => High,
            Reach::Processes if spec.host_pid => High,
            Reach::Anywhere | Reach::Network | Reach::Processes => self.severity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_known_however_it_is_written() {
        for written in ["SYS_ADMIN", "CAP_SYS_ADMIN", "cap_sys_admin", "Sys_Admin"] {
            assert_eq!(name(written), "SYS_ADMIN", "{written}");
        }
        assert_eq!(name("CAP_"), "");
    }

    #[test]
    fn no_capability_is_both_harmless_and_harmful_and_what_is_unknown_is_low() {
        assert!(
            HARMFUL
                .iter()
                .all(|capability| !DEFAULT_CAPABILITIES.contains(&capability.name))
        );
        assert_eq!(harm("CHOWN"), None);
        assert_eq!(harm("WARP").map(|capability| capability.severity), Some(Low));
    }

    #[test]
    fn what_a_pod_shares_with_its_node_decides_how_far_a_capability_reaches() {
        let severity = |capability: &str, spec: &str| {
            harm(capability)
                .unwrap()
                .severity_in(&serde_saphyr::from_str(spec).unwrap())
        };
        assert_eq!(severity("NET_ADMIN", "{containers: []}"), Medium);
        assert_eq!(severity("NET_ADMIN", "{hostNetwork: true}"), High);
        assert_eq!(severity("SYS_PTRACE", "{hostNetwork: true}"), Medium);
        assert_eq!(severity("SYS_PTRACE", "{hostPID: true}"), High);
    }
}
