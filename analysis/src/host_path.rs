//! Paths of a node that give a container power over it.

use shared::verdict::Severity::{self, Critical, High, Low, Medium};

/// A path of the node, and what whoever mounts it can do.
#[derive(Debug, PartialEq, Eq)]
pub struct HostPath {
    /// The path, normalised.
    pub path: &'static str,
    /// Whether what is below it is the same.
    below: bool,
    /// How bad it is to read it; none where that harms nobody.
    pub read: Option<Severity>,
    /// How bad it is to write it.
    pub write: Option<Severity>,
    /// What it gives.
    pub gives: &'static str,
}

const fn exactly(path: &'static str, read: Option<Severity>, write: Option<Severity>, gives: &'static str) -> HostPath {
    HostPath {
        path,
        below: false,
        read,
        write,
        gives,
    }
}

const fn below(path: &'static str, read: Option<Severity>, write: Option<Severity>, gives: &'static str) -> HostPath {
    HostPath {
        path,
        below: true,
        read,
        write,
        gives,
    }
}

/// A socket takes commands through a read-only mount too.
const fn socket(path: &'static str) -> HostPath {
    exactly(path, Some(Critical), Some(Critical), RUNTIME)
}

const RUNTIME: &str = "the container runtime's socket, and with it every container of the node";
const PROGRAMS: &str = "programs that run as root on the node";
const CERTIFICATES: &str = "the authorities that the node trusts";
const CONTAINERS: &str = "the files of every container of the node";
const TOKENS: &str = "the tokens and Secrets of every pod of the node";
const NOTHING: &str = "nothing of use to an attacker";

