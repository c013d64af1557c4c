//! Bindings that let someone read the Secrets of all namespaces.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need, Outcome};
use crate::cluster::Cluster;
use crate::finding::Finding;
use crate::model::rbac::{PolicyRule, Subject};
use crate::model::{Kind, Object};
use crate::power::{self, Held, Names, Place, Power, permission};
use crate::rbac::binding::{implied_group, is_masters, subject_manifest};
use crate::rbac::{Binding, Role, expected, rules};

/// See its fields.
pub static CHECK: Check = Check {
    id: "secrets-readable-cluster-wide",
    title: "Secrets of all namespaces can be read",
    area: Area::LeastPrivilege,
    severity: Severity::High,
    rationale: "Secrets hold the tokens, keys and passwords of everything that runs, so reading them all is most often a way \
        to every other permission. list and watch return values just as get does.",
    remediation: "Grant the Secrets that are needed: a Role with resourceNames, bound in the namespace where they are. A \
        controller that must read them all deserves a namespace that nobody else can run pods in.",
    reads: &[Need::Read(Kind::ClusterRoleBinding), Need::Read(Kind::ClusterRole)],
    judge: Judge::Object(&[Kind::ClusterRoleBinding], judge),
};

const READING: &[&str] = &["get", "list", "watch"];

/// What is taken away by the patch.
static POWER: Power = Power {
    check: &CHECK,
    may: "read the Secrets of every namespace",
    so: "They hold the keys of everything that runs.",
    permissions: &[permission(READING, "", "secrets")],
    names: Names::Narrow,
    in_namespace: Severity::Low,
};

fn judge(cluster: &Cluster<'_>, object: &Object) -> Outcome {
    let Some(binding) = Binding::of(object) else {
        return Outcome::NotApplicable;
    };
    let Some(role) = Role::bound_by(cluster.snapshot, &binding) else {
        return Outcome::NotApplicable;
    };
    let subjects = binding.distinct_subjects().filter(|(_, subject)| !is_masters(subject));
    let findings = subjects.filter_map(|(place, subject)| {
        let mut rules = role.beyond_defaults(&binding, subject);
        rules.retain(|rule| !verbs(rule).is_empty());
        (!rules.is_empty()).then(|| finding(&binding, &role, (place, subject), &rules))
    });
    Outcome::of(findings.collect())
}

/// The verbs with which a rule lets any Secret be read. One that names objects lets only those be, and is left out.
fn verbs(rule: &PolicyRule) -> Vec<&'static str> {
    let request = |verb| rules::Request {
        verb,
        group: "",
        resource: "secrets",
        name: "",
    };
    READING
        .iter()
        .copied()
        .filter(|verb| rules::allows(rule, &request(verb)))
        .collect()
}

