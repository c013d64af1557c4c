//! The controls, one file each: what `k8s.io/pod-security-admission/policy` refuses, from which version on.

mod app_armor;
mod capabilities;
mod host_namespaces;
mod host_path_volumes;
mod host_ports;
mod hosts_of_probes;
mod privilege_escalation;
mod privileged;
mod proc_mount;
mod restricted_volumes;
mod run_as_non_root;
mod run_as_user;
mod se_linux;
mod seccomp;
mod sysctls;
mod windows_host_process;

use super::{Breach, Level, Pod, Version};

pub use capabilities::DEFAULT as DEFAULT_CAPABILITIES;
pub use se_linux::is_confined as is_confined_type;
pub use sysctls::is_safe as is_safe_sysctl;
pub use windows_host_process::is_set as host_process;

/// A control of the Pod Security Standards.
#[derive(Debug)]
pub struct Control {
    /// The name that Pod Security admission gives it.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// The level it belongs to: baseline ones hold for restricted pods as well.
    pub level: Level,
    /// The first version that has it.
    pub since: Version,
    /// The baseline control in whose place it stands for restricted pods, so that nothing is said twice.
    pub overrides: Option<&'static str>,
    /// What the API server says first when it refuses a pod by it.
    pub reason: &'static str,
    /// What it refuses.
    pub(super) judge: fn(Version, Pod<'_>) -> Vec<Breach>,
}

/// A control is its name.
impl PartialEq for Control {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Control {}

/// Every control, in the order in which Pod Security admission names them.
pub static CONTROLS: &[&Control] = &[
    &app_armor::CONTROL,
    &capabilities::BASELINE,
    &host_namespaces::CONTROL,
    &host_path_volumes::CONTROL,
    &host_ports::CONTROL,
    &hosts_of_probes::CONTROL,
    &privileged::CONTROL,
    &proc_mount::BASELINE,
    &se_linux::CONTROL,
    &seccomp::BASELINE,
    &sysctls::CONTROL,
    &windows_host_process::CONTROL,
    &privilege_escalation::CONTROL,
    &capabilities::RESTRICTED,
    &proc_mount::RESTRICTED,
    &restricted_volumes::CONTROL,
    &run_as_non_root::CONTROL,
    &run_as_user::CONTROL,
    &seccomp::RESTRICTED,
];

/// The controls that a level has in a version.
pub(super) fn in_force(level: Level, version: Version) -> impl Iterator<Item = &'static Control> {
    let holds = move |control: &Control| control.level <= level && control.since <= version;
    let is_overridden = move |id: &str| {
        CONTROLS
            .iter()
            .any(|control| control.overrides == Some(id) && holds(control))
    };
    CONTROLS
        .iter()
        .copied()
        .filter(move |control| holds(control) && !is_overridden(control.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(level: Level, minor: u32) -> Vec<&'static str> {
        in_force(level, Version(minor)).map(|control| control.id).collect()
    }

    #[test]
    fn nothing_holds_for_the_privileged_level() {
        assert!(ids(Level::Privileged, 37).is_empty());
    }

    #[test]
    fn a_restricted_control_stands_in_place_of_the_baseline_one_from_its_version_on() {
        assert!(ids(Level::Restricted, 21).contains(&"capabilities_baseline"));
        let later = ids(Level::Restricted, 22);
        assert!(later.contains(&"capabilities_restricted") && !later.contains(&"capabilities_baseline"));
        assert!(ids(Level::Baseline, 22).contains(&"capabilities_baseline"));
    }

    #[test]
    fn the_levels_grow_with_their_versions() {
        let sizes = |level| [0, 8, 19, 22, 23, 34, 35].map(|minor| ids(level, minor).len());
        assert_eq!(sizes(Level::Baseline), [11, 11, 11, 11, 11, 12, 12]);
        assert_eq!(sizes(Level::Restricted), [12, 13, 13, 13, 14, 15, 15]);
    }
}
