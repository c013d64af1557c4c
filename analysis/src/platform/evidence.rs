//! What a workload shows of its purpose, and what the evidence of a finding shows of its needs.

use serde_json::Value;
use shared::findings::Witness;

use super::known::{Needs, Shows};
use crate::capability;
use crate::cluster::{ContainerAt, ContainerList, Workload};
use crate::confinement::own;
use crate::finding::Finding;
use crate::host_mount::mounts;
use crate::host_path::normalise;

/// Whether a workload has what its purpose asks for.
pub(super) fn is_shown(shows: &Shows, workload: &Workload<'_>) -> bool {
    let spec = workload.spec;
    let is_shared = |namespace: &String| match namespace.as_str() {
        "hostNetwork" => spec.host_network,
        "hostPID" => spec.host_pid,
        _ => false,
    };
    let is_mounted = || mounts(workload).keys().any(|path| is_below(path, &shows.mounts));
    let is_capable = |capability: &String| workload.containers().any(|at| adds(at, capability));
    shows.namespaces.iter().all(is_shared)
        && shows.capabilities.iter().all(is_capable)
        && (shows.mounts.is_empty() || is_mounted())
}

/// Whether a container is given a capability.
fn adds(at: ContainerAt<'_>, wanted: &str) -> bool {
    let capabilities = own(at).and_then(|context| context.capabilities.as_ref());
    capabilities.is_some_and(|capabilities| capabilities.add.iter().any(|added| capability::name(added) == wanted))
}

/// Whether all that a finding rests on is among the needs.
pub(super) fn is_needed(needs: &Needs, finding: &Finding) -> bool {
    let is_read = finding
        .witness
        .iter()
        .any(|witness| witness.path.ends_with(".readOnly") && witness.value == true);
    !finding.witness.is_empty() && finding.witness.iter().all(|witness| covers(needs, witness, is_read))
}

/// Fields by which a privileged container is not confined anyway.
const CONFINING: &[&str] = &[
    "appArmorProfile.type",
    "procMount",
    "seLinuxOptions.level",
    "seLinuxOptions.type",
    "seLinuxOptions.user",
    "seccompProfile.type",
];

/// Fields that say whether it is root, and may be.
const OF_ROOT: &[&str] = &[
    "allowPrivilegeEscalation",
    "capabilities.drop",
    "fsGroup",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
];

fn covers(needs: &Needs, witness: &Witness, is_read: bool) -> bool {
    let (path, value) = (witness.path.as_str(), &witness.value);
    // A debugger is put in by a person, whatever it is put into.
    if path.contains(ContainerList::Ephemeral.field()) {
        return false;
    }
    let context = path.split_once("securityContext.").map(|(_, field)| field);
    match context.or(path.rsplit('.').next()).unwrap_or_default() {
        "privileged" => needs.privileged,
        "capabilities.add" => words(value).all(|written| is_given(needs, written)),
        field if OF_ROOT.contains(&field) => needs.privileged || needs.root,
        field if CONFINING.contains(&field) => needs.privileged,
        field @ ("hostNetwork" | "hostPID" | "hostIPC") => needs.namespaces.iter().any(|name| name == field),
        // Who is on the network of the node reaches by itself what the node reaches for its probes.
        "host" => needs.namespaces.iter().any(|name| name == "hostNetwork"),
        "hostPort" => needs.any_port || value.as_i64().is_some_and(|port| needs.ports.contains(&port)),
        field if field.starts_with("sysctls[") => {
            let is_of = |name: &String| field == format!("sysctls[{name}].value");
            needs.sysctls.iter().any(is_of)
        }
        // The path that stands beside it decides.
        "readOnly" => true,
        "path" => {
            let path = normalise(value.as_str().unwrap_or_default());
            is_below(&path, &needs.writes) || (is_read && is_below(&path, &needs.reads))
        }
        _ => false,
    }
}

fn is_given(needs: &Needs, written: &str) -> bool {
    let name = capability::name(written);
    capability::harm(&name).is_none() || needs.capabilities.contains(&name)
}

fn words(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a path is one of these or lies below; the root stands for itself alone.
fn is_below(path: &str, above: &[String]) -> bool {
    above.iter().any(|above| {
        let rest = path.strip_prefix(above.as_str());
        rest.is_some_and(|rest| rest.is_empty() || (above != "/" && rest.starts_with('/')))
    })
}
