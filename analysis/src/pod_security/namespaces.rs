//! What each namespace could enforce today, and what would break at the next level.

use shared::pod_security::{
    AskedLevel, LevelVerdict, NamespaceLevels, NextLevel, PodSecurity, RefusedWorkload, WorkloadLevels,
};
use shared::snapshots::Collected;

use super::admission::{self, Asked, Exemptions};
use super::version::NEWEST;
use super::{Level, Version, Violation, of_workload};
use crate::check::WORKLOADS;
use crate::cluster::{Cluster, Workload};
use crate::model::meta::ObjectMeta;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Snapshot};

/// The version of an API server by itself, or the newest that is known where its own is not.
pub fn version_of(snapshot: &Snapshot) -> Version {
    Version::of_server(&snapshot.version).unwrap_or(NEWEST)
}

/// The version to judge a cluster by: the one that its owner set, or its own.
pub fn version_in(cluster: &Cluster<'_>) -> Version {
    cluster
        .settings
        .pod_security_version
        .unwrap_or_else(|| version_of(cluster.snapshot))
}

/// What the namespaces ask for and could ask for; `only` one of them, or all. Levels are judged in `version`, what is enforced in the
/// version that its label pins.
pub fn levels(cluster: &Cluster<'_>, version: Version, exemptions: &Exemptions, only: Option<&str>) -> PodSecurity {
    let namespaces = cluster.snapshot.all::<Namespace>();
    let wanted = namespaces
        .filter(|namespace| !namespace.is_terminating())
        .filter_map(|namespace| namespace.metadata.as_ref())
        .filter(|meta| only.is_none_or(|only| meta.name == only));
    let of_one = |meta: &ObjectMeta| of_namespace(cluster, version, exemptions, meta);
    PodSecurity {
        version: version.min(NEWEST).to_string(),
        doubts: doubts(cluster.snapshot, version),
        namespaces: wanted.map(of_one).collect(),
    }
}

fn doubts(snapshot: &Snapshot, version: Version) -> Vec<String> {
    let kinds = WORKLOADS.iter().map(|need| need.kind()).chain([Kind::Namespace]);
    let unread = kinds.filter_map(|kind| {
        let resource = kind.info().resource();
        match snapshot.outcome(kind) {
            Collected::Collected { .. } => None,
            outcome => Some(format!("{resource} could not be read ({}).", outcome.word())),
        }
    });
    let beyond = version
        .is_beyond_known()
        .then(|| format!("What {version} adds to the standards is not known here; {NEWEST} is judged by."));
    let unseen = snapshot
        .version
        .is_empty()
        .then(|| format!("The cluster's version is not known; {version} is judged by."));
    unread.chain(beyond).chain(unseen).collect()
}

fn of_namespace(
    cluster: &Cluster<'_>,
    version: Version,
    exemptions: &Exemptions,
    meta: &ObjectMeta,
) -> NamespaceLevels {
    let policy = admission::policy(meta);
    let judged: Vec<&Workload<'_>> = cluster
        .workloads_in(&meta.name)
        .filter(|workload| !exemptions.exempt(&meta.name, &workload.spec.runtime_class_name))
        .collect();
    let refused = |level, version| refused(&judged, level, version);
    let baseline = refused(Level::Baseline, version);
    let (could_enforce, next) = match baseline.is_empty() {
        false => (Level::Privileged, Some((Level::Baseline, baseline))),
        true => match refused(Level::Restricted, version) {
            restricted if restricted.is_empty() => (Level::Restricted, None),
            restricted => (Level::Baseline, Some((Level::Restricted, restricted))),
        },
    };
    let enforced = policy.enforce;
    NamespaceLevels {
        namespace: meta.name.clone(),
        enforce: asked(enforced),
        audit: asked(policy.audit),
        warn: asked(policy.warn),
        mistakes: policy.mistakes,
        workloads: u32::try_from(judged.len()).unwrap_or(u32::MAX),
        could_enforce,
        refused_now: refused(enforced.level, enforced.version_in(version_in(cluster))),
        next: next.map(|(level, refused)| NextLevel { level, refused }),
    }
}

fn asked(asked: Asked) -> AskedLevel {
    AskedLevel {
        level: asked.level,
        version: asked.version.map(|version| version.to_string()),
    }
}

