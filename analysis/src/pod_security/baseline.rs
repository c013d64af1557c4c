//! The baseline level, as `k8s.io/pod-security-admission/policy` checks it in its newest version.

use crate::cluster::containers;
use crate::model::container::{Container, LifecycleHandler, Probe};
use crate::model::meta::ObjectMeta;
use crate::model::pod::PodSpec;
use crate::model::security_context::{SELinuxOptions, SecurityContext};

/// A control: its name, and whether a pod breaks it.
type Control = (&'static str, fn(&ObjectMeta, &PodSpec) -> bool);

const CONTROLS: &[Control] = &[
    ("HostProcess", |_, spec| host_process(spec)),
    ("host namespaces", |_, spec| {
        spec.host_network || spec.host_pid || spec.host_ipc
    }),
    ("privileged containers", |_, spec| {
        any_context(spec, |context| context.privileged == Some(true))
    }),
    ("capabilities", |_, spec| any_context(spec, adds_capability)),
    ("hostPath volumes", |_, spec| {
        spec.volumes
            .iter()
            .any(|v| v.volume_source.as_ref().is_some_and(|s| s.host_path.is_some()))
    }),
    ("host ports", |_, spec| {
        any_container(spec, |c| c.ports.iter().any(|port| port.host_port != 0))
    }),
    ("hosts of probes and hooks", |_, spec| any_container(spec, names_a_host)),
    ("AppArmor", app_armor),
    ("SELinux", |_, spec| se_linux(spec)),
    ("/proc mount type", |_, spec| proc_mount(spec)),
    ("seccomp", |_, spec| seccomp(spec)),
    ("sysctls", |_, spec| sysctls(spec)),
];

/// The first control that the pod breaks.
pub fn broken(meta: &ObjectMeta, spec: &PodSpec) -> Option<&'static str> {
    CONTROLS
        .iter()
        .find(|(_, breaks)| breaks(meta, spec))
        .map(|(name, _)| *name)
}

/// Whether it runs as a process of a Windows node.
pub fn host_process(spec: &PodSpec) -> bool {
    let pod = spec
        .security_context
        .as_ref()
        .and_then(|context| context.windows_options.as_ref());
    let is_set = |context: &SecurityContext| {
        context
            .windows_options
            .as_ref()
            .is_some_and(|w| w.host_process == Some(true))
    };
    pod.is_some_and(|windows| windows.host_process == Some(true)) || any_context(spec, is_set)
}

fn any_container(spec: &PodSpec, breaks: impl Fn(&Container) -> bool) -> bool {
    containers(spec).any(|at| breaks(at.container))
}

fn any_context(spec: &PodSpec, breaks: impl Fn(&SecurityContext) -> bool) -> bool {
    any_container(spec, |container| {
        container.security_context.as_deref().is_some_and(&breaks)
    })
}

const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn adds_capability(context: &SecurityContext) -> bool {
    let added = context.capabilities.iter().flat_map(|capabilities| &capabilities.add);
    added
        .into_iter()
        .any(|capability| !CAPABILITIES.contains(&capability.as_str()))
}

fn names_a_host(container: &Container) -> bool {
    let probes = [
        &container.liveness_probe,
        &container.readiness_probe,
        &container.startup_probe,
    ];
    let hooks = container
        .lifecycle
        .iter()
        .flat_map(|lifecycle| [&lifecycle.post_start, &lifecycle.pre_stop]);
    probes.into_iter().flatten().any(|probe| probe_host(probe)) || hooks.flatten().any(hook_host)
}

fn probe_host(probe: &Probe) -> bool {
    let handler = probe.handler.as_ref();
    let http = handler
        .and_then(|handler| handler.http_get.as_ref())
        .is_some_and(|http| !http.host.is_empty());
    http || handler
        .and_then(|handler| handler.tcp_socket.as_ref())
        .is_some_and(|tcp| !tcp.host.is_empty())
}

fn hook_host(handler: &LifecycleHandler) -> bool {
    handler.http_get.as_ref().is_some_and(|http| !http.host.is_empty())
        || handler.tcp_socket.as_ref().is_some_and(|tcp| !tcp.host.is_empty())
}

