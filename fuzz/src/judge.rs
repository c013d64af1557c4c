//! Everything that is made of a snapshot: the checks, and what the pages show besides.

use analysis::admission::way_in;
use analysis::cluster::Cluster;
use analysis::framework::{self, Evidence, bench_evidence};
use analysis::model::{Object, Snapshot};
use analysis::pod_security::admission::Exemptions;
use analysis::pod_security::{self, Level, Version};
use analysis::rbac::access::{Access, Origin};
use analysis::rbac::escalation::Escalation;
use analysis::rbac::graph::{self, Options};
use analysis::{kube_bench, origin, quotas, run, simulate, tls};
use chrono::{DateTime, Utc};

/// Patches that are tried of one report: each is a whole snapshot.
const PATCHES: usize = 8;

/// The same day in every run.
pub fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_786)
}

/// Judges a snapshot in every way there is.
pub fn all(snapshot: &Snapshot) {
    checks(snapshot);
    let cluster = Cluster::new(snapshot, now());
    quotas::quotas(&cluster);
    tls::calendar::calendar(&cluster);
    tls::mesh::namespaces(&cluster);
    way_in::admission(&cluster, None);
    pods(&cluster, snapshot);
    access(snapshot);
    snapshot.objects().for_each(|object| one(object));
}

/// What the checks say, what it means for each framework, and what their patches would change.
pub fn checks(snapshot: &Snapshot) {
    let report = run(snapshot, now());
    report.score();
    let mut evidence = Evidence::from(&report);
    for framework in framework::all() {
        evidence.kube_bench = bench_evidence(framework, &snapshot.kube_bench);
        framework::evaluate(framework, &evidence);
    }
    kube_bench::control_results(&snapshot.kube_bench);
    let patches = report.findings.iter().filter_map(|finding| finding.patch.as_ref());
    for patch in patches.take(PATCHES) {
        _ = simulate::apply(snapshot, patch);
    }
}

fn pods(cluster: &Cluster<'_>, snapshot: &Snapshot) {
    let exemptions = Exemptions::default();
    for version in [Version(0), pod_security::version::NEWEST] {
        pod_security::namespaces::levels(cluster, version, &exemptions, None);
        pod_security::objects::verdicts(snapshot, Level::Restricted, version, &exemptions);
    }
}

fn access(snapshot: &Snapshot) {
    let access = Access::new(snapshot, Origin::Files { defaults: false });
    Escalation::new(snapshot, &access).report();
    graph::graph(snapshot, &Options::default());
}

/// What an object alone is asked for. Stored and read again, it is what it was.
fn one(object: &Object) {
    origin::origin(object);
    object.to_manifest();
    let stored = object.to_protobuf();
    let read = Object::from_protobuf(object.kind(), &stored).expect("what was stored can be read");
    assert_eq!(read.to_protobuf(), stored);
}