/// Of the entries that match, the longest counts. `/run` also stands for `/var/run`, which leads there.
static PATHS: &[HostPath] = &[
    exactly("/", Some(High), Some(Critical), "the node's whole file system"),
    below("/bin", None, Some(Critical), PROGRAMS),
    below("/boot", None, Some(Critical), "the node's kernel"),
    exactly("/dev", Some(High), Some(High), "the node's devices"),
    exactly(
        "/etc",
        Some(High),
        Some(Critical),
        "the node's accounts and configuration",
    ),
    below("/etc", None, Some(High), "the node's configuration"),
    below("/etc/ca-certificates", None, Some(Medium), CERTIFICATES),
    below("/etc/cron.d", None, Some(Critical), PROGRAMS),
    below(
        "/etc/kubernetes",
        Some(High),
        Some(Critical),
        "the credentials of cluster components",
    ),
    exactly("/etc/localtime", None, None, NOTHING),
    below("/etc/pki", None, Some(Medium), CERTIFICATES),
    below(
        "/etc/rancher",
        Some(High),
        Some(Critical),
        "the credentials of cluster components",
    ),
    exactly("/etc/shadow", Some(High), Some(Critical), "the node's passwords"),
    below("/etc/ssl", None, Some(Medium), CERTIFICATES),
    below("/etc/systemd", None, Some(Critical), PROGRAMS),
    exactly("/etc/timezone", None, None, NOTHING),
    below("/home", Some(Medium), Some(High), "the SSH keys of the node's users"),
    // Where nodes of GKE keep what they run, as the rest of their file system is read-only.
    exactly(
        "/home/kubernetes",
        Some(Medium),
        Some(Critical),
        "the node's settings, and programs that run as root on the node",
    ),
    below("/home/kubernetes", None, Some(Critical), PROGRAMS),
    below("/lib", None, Some(Critical), PROGRAMS),
    below("/lib/modules", None, Some(High), "the node's kernel modules"),
    below("/lib64", None, Some(Critical), PROGRAMS),
    exactly("/opt", None, Some(Critical), PROGRAMS),
    exactly("/opt/cni", None, Some(Critical), PROGRAMS),
    below("/opt/cni/bin", None, Some(Critical), PROGRAMS),
    exactly(
        "/pipe/containerd-containerd",
        Some(Critical),
        Some(Critical),
        CONTAINERS,
    ),
    exactly("/pipe/docker_engine", Some(Critical), Some(Critical), CONTAINERS),
    exactly(
        "/proc",
        Some(Low),
        Some(Critical),
        "the node's processes and kernel settings",
    ),
    below("/proc/sys", None, Some(Critical), "the node's kernel settings"),
    below(
        "/root",
        Some(High),
        Some(Critical),
        "the SSH keys and credentials of root",
    ),
    socket("/run"),
    socket("/run/containerd"),
    socket("/run/containerd/containerd.sock"),
    socket("/run/containerd/containerd.sock.ttrpc"),
    socket("/run/cri-dockerd.sock"),
    socket("/run/crio"),
    socket("/run/crio/crio.sock"),
    socket("/run/docker.sock"),
    socket("/run/k0s"),
    socket("/run/k0s/containerd.sock"),
    socket("/run/k0s/containerd.sock.ttrpc"),
    socket("/run/k3s"),
    socket("/run/k3s/containerd"),
    socket("/run/k3s/containerd/containerd.sock"),
    socket("/run/k3s/containerd/containerd.sock.ttrpc"),
    // A plugin of the runtime decides on each container that is made.
    socket("/run/nri"),
    socket("/run/nri/nri.sock"),
    socket("/run/podman"),
    socket("/run/podman/podman.sock"),
    below("/sbin", None, Some(Critical), PROGRAMS),
    exactly("/sys", None, Some(High), "the node's kernel interfaces"),
    below("/sys/kernel", None, Some(High), "the node's kernel interfaces"),
    below("/usr", None, Some(Critical), PROGRAMS),
    below("/usr/lib/modules", None, Some(High), "the node's kernel modules"),
    below("/usr/local/share/ca-certificates", None, Some(Medium), CERTIFICATES),
    below("/usr/share/ca-certificates", None, Some(Medium), CERTIFICATES),
    below("/usr/share/zoneinfo", None, None, NOTHING),
    exactly("/var", Some(High), Some(Critical), TOKENS),
    exactly("/var/lib", Some(High), Some(Critical), TOKENS),
    below("/var/lib/containerd", Some(High), Some(Critical), CONTAINERS),
    below("/var/lib/containers", Some(High), Some(Critical), CONTAINERS),
    below("/var/lib/docker", Some(High), Some(Critical), CONTAINERS),
    below(
        "/var/lib/etcd",
        Some(Critical),
        Some(Critical),
        "everything that the cluster keeps, Secrets included",
    ),
    below(
        "/var/lib/k0s",
        Some(High),
        Some(Critical),
        "the credentials of cluster components",
    ),
    exactly("/var/lib/kubelet", Some(High), Some(Critical), TOKENS),
    below(
        "/var/lib/kubelet/pki",
        Some(High),
        Some(Critical),
        "the node's own credentials",
    ),
    below("/var/lib/kubelet/pods", Some(High), Some(Critical), TOKENS),
    below(
        "/var/lib/rancher",
        Some(High),
        Some(Critical),
        "the credentials of cluster components",
    ),
    exactly(
        "/var/lib/rancher/k3s/storage",
        Some(Medium),
        Some(High),
        "the volumes of the node's pods",
    ),
    // Each local volume of k3s is a directory here.
    below("/var/lib/rancher/k3s/storage", None, None, NOTHING),
    // A link that is put among the logs lets the kubelet read any file of the node to whoever may read logs.
    exactly(
        "/var/log",
        None,
        Some(Medium),
        "the node's logs, and by links from there any of its files",
    ),
    exactly(
        "/var/log/containers",
        None,
        Some(Medium),
        "the node's logs, and by links from there any of its files",
    ),
    exactly(
        "/var/log/pods",
        None,
        Some(Medium),
        "the node's logs, and by links from there any of its files",
    ),
    exactly("/var/snap", Some(High), Some(Critical), "the credentials of MicroK8s"),
    below(
        "/var/snap/microk8s",
        Some(High),
        Some(Critical),
        "the credentials of cluster components",
    ),
    exactly(
        "/var/snap/microk8s/common/default-storage",
        Some(Medium),
        Some(High),
        "the volumes of the node's pods",
    ),
    // Each local volume of MicroK8s is a directory here.
    below("/var/snap/microk8s/common/default-storage", None, None, NOTHING),
    exactly("/var/snap/microk8s/common/run", Some(Critical), Some(Critical), RUNTIME),
    exactly(
        "/var/snap/microk8s/common/run/containerd.sock",
        Some(Critical),
        Some(Critical),
        RUNTIME,
    ),
    exactly("/var/spool", None, Some(Critical), PROGRAMS),
    below("/var/spool/cron", None, Some(Critical), PROGRAMS),
];

/// The path without what does not change where it leads: repeated and trailing slashes, `.` and `..`, and
/// `/proc/1/root`, by which a process of the node leads to its root; a Windows pipe as `/pipe/NAME`, and a Windows drive as the root.
pub fn normalise(path: &str) -> String {
    let path = if path.contains('\\') {
        path.replace('\\', "/").to_ascii_lowercase()
    } else {
        path.to_owned()
    };
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
        if let ["proc", process, "root"] = parts.as_slice()
            && is_process(process)
        {
            parts.clear();
        }
    }
    if parts.starts_with(&["var", "run"]) {
        parts.remove(0);
    }
    if matches!(parts.as_slice(), [drive] if is_drive(drive)) {
        parts.clear();
    }
    format!("/{}", parts.join("/"))
}