fn finding<'a>(
    binding: &Binding<'a>,
    role: &Role<'a>,
    (place, subject): (usize, &'a Subject),
    granting: &[&'a PolicyRule],
) -> Finding {
    let name = binding.name_of(subject);
    let implied = implied_group(subject);
    let who = implied
        .as_ref()
        .map(|who| format!(" That is {who}."))
        .unwrap_or_default();
    let (reference, verbs) = (binding.reference(), granted(granting));
    let message = format!(
        "{reference} lets {name} {verbs} the Secrets of every namespace, through {}.{who}",
        role.reference
    );
    let title = format!("{name} can read the Secrets of all namespaces");
    let mut finding = CHECK
        .finding(reference, &name, title, message)
        .witness(format!("subjects[{place}]"), subject_manifest(subject))
        .witness("roleRef.name", binding.role_ref.name.as_str());
    let (change, patch) = power::fix(&POWER, &held(binding, role, (place, subject), granting)).unzip();
    finding = finding.patch(change.unwrap_or_default(), patch);
    for rule in granting.iter().take(MAX_WITNESSES) {
        let (source, path) = role.place_of(rule);
        finding = finding.witness_in(source, path, rules::evidence(rule));
    }
    finding.expected = expected::reason(binding, std::iter::once(subject), granting);
    // Whoever runs a pod anywhere is in these; those of one namespace are as one service account.
    if implied.is_some() && !subject.name.starts_with("system:serviceaccounts:") {
        finding.severity = Severity::Critical;
    }
    finding
}

/// The verbs that the rules grant together: `get, list`.
fn granted(rules: &[&PolicyRule]) -> String {
    let granted = READING
        .iter()
        .copied()
        .filter(|verb| rules.iter().any(|rule| verbs(rule).contains(verb)));
    granted.collect::<Vec<_>>().join(", ")
}

/// Rules that a finding shows.
const MAX_WITNESSES: usize = 5;

/// One subject of the binding with what it is granted: a role may be narrowed though others hold it too.
fn held<'a>(
    binding: &Binding<'a>,
    role: &Role<'a>,
    holder: (usize, &'a Subject),
    granting: &[&'a PolicyRule],
) -> Held<'a> {
    Held {
        binding: *binding,
        role: role.clone(),
        holders: vec![holder],
        rules: granting.to_vec(),
        place: Place::of(binding),
        names: None,
    }
}

#[cfg(test)]
mod tests {
    use shared::patch::Patch;
    use shared::verdict::Severity;

    use super::CHECK;
    use crate::fixture::{findings, titles};

    fn granted(rules: &str, subject: &str) -> String {
        format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: reader}}
rules: [{rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: b}}
roleRef: {{kind: ClusterRole, name: reader}}
subjects: [{subject}]
"
        )
    }

    const APP: &str = "{kind: ServiceAccount, name: app, namespace: shop}";

    #[test]
    fn each_reading_verb_counts_and_is_named() {
        let found = findings(
            &CHECK,
            &granted("{verbs: [watch, create], apiGroups: [''], resources: [secrets]}", APP),
        )
        .remove(0);
        assert_eq!(
            found.title,
            "ServiceAccount shop/app can read the Secrets of all namespaces"
        );
        assert!(
            found.message.contains("lets ServiceAccount shop/app watch the Secrets"),
            "{}",
            found.message
        );
    }

    #[test]
    fn the_patch_takes_the_secrets_and_leaves_the_rest_where_that_can_be_written_down() {
        let patch = |rule: &str| findings(&CHECK, &granted(rule, APP)).remove(0).patch;
        let Some(Patch::Merge { target, body }) =
            patch("{verbs: [get, list], apiGroups: [''], resources: [pods, secrets]}")
        else {
            panic!("not a merge patch")
        };
        assert_eq!(target.name, "reader");
        let rules = serde_json::json!([{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}]);
        assert_eq!(body["rules"], rules);
        for rule in [
            "{verbs: [get], apiGroups: [''], resources: [secrets]}",
            "{verbs: [get], apiGroups: [''], resources: ['*']}",
        ] {
            assert!(matches!(patch(rule), Some(Patch::Delete { .. })), "{rule}");
        }
    }

    #[test]
    fn a_rule_is_shown_in_the_role_in_which_it_stands() {
        let reading = granted("{verbs: [get], apiGroups: [''], resources: [secrets]}", APP);
        let manifests = reading.replace(
            "metadata: {name: reader}",
            "metadata: {name: inner, labels: {to: reader}}",
        ) + "
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: reader}}]}
";
        let found = findings(&CHECK, &manifests).remove(0);
        assert_eq!(found.witness[2].object.name, "inner");
    }

    #[test]
    fn wildcards_read_secrets_too() {
        assert_eq!(
            titles(
                &CHECK,
                &granted("{verbs: ['*'], apiGroups: ['*'], resources: ['*']}", APP)
            )
            .len(),
            1
        );
        assert_eq!(
            titles(
                &CHECK,
                &granted("{verbs: [list], apiGroups: [''], resources: ['*']}", APP)
            )
            .len(),
            1
        );
    }

    #[test]
    fn what_reads_no_secret_or_only_some_by_name_passes() {
        for rule in [
            "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [tls]}",
            "{verbs: [create, delete], apiGroups: [''], resources: [secrets]}",
            "{verbs: [get], apiGroups: [apps], resources: ['*']}",
            "{verbs: [get], apiGroups: [''], resources: ['secrets/*', 'secrets/status']}",
            "{verbs: [get], apiGroups: [apps], resources: [secrets]}, {verbs: [create], apiGroups: [''], resources: [secrets]}",
        ] {
            assert_eq!(titles(&CHECK, &granted(rule, APP)), [""; 0], "{rule}");
        }
    }

    #[test]
    fn a_role_binding_reads_one_namespace_and_passes() {
        let manifests = granted("{verbs: [get], apiGroups: [''], resources: [secrets]}", APP).replace(
            "kind: ClusterRoleBinding\nmetadata: {name: b}",
            "kind: RoleBinding\nmetadata: {name: b, namespace: shop}",
        );
        assert_eq!(titles(&CHECK, &manifests), [""; 0]);
    }

    #[test]
    fn a_group_that_everyone_is_in_makes_it_critical() {
        let severity = |group: &str| {
            let subject = format!("{{kind: Group, name: '{group}'}}");
            findings(
                &CHECK,
                &granted("{verbs: [get], apiGroups: [''], resources: [secrets]}", &subject),
            )
            .remove(0)
            .severity
        };
        assert_eq!(severity("system:authenticated"), Severity::Critical);
        assert_eq!(severity("system:serviceaccounts:shop"), Severity::High);
    }

    #[test]
    fn what_was_added_to_a_default_role_is_reported_and_taken_off_the_role() {
        let kept = "{verbs: [get], nonResourceURLs: [/healthz, /version]}";
        let manifests = granted(
            &format!("{kept}, {{verbs: [list], apiGroups: [''], resources: [secrets]}}"),
            "{kind: Group, name: 'system:unauthenticated'}",
        )
        .replace("name: reader", "name: 'system:public-info-viewer'")
        .replace("name: b}", "name: 'system:public-info-viewer'}");
        let found = findings(&CHECK, &manifests).remove(0);
        let Some(Patch::Merge { target, body }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(
            (target.kind.as_str(), body["rules"].as_array().unwrap().len()),
            ("ClusterRole", 1)
        );
    }

    /// A default that aggregates `parts`, each of which lets Secrets be read besides.
    fn aggregating(own: &str, parts: usize) -> String {
        let mut manifests = format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: 'system:public-info-viewer'}}
aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{part: ''}}}}]}}
rules: [{own}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: 'system:public-info-viewer'}}
roleRef: {{kind: ClusterRole, name: 'system:public-info-viewer'}}
subjects: [{{kind: Group, name: 'system:unauthenticated'}}]
"
        );
        for number in 0..parts {
            manifests += &format!(
                "
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: part-{number}, labels: {{part: ''}}}}
rules: [{{verbs: [get], apiGroups: [''], resources: [pods]}}, {READS}]
"
            );
        }
        manifests
    }

    const READS: &str = "{verbs: [list], apiGroups: [''], resources: [secrets]}";

    #[test]
    fn what_was_added_to_an_aggregating_default_is_taken_off_the_role_that_contributes_it() {
        let found = findings(&CHECK, &aggregating("", 1)).remove(0);
        let change = "Take from ClusterRole part-0 what lets it read the Secrets of every namespace";
        assert_eq!(found.change, change);
        let Some(Patch::Merge { target, body }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(
            (target.name.as_str(), body["rules"][0]["resources"][0].as_str()),
            ("part-0", Some("pods"))
        );
        assert_eq!(body["rules"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_role_that_adds_nothing_but_secrets_to_a_default_is_emptied_and_the_default_stays_bound() {
        let manifests = format!(
            "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: extra, labels: {{rbac.authorization.k8s.io/aggregate-to-view: 'true'}}}}
rules: [{READS}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: b}}
roleRef: {{kind: ClusterRole, name: view}}
subjects: [{{kind: Group, name: devs}}]
"
        );
        let found = findings(&CHECK, &manifests).remove(0);
        let Some(Patch::Merge { target, body }) = found.patch else {
            panic!("not a merge patch")
        };
        assert_eq!(
            (target.name.as_str(), &body["rules"]),
            ("extra", &serde_json::json!([]))
        );
    }

    #[test]
    fn what_several_roles_contribute_or_a_controller_puts_back_is_not_patched() {
        for manifests in [aggregating("", 2), aggregating(READS, 0)] {
            assert_eq!(findings(&CHECK, &manifests).remove(0).patch, None);
        }
    }
}
