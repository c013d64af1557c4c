//! Containers that reach their node.

pub mod app_armor_profile_disabled;
pub mod capabilities_not_dropped;
pub mod capability_added;
pub mod container_in_root_group;
pub mod container_may_run_as_root;
pub mod container_privileged;
pub mod host_namespace_shared;
pub mod host_path_read;
pub mod host_path_writable;
pub mod host_port_used;
pub mod net_raw_kept;
pub mod privilege_escalation_allowed;
pub mod probe_host_set;
pub mod proc_mount_unmasked;
pub mod process_namespace_shared;
pub mod restricted_level_missed;
pub mod root_filesystem_writable;
pub mod se_linux_options_custom;
pub mod seccomp_profile_missing;
pub mod sensitive_host_path;
pub mod sysctl_unsafe;
pub mod volume_type_restricted;
pub mod windows_host_process;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::patch::Patch;
    use shared::verdict::Area;

    use crate::check::Check;
    use crate::checks::CHECKS;
    use crate::fixture::{findings, findings_in, snapshot};
    use crate::simulate::apply;

    /// A container that does all that a container can do wrong.
    const BAD: &str = "{name: bad, livenessProbe: {httpGet: {host: h, port: 80}}, ports: [{containerPort: 80, hostPort: 80}], volumeMounts: [{name: etc, mountPath: /etc}, {name: own, mountPath: /own}], \
        securityContext: {privileged: true, allowPrivilegeEscalation: true, runAsUser: 0, runAsGroup: 0, procMount: Unmasked, \
        capabilities: {add: [SYS_ADMIN, CHOWN]}, seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}, seLinuxOptions: {type: spc_t}}}";

    /// A container that does nothing wrong.
    const GOOD: &str = "{name: good, securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsGroup: 7, \
        capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}, appArmorProfile: {type: RuntimeDefault}, seLinuxOptions: {level: s0}}}";

    const POD: &str = "hostPID: true, shareProcessNamespace: true, volumes: [{name: etc, hostPath: {path: /etc}}, {name: own, hostPath: {path: /opt/own}}]";

    /// A Job with this pod specification and this condition.
    fn job(spec: &str, condition: &str) -> String {
        format!(
            "
apiVersion: batch/v1
kind: Job
metadata: {{name: web, namespace: shop}}
spec: {{template: {{spec: {{{spec}}}}}}}
status: {{conditions: [{{type: {condition}, status: 'True'}}]}}
"
        )
    }

    fn checks() -> impl Iterator<Item = &'static Check> {
        CHECKS.iter().copied().filter(|check| check.area == Area::Privileged)
    }

    /// The checks of the area that find something.
    fn failing(manifests: &str) -> BTreeSet<&'static str> {
        let failing = checks().filter(|check| !findings(check, manifests).is_empty());
        failing.map(|check| check.id).collect()
    }

    /// All checks of the area but these.
    fn all_but(others: &[&str]) -> BTreeSet<&'static str> {
        checks()
            .map(|check| check.id)
            .filter(|id| !others.contains(id))
            .collect()
    }

    /// What only pods say, and what only Windows has.
    const NOT_OF_CONTAINERS: &[&str] = &[
        "host-namespace-shared",
        "host-path-read",
        "process-namespace-shared",
        "sysctl-unsafe",
        "volume-type-restricted",
        "windows-host-process",
    ];

    #[test]
    fn each_check_of_containers_looks_at_init_containers_and_sidecars_as_well() {
        let sidecar = BAD.replacen('{', "{restartPolicy: Always, ", 1);
        for lists in [
            format!("containers: [{BAD}]"),
            format!("initContainers: [{BAD}], containers: [{GOOD}]"),
            format!("initContainers: [{sidecar}], containers: [{GOOD}]"),
        ] {
            let volumes = POD.split_once("volumes").unwrap().1;
            let spec = format!("volumes{volumes}, {lists}");
            assert_eq!(failing(&job(&spec, "Suspended")), all_but(NOT_OF_CONTAINERS), "{lists}");
        }
    }

    #[test]
    fn a_good_container_passes_every_check() {
        assert_eq!(
            failing(&job(&format!("containers: [{GOOD}]"), "Suspended")),
            BTreeSet::new()
        );
    }

    #[test]
    fn a_container_makes_up_for_a_bad_default_of_its_pod() {
        let context = "securityContext: {runAsUser: 7, runAsGroup: 0, seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}, seLinuxOptions: {type: spc_t}}";
        assert_eq!(
            failing(&job(&format!("{context}, containers: [{GOOD}]"), "Suspended")),
            BTreeSet::new()
        );
        let bare = failing(&job(&format!("{context}, containers: [{{name: c}}]"), "Suspended"));
        for check in [
            "container-in-root-group",
            "seccomp-profile-missing",
            "app-armor-profile-disabled",
            "se-linux-options-custom",
        ] {
            assert!(bare.contains(check), "{check}");
        }
    }

    /// How many findings there are once a Job in this condition is made.
    fn found_of_job(condition: &str) -> usize {
        let manifest = serde_saphyr::from_str(&job(&format!("{POD}, containers: [{BAD}]"), condition)).unwrap();
        let after = apply(&snapshot(""), &Patch::Create { manifest }).unwrap();
        checks().map(|check| findings_in(check, &after).len()).sum()
    }

    #[test]
    fn a_job_that_has_ended_is_no_concern_any_more() {
        assert!(found_of_job("Suspended") > 10);
        assert_eq!(found_of_job("Complete"), 0);
        assert_eq!(found_of_job("Failed"), 0);
    }

    #[test]
    fn windows_is_judged_by_what_it_has() {
        let spec = format!("os: {{name: windows}}, {POD}, containers: [{BAD}]");
        let known = [
            "container-privileged",
            "host-namespace-shared",
            "host-path-writable",
            "host-port-used",
            "probe-host-set",
            "sensitive-host-path",
        ];
        assert_eq!(failing(&job(&spec, "Suspended")), BTreeSet::from(known));
    }

    #[test]
    fn absurd_input_is_no_panic() {
        let context = "securityContext: {runAsUser: -9223372036854775808, capabilities: {add: ['', CAP_, '☃'], drop: ['']}, seccompProfile: {type: ''}, procMount: '', seLinuxOptions: {type: '☃'}}";
        let container = format!(
            "{{name: '', image: '☃', ports: [{{hostPort: -1}}], volumeMounts: [{{name: x}}, {{name: v}}], {context}}}"
        );
        let spec = format!("volumes: [{{name: v, hostPath: {{path: ''}}}}, {{}}], containers: [{container}, {{}}]");
        assert!(failing(&job(&spec, "Suspended")).contains("capability-added"));
    }
}
