//! What other policy engines say, by their reports: shown beside our findings, and never counted with them.

use std::collections::{BTreeMap, BTreeSet};

use shared::object::ObjectRef;
use shared::other_engines::PolicyResult;
use shared::verdict::Severity;

use crate::cluster::Cluster;
use crate::model::meta::ObjectMeta;
use crate::model::policy_report::{
    ClusterOpenReport, ClusterPolicyReport, OpenReport, PolicyReport, PolicyReportResource, PolicyReportResult,
};

/// How much of a message is shown, in characters.
const TOLD: usize = 500;

/// A report of any kind.
struct Report<'a> {
    namespace: &'a str,
    /// The engine of the results that name none.
    source: &'a str,
    scope: Option<&'a PolicyReportResource>,
    results: &'a [PolicyReportResult],
}

/// The rules that an object does not keep, as other engines have it, worst first. What they say of the pods of a workload, and of
/// what stands between, is the workload's; each rule is listed once.
pub fn results(cluster: &Cluster<'_>, object: &ObjectRef) -> Vec<PolicyResult> {
    let members = members(cluster, object);
    let mut found: BTreeMap<(String, String, String), PolicyResult> = BTreeMap::new();
    for report in reports(cluster, &object.namespace) {
        for result in report.results.iter().filter(|result| is_failing(result)) {
            let subjects = subjects(&report, result, &object.namespace);
            let Some(about) = subjects.into_iter().find(|subject| members.contains(subject)) else {
                continue;
            };
            let told = told(&report, result, about);
            let key = (told.engine.clone(), told.policy.clone(), told.rule.clone());
            let is_nearer = found
                .get(&key)
                .is_none_or(|other| !is(&other.kind, &other.name, object));
            if is_nearer {
                found.insert(key, told);
            }
        }
    }
    let mut found: Vec<PolicyResult> = found.into_values().collect();
    found.sort_by_key(|result| std::cmp::Reverse(result.severity));
    found
}

/// Kind and name of an object of the namespace.
type Member<'a> = (&'a str, &'a str);

fn is(kind: &str, name: &str, object: &ObjectRef) -> bool {
    (kind, name) == (object.kind.as_str(), object.name.as_str())
}

/// The object, its pods if it is a workload, and what controls them.
fn members<'a>(cluster: &'a Cluster<'_>, object: &'a ObjectRef) -> BTreeSet<Member<'a>> {
    let workload = cluster.workloads.iter().find(|workload| workload.reference == *object);
    let pods = workload.into_iter().flat_map(|workload| &workload.pods);
    let metas = pods.filter_map(|pod| pod.metadata.as_ref());
    let owned = metas.flat_map(|meta| {
        let controller = meta
            .controller()
            .map(|owner| (owner.kind.as_str(), owner.name.as_str()));
        // The node of a static pod is nobody's.
        let controller = controller.filter(|(kind, _)| *kind != "Node");
        [Some(("Pod", meta.name.as_str())), controller]
    });
    let itself = Some((object.kind.as_str(), object.name.as_str()));
    owned.flatten().chain(itself).collect()
}

/// The reports that can be about objects of a namespace: its own, and those of the cluster.
fn reports<'a>(cluster: &'a Cluster<'_>, namespace: &'a str) -> impl Iterator<Item = Report<'a>> {
    let snapshot = cluster.snapshot;
    let of_group = snapshot
        .all::<PolicyReport>()
        .map(|report| (&report.metadata, &report.scope, &report.results, ""))
        .chain(
            snapshot
                .all::<ClusterPolicyReport>()
                .map(|report| (&report.metadata, &report.scope, &report.results, "")),
        );
    let open = snapshot
        .all::<OpenReport>()
        .map(|report| (&report.metadata, &report.scope, &report.results, report.source.as_str()))
        .chain(
            snapshot
                .all::<ClusterOpenReport>()
                .map(|report| (&report.metadata, &report.scope, &report.results, report.source.as_str())),
        );
    let all = of_group.chain(open).map(|(meta, scope, results, source)| Report {
        namespace: namespace_of(meta.as_ref()),
        source,
        scope: scope.as_ref(),
        results,
    });
    // Those of the cluster stand in no namespace.
    all.filter(move |report| report.namespace.is_empty() || report.namespace == namespace)
}

fn namespace_of(meta: Option<&ObjectMeta>) -> &str {
    meta.map_or("", |meta| meta.namespace.as_str())
}

/// What a result is about in a namespace: the objects that it lists, or else the one that its report is about. Where no
/// namespace is named, it is the report's.
fn subjects<'a>(report: &Report<'a>, result: &'a PolicyReportResult, namespace: &str) -> Vec<Member<'a>> {
    let listed: Vec<&PolicyReportResource> = match result.resources.as_slice() {
        [] => report.scope.into_iter().collect(),
        resources => resources.iter().collect(),
    };
    let is_in = |resource: &&PolicyReportResource| match resource.namespace.as_str() {
        "" => report.namespace == namespace,
        named => named == namespace,
    };
    let of_namespace = listed.into_iter().filter(is_in);
    of_namespace
        .map(|resource| (resource.kind.as_str(), resource.name.as_str()))
        .collect()
}

