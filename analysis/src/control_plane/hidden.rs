//! What decides a flag out of sight: files and environment variables.

use super::{Component, Instance};

/// The flag that names a file which decides another flag too.
fn file_of(component: Component, flag: &str) -> Option<&'static str> {
    match (component, flag) {
        (Component::ApiServer, "--anonymous-auth") => Some("--authentication-config"),
        (Component::ApiServer, "--authorization-mode") => Some("--authorization-config"),
        (Component::Scheduler, "--profiling") => Some("--config"),
        (Component::Etcd, _) => Some("--config-file"),
        _ => None,
    }
}

/// Why the value of a flag can't be told; none where it can.
pub(super) fn hidden(instance: &Instance<'_>, flag: &str) -> Option<String> {
    in_file(instance, flag)
        .or_else(|| in_variable(instance, flag))
        .or_else(|| in_reference(instance, flag))
}

/// An API server that is given both the flag and a file that decides it too does not start; elsewhere the file wins.
fn in_file(instance: &Instance<'_>, flag: &str) -> Option<String> {
    let file = file_of(instance.component, flag)?;
    let is_flag_heard = instance.component == Component::ApiServer && instance.flag(flag).is_some();
    let is_hidden = !is_flag_heard && (instance.is_given(file) || has_variable(instance, file));
    is_hidden.then(|| {
        format!(
            "{} is given {file}: the file decides {flag}, and is not read.",
            instance.pod
        )
    })
}

fn in_variable(instance: &Instance<'_>, flag: &str) -> Option<String> {
    let is_hidden = instance.flag(flag).is_none() && has_variable(instance, flag);
    is_hidden.then(|| {
        format!(
            "{} sets {flag} by an environment variable, the value of which is not read.",
            instance.pod
        )
    })
}

/// etcd takes each flag as a variable too: `--cert-file` as `ETCD_CERT_FILE`.
fn has_variable(instance: &Instance<'_>, flag: &str) -> bool {
    let name = flag.trim_start_matches('-').replace('-', "_").to_ascii_uppercase();
    instance.component == Component::Etcd && instance.has_variable(&format!("ETCD_{name}"))
}

/// The kubelet puts the values of variables into arguments: `--bind-address=$(POD_IP)`.
fn in_reference(instance: &Instance<'_>, flag: &str) -> Option<String> {
    let is_hidden = instance.list(flag).iter().any(|value| value.contains("$("));
    is_hidden.then(|| {
        format!(
            "{} takes {flag} from an environment variable, the value of which is not read.",
            instance.pod
        )
    })
}