fn refused(workloads: &[&Workload<'_>], level: Level, version: Version) -> Vec<RefusedWorkload> {
    let judged = workloads
        .iter()
        .map(|workload| (workload, of_workload(level, version, workload)));
    let refused = judged.filter(|(_, violations)| !violations.is_empty());
    refused
        .map(|(workload, violations)| RefusedWorkload {
            object: workload.reference.clone(),
            pods: u32::try_from(workload.pods.len()).unwrap_or(u32::MAX),
            violations: violations.iter().map(shown).collect(),
        })
        .collect()
}

/// What a workload breaks of each level that refuses anything.
pub fn verdicts(workload: &Workload<'_>, version: Version) -> WorkloadLevels {
    let verdict = |level| LevelVerdict {
        level,
        violations: of_workload(level, version, workload).iter().map(shown).collect(),
    };
    WorkloadLevels {
        levels: [Level::Baseline, Level::Restricted].map(verdict).into(),
    }
}

/// A violation as it is shown.
pub fn shown(violation: &Violation) -> shared::pod_security::Violation {
    shared::pod_security::Violation {
        control: violation.control.id.to_owned(),
        field: violation.field.clone(),
        message: violation.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::snapshot;

    const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {LABELS}}\n---\n";

    fn levels_of(labels: &str, spec: &str) -> NamespaceLevels {
        let manifests = NAMESPACE.replace("LABELS", labels)
            + &format!(
                "
apiVersion: batch/v1
kind: CronJob
metadata: {{name: report, namespace: shop}}
spec: {{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}
"
            );
        let snapshot = snapshot(&manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        levels(&cluster, version_of(&snapshot), &Exemptions::default(), None)
            .namespaces
            .remove(0)
    }

    const HARDENED: &str =
        "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [
        {name: c, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}";

    #[test]
    fn a_hardened_namespace_could_enforce_restricted_and_has_no_next_level() {
        let levels = levels_of("", HARDENED);
        assert_eq!(
            (levels.could_enforce, levels.next, levels.enforce.level),
            (Level::Restricted, None, Level::Privileged)
        );
    }

    #[test]
    fn the_next_level_names_the_fields_of_the_object_that_a_person_would_edit() {
        let levels = levels_of("", "{hostPID: true, containers: [{name: c}]}");
        let next = levels.next.unwrap();
        assert_eq!((levels.could_enforce, next.level), (Level::Privileged, Level::Baseline));
        let violation = &next.refused[0].violations[0];
        assert_eq!(violation.field, "spec.jobTemplate.spec.template.spec.hostPID");
        assert_eq!(violation.control, "hostNamespaces");
    }

    #[test]
    fn what_runs_although_the_enforced_level_refuses_it_is_named() {
        let labels = "pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: v1.7";
        let refused = levels_of(labels, "{containers: [{name: c}]}").refused_now;
        let controls: Vec<&str> = refused[0]
            .violations
            .iter()
            .map(|violation| violation.control.as_str())
            .collect();
        assert_eq!(controls, ["runAsNonRoot"]);
    }

    #[test]
    fn exempt_runtime_classes_are_not_judged() {
        let manifests = NAMESPACE.replace("LABELS", "")
            + "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: {runtimeClassName: kata, hostPID: true, containers: [{name: c}]}";
        let snapshot = snapshot(&manifests);
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let exemptions = Exemptions {
            runtime_classes: ["kata".to_owned()].into(),
            ..Exemptions::default()
        };
        let levels = levels(&cluster, NEWEST, &exemptions, Some("shop"));
        assert_eq!(levels.namespaces[0].could_enforce, Level::Restricted);
    }

    #[test]
    fn what_was_not_read_and_what_is_not_known_is_said() {
        let mut snapshot = snapshot("");
        snapshot.version = "v1.44.0".into();
        snapshot.set(
            Kind::Pod,
            Collected::Denied {
                reason: "forbidden".into(),
            },
            Vec::new(),
        );
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        let levels = levels(&cluster, version_of(&snapshot), &Exemptions::default(), None);
        assert_eq!((levels.version.as_str(), levels.doubts.len()), ("v1.37", 2));
    }
}