fn app_armor(meta: &ObjectMeta, spec: &PodSpec) -> bool {
    let is_bad = |kind: &str| !matches!(kind, "RuntimeDefault" | "Localhost");
    let pod = spec
        .security_context
        .as_ref()
        .and_then(|context| context.app_armor_profile.as_ref());
    let annotated = meta.annotations.iter().any(|annotation| {
        let value = annotation.value.as_str();
        annotation
            .key
            .starts_with("container.apparmor.security.beta.kubernetes.io/")
            && !(value.is_empty() || value == "runtime/default" || value.starts_with("localhost/"))
    });
    annotated
        || pod.is_some_and(|profile| is_bad(&profile.r#type))
        || any_context(spec, |context| {
            context
                .app_armor_profile
                .as_ref()
                .is_some_and(|profile| is_bad(&profile.r#type))
        })
}

fn se_linux(spec: &PodSpec) -> bool {
    const TYPES: &[&str] = &[
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
    ];
    let is_bad = |options: &SELinuxOptions| {
        !TYPES.contains(&options.r#type.as_str()) || !options.user.is_empty() || !options.role.is_empty()
    };
    let pod = spec
        .security_context
        .as_ref()
        .and_then(|context| context.se_linux_options.as_ref());
    pod.is_some_and(is_bad) || any_context(spec, |context| context.se_linux_options.as_ref().is_some_and(is_bad))
}

fn seccomp(spec: &PodSpec) -> bool {
    let is_bad = |kind: &str| !matches!(kind, "RuntimeDefault" | "Localhost");
    let pod = spec
        .security_context
        .as_ref()
        .and_then(|context| context.seccomp_profile.as_ref());
    pod.is_some_and(|profile| is_bad(&profile.r#type))
        || any_context(spec, |context| {
            context
                .seccomp_profile
                .as_ref()
                .is_some_and(|profile| is_bad(&profile.r#type))
        })
}

/// In a user namespace of its own a pod may see all of /proc.
fn proc_mount(spec: &PodSpec) -> bool {
    let is_bad = |context: &SecurityContext| context.proc_mount.as_deref().is_some_and(|mount| mount != "Default");
    spec.host_users != Some(false) && any_context(spec, is_bad)
}

fn sysctls(spec: &PodSpec) -> bool {
    const SAFE: &[&str] = &[
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_notsent_lowat",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_slow_start_after_idle",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    ];
    let pod = spec.security_context.iter().flat_map(|context| &context.sysctls);
    pod.into_iter().any(|sysctl| !SAFE.contains(&sysctl.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken_by(spec: &str) -> Option<&'static str> {
        let spec: PodSpec = serde_saphyr::from_str(spec).unwrap();
        broken(&ObjectMeta::default(), &spec)
    }

    #[test]
    fn an_ordinary_pod_breaks_nothing() {
        let spec = "{containers: [{name: c, ports: [{containerPort: 80}], securityContext: {capabilities: {add: [NET_BIND_SERVICE]},
            seccompProfile: {type: RuntimeDefault}, runAsUser: 0, procMount: Default}}], volumes: [{name: v, emptyDir: {}}],
            securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}], seLinuxOptions: {type: container_t}}}";
        assert_eq!(broken_by(spec), None);
    }

    #[test]
    fn a_user_namespace_relaxes_the_proc_mount_type() {
        assert_eq!(
            broken_by("{hostUsers: false, containers: [{name: c, securityContext: {procMount: Unmasked}}]}"),
            None
        );
    }

    #[test]
    fn every_control_can_be_broken() {
        let broken = [
            (
                "HostProcess",
                "{securityContext: {windowsOptions: {hostProcess: true}}}",
            ),
            ("host namespaces", "{hostIPC: true}"),
            (
                "privileged containers",
                "{initContainers: [{name: c, securityContext: {privileged: true}}]}",
            ),
            (
                "capabilities",
                "{containers: [{name: c, securityContext: {capabilities: {add: [NET_RAW]}}}]}",
            ),
            ("hostPath volumes", "{volumes: [{name: v, hostPath: {path: /x}}]}"),
            (
                "host ports",
                "{containers: [{name: c, ports: [{containerPort: 80, hostPort: 80}]}]}",
            ),
            (
                "hosts of probes and hooks",
                "{containers: [{name: c, lifecycle: {preStop: {httpGet: {host: h, port: 1}}}}]}",
            ),
            ("AppArmor", "{securityContext: {appArmorProfile: {type: Unconfined}}}"),
            (
                "SELinux",
                "{containers: [{name: c, securityContext: {seLinuxOptions: {user: u}}}]}",
            ),
            (
                "/proc mount type",
                "{containers: [{name: c, securityContext: {procMount: Unmasked}}]}",
            ),
            (
                "seccomp",
                "{ephemeralContainers: [{name: c, securityContext: {seccompProfile: {type: Unconfined}}}]}",
            ),
            (
                "sysctls",
                "{securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}}",
            ),
        ];
        for (control, spec) in broken {
            assert_eq!(broken_by(spec), Some(control), "{spec}");
        }
        assert_eq!(broken.len(), CONTROLS.len());
    }
}
