//! Bindings that name service accounts which are not there.

use chrono::TimeDelta;
use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::model::rbac::Subject;
use crate::model::service_account::ServiceAccount;
use crate::model::{Kind, Object};
use crate::power;
use crate::rbac::{Binding, defaults};

/// See its fields.
pub static CHECK: Check = Check {
    id: "subject-no-longer-exists",
    title: "Binding names a service account that does not exist",
    area: Area::Rbac,
    severity: Severity::Low,
    rationale: "Whoever may create service accounts in that namespace, or the namespace, takes over what is left for the name. \
        Users and groups are known to the identity provider only, so they can't be judged.",
    remediation: "Take the subject off the binding, or make the service account.",
    reads: &[
        Need::Read(Kind::ClusterRoleBinding),
        Need::Read(Kind::RoleBinding),
        Need::Read(Kind::ServiceAccount),
    ],
    judge: Judge::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], judge),
};

/// Kinds are read at different instants, so what was just made may be missing from the one that was read first.
const SETTLED: TimeDelta = TimeDelta::minutes(10);

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let gone: Vec<_> = binding
        .distinct_subjects()
        .filter(|(_, subject)| is_gone(cluster, &binding, subject))
        .collect();
    if gone.is_empty() {
        return Outcome::Pass;
    }
    let who = power::who(&binding, &gone);
    if !is_settled(cluster, &binding) {
        let exists = power::agree(&gone, "exists", "exist");
        return Outcome::NotEvaluated(format!("Whether {who} {exists} was not found out."));
    }
    let role = binding.role_ref;
    let does = power::agree(&gone, "does", "do");
    let title = format!("{} names {who}, which {does} not exist", binding.reference());
    let message = format!(
        "{} names {who}, and there {}. Whoever makes {} gets {} {} {}.",
        binding.reference(),
        power::agree(&gone, "is none", "are none"),
        power::agree(&gone, "it", "one of them"),
        role.kind,
        role.name,
        binding.place(),
    );
    let mut finding = power::of_subjects(&CHECK, &binding, &gone, title, message);
    if binding.is_cluster_wide() {
        finding.severity = Severity::Medium;
    }
    Outcome::Fail(vec![finding])
}

fn is_gone(cluster: &Cluster<'_>, binding: &Binding<'_>, subject: &Subject) -> bool {
    let account = binding.service_account(subject);
    let is_missing = |(namespace, name)| cluster.snapshot.find::<ServiceAccount>(namespace, name).is_none();
    account.is_some_and(is_missing) && !defaults::names(binding, subject)
}

/// Manifests, which have no version of a server, need not be all that there is.
fn is_settled(cluster: &Cluster<'_>, binding: &Binding<'_>) -> bool {
    let created = binding.meta.creation_timestamp.as_ref().and_then(|time| time.utc());
    !cluster.snapshot.version.is_empty() && created.is_none_or(|created| cluster.now - created > SETTLED)
}

#[cfg(test)]
mod tests {
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings_in, granted, is_closed_by_patches, severities, snapshot};

    const RULE: &str = "{verbs: [get], apiGroups: [''], resources: [pods]}";
    const ACCOUNT: &str = "
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: app, namespace: shop}
";

    #[test]
    fn an_account_that_is_not_there_is_reported_and_worse_in_the_whole_cluster() {
        let manifests = granted("RoleBinding", RULE);
        assert_eq!(severities(&CHECK, &manifests), [Severity::Low]);
        assert!(is_closed_by_patches(&CHECK, &manifests));
        assert_eq!(
            severities(&CHECK, &granted("ClusterRoleBinding", RULE)),
            [Severity::Medium]
        );
        assert_eq!(severities(&CHECK, &(manifests + ACCOUNT)), []);
    }

    #[test]
    fn an_account_by_user_name_counts_and_people_can_not_be_judged() {
        let to = |subject: &str| {
            granted("RoleBinding", RULE).replace("{kind: ServiceAccount, name: app, namespace: shop}", subject)
        };
        assert_eq!(
            severities(&CHECK, &to("{kind: User, name: 'system:serviceaccount:shop:app'}")).len(),
            1
        );
        assert_eq!(
            severities(&CHECK, &to("{kind: User, name: jane}, {kind: Group, name: ops}")),
            []
        );
    }

    #[test]
    fn what_was_just_made_and_manifests_stay_open() {
        let made = granted("RoleBinding", RULE).replace(
            "metadata: {name: b",
            "metadata: {creationTimestamp: '2026-11-18T11:59:00Z', name: b",
        );
        assert_eq!(
            severities(&CHECK, &made.replace("2026-11-18T11", "2026-11-18T00")).len(),
            1
        );
        assert_eq!(severities(&CHECK, &made.replace("2026-11-18T11", "2026-11-30T11")), []);
        let mut files = snapshot(&granted("RoleBinding", RULE));
        files.version.clear();
        assert_eq!(findings_in(&CHECK, &files), []);
    }
}