fn is_failing(result: &PolicyReportResult) -> bool {
    matches!(result.result.as_str(), "fail" | "warn" | "error")
}

fn told(report: &Report<'_>, result: &PolicyReportResult, (kind, name): Member<'_>) -> PolicyResult {
    PolicyResult {
        engine: match result.source.as_str() {
            "" => report.source.to_owned(),
            source => source.to_owned(),
        },
        policy: result.policy.clone(),
        rule: result.rule.clone(),
        result: result.result.clone(),
        severity: Severity::parse(&result.severity),
        message: result.message.chars().take(TOLD).collect(),
        kind: kind.to_owned(),
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::fixture::snapshot;

    const WORKLOAD: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
spec: {replicas: 2, template: {spec: {containers: [{name: c, image: i}]}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true}]}
spec: {containers: [{name: c, image: i}]}
---
";

    /// What others say of the Deployment `shop/web`, as `policy kind/name severity`.
    fn said(reports: &str) -> Vec<String> {
        let snapshot = snapshot(&format!("{WORKLOAD}{reports}"));
        let cluster = Cluster::new(&snapshot, DateTime::UNIX_EPOCH);
        let web = cluster.workloads[0].reference.clone();
        let word = |severity: Option<Severity>| severity.map_or("-", Severity::as_str);
        let row = |result: PolicyResult| {
            format!(
                "{} {}/{} {}",
                result.policy,
                result.kind,
                result.name,
                word(result.severity)
            )
        };
        results(&cluster, &web).into_iter().map(row).collect()
    }

    const REPORTS: &str = "
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: a, namespace: shop}
scope: {apiVersion: v1, kind: Pod, name: web-1-a, namespace: shop}
results:
- {source: kyverno, policy: labels, rule: team, result: fail, severity: low, message: there is no team}
- {source: kyverno, policy: probes, rule: r, result: pass, severity: high}
- {source: kyverno, policy: skipped, rule: r, result: skip, severity: high}
---
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: b, namespace: shop}
results:
- {source: kyverno, policy: labels, rule: team, result: fail, severity: low, resources: [{kind: Deployment, name: web, namespace: shop}]}
- {source: kubewarden, policy: roots, result: warn, severity: high, resources: [{kind: ReplicaSet, name: web-1, namespace: shop}]}
- {source: kubewarden, policy: odd, result: error, severity: info, resources: [{kind: Deployment, name: web}]}
- {source: kubewarden, policy: others, result: fail, severity: high, resources: [{kind: Deployment, name: api, namespace: shop}]}
";

    #[test]
    fn what_is_said_of_pods_is_said_of_their_workload_once_and_worst_first() {
        assert_eq!(
            said(REPORTS),
            [
                "roots ReplicaSet/web-1 high",
                "labels Deployment/web low",
                "odd Deployment/web -"
            ]
        );
    }

    #[test]
    fn what_is_said_of_another_namespace_is_not_said_of_this_one() {
        let elsewhere = REPORTS
            .replace("name: a, namespace: shop", "name: a, namespace: lab")
            .replace("name: b, namespace: shop", "name: b, namespace: lab");
        assert!(said(&elsewhere).is_empty());
    }

    #[test]
    fn a_report_of_the_cluster_counts_where_it_names_the_namespace() {
        let of_cluster = "
apiVersion: wgpolicyk8s.io/v1alpha2
kind: ClusterPolicyReport
metadata: {name: c}
results:
- {source: own, policy: p, result: fail, severity: medium, resources: [{kind: Deployment, name: web, namespace: NS}]}
";
        assert_eq!(said(&of_cluster.replace("NS", "shop")), ["p Deployment/web medium"]);
        assert!(said(&of_cluster.replace("NS", "lab")).is_empty());
    }

    #[test]
    fn reports_of_open_reports_count_and_name_their_engine_once() {
        let open = "
apiVersion: openreports.io/v1alpha1
kind: Report
metadata: {name: a, namespace: shop}
source: kyverno
scope: {kind: Pod, name: web-1-a, namespace: shop}
results:
- {policy: labels, rule: team, result: fail, severity: low}
- {source: other, policy: roots, result: warn, severity: high}
---
apiVersion: openreports.io/v1alpha1
kind: ClusterReport
metadata: {name: c}
source: kyverno
results:
- {policy: p, result: fail, severity: medium, resources: [{kind: Deployment, name: web, namespace: shop}]}
";
        let snapshot = snapshot(&format!("{WORKLOAD}{open}"));
        let cluster = Cluster::new(&snapshot, DateTime::UNIX_EPOCH);
        let found = results(&cluster, &cluster.workloads[0].reference);
        let told: Vec<_> = found
            .iter()
            .map(|found| (found.engine.as_str(), found.policy.as_str()))
            .collect();
        assert_eq!(told, [("other", "roots"), ("kyverno", "p"), ("kyverno", "labels")]);
    }
}