/// Whether it is how `/proc` names a process.
fn is_process(part: &str) -> bool {
    matches!(part, "self" | "thread-self") || part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// What a normalised path gives; none where that is nothing special.
pub fn power(path: &str) -> Option<&'static HostPath> {
    let matches = |entry: &&HostPath| {
        let rest = path.strip_prefix(entry.path);
        rest.is_some_and(|rest| rest.is_empty() || (entry.below && rest.starts_with('/')))
    };
    PATHS
        .iter()
        .filter(matches)
        .max_by_key(|entry| (entry.path.len(), !entry.below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &str) -> Option<Severity> {
        power(&normalise(path)).and_then(|entry| entry.write)
    }

    fn read(path: &str) -> Option<Severity> {
        power(&normalise(path)).and_then(|entry| entry.read)
    }

    #[test]
    fn the_way_a_path_is_written_changes_nothing() {
        for path in ["/etc", "/etc/", "//etc", "/./etc", "/opt/../etc", "/../etc"] {
            assert_eq!(normalise(path), "/etc", "{path}");
        }
        assert_eq!(normalise("/"), "/");
        assert_eq!(normalise(""), "/");
        assert_eq!(normalise("/var/run/docker.sock"), "/run/docker.sock");
        assert_eq!(normalise(r"\\.\pipe\Docker_Engine"), "/pipe/docker_engine");
    }

    #[test]
    fn the_root_of_a_process_of_the_node_is_the_root() {
        for path in ["/proc/1/root", "/proc/self/root/", "/proc/1/root/../proc/12/root"] {
            assert_eq!(normalise(path), "/", "{path}");
        }
        assert_eq!(normalise("/proc/1/root/var/run/docker.sock"), "/run/docker.sock");
        assert_eq!(normalise("/proc/sys/root"), "/proc/sys/root");
        assert_eq!(normalise("/proc/1/rootfs"), "/proc/1/rootfs");
    }

    #[test]
    fn other_distributions_keep_their_credentials_and_sockets_elsewhere() {
        for path in [
            "/etc/rancher/k3s/k3s.yaml",
            "/var/lib/k0s/pki/admin.conf",
            "/var/snap/microk8s/current/credentials",
        ] {
            assert_eq!((read(path), write(path)), (Some(High), Some(Critical)), "{path}");
        }
        for path in [
            "/run/k0s/containerd.sock",
            "/var/run/containerd/containerd.sock.ttrpc",
            "/run/nri/nri.sock",
            "/var/snap/microk8s/common/run/containerd.sock",
        ] {
            assert_eq!(read(path), Some(Critical), "{path}");
        }
        let volume = "/var/snap/microk8s/common/default-storage/shop-data-pvc-1";
        assert_eq!((read(volume), write(volume)), (None, None));
    }

    #[test]
    fn programs_below_home_are_no_keys() {
        let gives = power("/home/kubernetes/bin").unwrap().gives;
        assert_eq!(
            (gives, read("/home/kubernetes/bin"), read("/home/jane")),
            (PROGRAMS, None, Some(Medium))
        );
    }

    #[test]
    fn a_bare_drive_is_the_root() {
        for path in [r"C:\", "C:/", "c:"] {
            assert_eq!(normalise(path), "/", "{path}");
        }
        assert_eq!(normalise(r"C:\Data"), "/c:/data");
    }

    #[test]
    fn whoever_may_write_above_a_path_may_write_it() {
        let harmful = PATHS.iter().filter(|entry| entry.write.is_some());
        let parents = harmful.filter_map(|entry| entry.path.rsplit_once('/').map(|(parent, _)| parent));
        for parent in parents.filter(|parent| *parent != "/pipe") {
            assert!(write(parent).is_some(), "{parent}");
        }
    }

    #[test]
    fn a_local_volume_of_k3s_is_no_credential_of_it() {
        let volume = "/var/lib/rancher/k3s/storage/pvc-1_shop_data";
        assert_eq!((read(volume), write(volume)), (None, None));
        assert_eq!(write("/var/lib/rancher/k3s/storage"), Some(High));
        assert_eq!(write("/var/lib/rancher/k3s/server"), Some(Critical));
    }

    #[test]
    fn a_name_that_only_begins_alike_is_another_path() {
        assert_eq!(write("/etcd-backup"), None);
        assert_eq!(write("/rootfs"), None);
        assert_eq!(write("/data"), None);
    }

    #[test]
    fn the_longest_entry_counts() {
        assert_eq!(write("/etc/kubernetes/manifests"), Some(Critical));
        assert_eq!(write("/etc/nginx"), Some(High));
        assert_eq!(write("/etc/localtime"), None);
        assert_eq!(write("/lib/modules"), Some(High));
        assert_eq!(write("/var/lib/kubelet/plugins/csi.example"), None);
    }

    #[test]
    fn reading_harms_less_except_where_it_does_not() {
        assert_eq!((read("/"), write("/")), (Some(High), Some(Critical)));
        assert_eq!(
            (read("/sys"), read("/lib/modules"), read("/etc/ssl/certs")),
            (None, None, None)
        );
        assert_eq!(read("/var/run/docker.sock"), Some(Critical));
    }
}
