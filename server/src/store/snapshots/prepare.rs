//! What can be worked out of a snapshot before the database is asked: hashes, workloads, scores. Takes all the processors.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;

use analysis::Report;
use analysis::cluster::{self, ContainerAt, ContainerList, Workload};
use analysis::finding::Finding;
use analysis::model::{Kind, Object, Snapshot};
use analysis::score::score;
use sha2::{Digest, Sha256};
use shared::checks::CheckResult;
use shared::findings::Witness;
use shared::object::ObjectRef;
use shared::patch::Patch;
use shared::score::Score;
use shared::snapshots::Collected;
use shared::verdict::{Area, Severity};
use shared::workloads::ContainerRow;

use super::write::NewSnapshot;

/// The first half of a SHA-256.
pub(super) type Hash = [u8; 16];

/// One kind of the snapshot.
pub(super) struct PreparedKind {
    pub(super) kind: Kind,
    pub(super) outcome: Collected,
    /// One for each object, in the snapshot's order.
    pub(super) hashes: Vec<Hash>,
    /// Of all of them with their names.
    pub(super) digest: Hash,
}

/// One workload.
pub(super) struct PreparedWorkload {
    pub(super) object: ObjectRef,
    pub(super) pods: i32,
    pub(super) images: Vec<String>,
    pub(super) service_account: String,
    pub(super) replicas: Option<i32>,
    pub(super) containers: Vec<ContainerRow>,
    pub(super) hash: Hash,
}

/// Everything that is worked out beforehand.
pub(super) struct Prepared {
    pub(super) kinds: Vec<PreparedKind>,
    /// Of everything that workloads follow from.
    pub(super) workloads_digest: Hash,
    /// By id: the place in the report, and the hash.
    pub(super) findings: BTreeMap<String, (usize, Hash)>,
    pub(super) findings_digest: Hash,
    pub(super) score: Score,
    pub(super) areas: Vec<(Area, Score)>,
}

/// Works it out. Blocks for as long as the processors need.
pub(super) fn prepare(new: &NewSnapshot) -> Prepared {
    let (kinds, findings) = std::thread::scope(|scope| {
        let findings = scope.spawn(|| findings(new));
        (kinds(new), join(findings))
    });
    let gap = new.snapshot.gap.is_some();
    let workloads_digest = sealed(workloads_digest(&kinds), gap);
    let findings_digest = sealed(findings_digest(new, &findings), gap);
    let results = &new.report.results;
    let score_of = |area| score(results.iter().filter_map(|result| weighed(&new.report, result, area)));
    Prepared {
        kinds,
        workloads_digest,
        findings,
        findings_digest,
        score: score_of(None),
        areas: Area::ALL.map(|area| (area, score_of(Some(area)))).into(),
    }
}

/// The digest of a snapshot with a gap is another than that of one without: after it, everything is compared again.
fn sealed(digest: Hash, gap: bool) -> Hash {
    match gap {
        true => half(Sha256::new_with_prefix(digest)),
        false => digest,
    }
}

fn weighed<'a>(report: &Report, result: &'a CheckResult, area: Option<Area>) -> Option<(Severity, &'a CheckResult)> {
    let check = report.catalogue.named(&result.check)?;
    area.is_none_or(|area| area == check.area)
        .then_some((check.severity, result))
}

fn half(hash: Sha256) -> Hash {
    let mut half = Hash::default();
    half.copy_from_slice(&hash.finalize()[..16]);
    half
}

/// Feeds texts into a hash so that neighbours can't be confused.
fn feed<'a>(hash: &mut Sha256, texts: impl IntoIterator<Item = &'a str>) {
    for text in texts {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
}

fn kinds(new: &NewSnapshot) -> Vec<PreparedKind> {
    let objects: Vec<&Arc<Object>> = new.snapshot.objects().collect();
    let mut hashes = hashes(&objects).into_iter();
    // `objects()` goes kind by kind in the order of the enum, which is that of `Kind::ALL`.
    let prepare = |kind: &Kind| {
        let objects = new.snapshot.of(*kind);
        let hashes: Vec<Hash> = hashes.by_ref().take(objects.len()).collect();
        let mut digest = Sha256::new();
        for (object, hash) in objects.iter().zip(&hashes) {
            feed(&mut digest, [object.meta().namespace.as_str(), &object.meta().name]);
            digest.update(hash);
        }
        PreparedKind {
            kind: *kind,
            outcome: new.snapshot.outcome(*kind),
            hashes,
            digest: sealed(half(digest), new.snapshot.gap.is_some()),
        }
    };
    Kind::ALL.iter().map(prepare).collect()
}

/// The hash of each object's body.
fn hashes(objects: &[&Arc<Object>]) -> Vec<Hash> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = objects.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work = |part| scope.spawn(move || hashes_of(part));
        let workers: Vec<_> = objects.chunks(share).map(work).collect();
        workers.into_iter().flat_map(join).collect()
    })
}

fn hashes_of(objects: &[&Arc<Object>]) -> Vec<Hash> {
    let mut body = Vec::new();
    let hash = |object: &&Arc<Object>| {
        body.clear();
        object.write_protobuf(&mut body);
        half(Sha256::new_with_prefix(&body))
    };
    objects.iter().map(hash).collect()
}

/// Waits for a worker. It can't fail but by a panic, which goes on here.
fn join<T>(worker: std::thread::ScopedJoinHandle<'_, T>) -> T {
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What runs. Blocks for as long as the processor needs.
pub(super) fn workloads(snapshot: &Snapshot) -> Vec<PreparedWorkload> {
    cluster::workloads(snapshot).iter().map(workload).collect()
}

fn workload(workload: &Workload<'_>) -> PreparedWorkload {
    // Those that only pods have come and go with them.
    let containers = workload.containers().filter(|at| at.pod.is_none());
    let containers: Vec<ContainerRow> = containers.map(|at| container(workload, at)).collect();
    let images: BTreeSet<&str> = containers.iter().map(|container| container.image.as_str()).collect();
    let mut prepared = PreparedWorkload {
        object: workload.reference.clone(),
        pods: i32::try_from(workload.pods.len()).unwrap_or(i32::MAX),
        images: images.into_iter().map(str::to_owned).collect(),
        service_account: workload.service_account().to_owned(),
        replicas: workload.replicas,
        containers,
        hash: Hash::default(),
    };
    let content = (
        prepared.pods,
        &prepared.service_account,
        prepared.replicas,
        &prepared.containers,
    );
    let content = serde_json::to_vec(&content).unwrap_or_default();
    prepared.hash = half(Sha256::new_with_prefix(content));
    prepared
}

fn container(workload: &Workload<'_>, at: ContainerAt<'_>) -> ContainerRow {
    let resources = at.container.resources.as_ref();
    let limit = |name: &str| resources.and_then(|resources| resources.limits.get(name));
    ContainerRow {
        name: at.container.name.clone(),
        init: at.list == ContainerList::Init,
        image: at.container.image.clone(),
        digest: running_digest(workload, &at.container.name)
            .unwrap_or_default()
            .to_owned(),
        cpu_limit_milli: limit("cpu").and_then(|limit| i64::try_from(limit.milli()?).ok()),
        memory_limit_bytes: limit("memory").and_then(|limit| i64::try_from(limit.value()?).ok()),
    }
}

/// The digest (`sha256:…`) that the first pod that tells runs.
fn running_digest<'a>(workload: &Workload<'a>, container: &str) -> Option<&'a str> {
    workload.pods.iter().find_map(|pod| {
        let status = pod.status.as_ref()?;
        let mut all = status.container_statuses.iter().chain(&status.init_container_statuses);
        let id = &all.find(|status| status.name == container)?.image_id;
        id.find("sha256:").map(|start| &id[start..])
    })
}

/// Kinds from which it follows which pods a workload has.
pub(super) const POD_CHAIN: &[Kind] = &[Kind::Pod, Kind::ReplicaSet, Kind::Job];

fn workloads_digest(kinds: &[PreparedKind]) -> Hash {
    let mut digest = Sha256::new();
    // Another release may conclude something else from the same.
    feed(&mut digest, [env!("CARGO_PKG_VERSION")]);
    for kind in kinds.iter().filter(|kind| runs_pods(kind.kind)) {
        digest.update([u8::from(kind.outcome.is_known())]);
        digest.update(kind.digest);
    }
    half(digest)
}

fn runs_pods(kind: Kind) -> bool {
    use Kind::{CronJob, DaemonSet, Deployment, ReplicationController, StatefulSet};
    POD_CHAIN.contains(&kind)
        || matches!(
            kind,
            CronJob | DaemonSet | Deployment | ReplicationController | StatefulSet
        )
}

/// What makes two versions of a finding differ.
#[derive(serde::Serialize)]
struct Content<'a> {
    severity: Severity,
    title: &'a str,
    message: &'a str,
    witness: Vec<&'a Witness>,
    patch: Option<&'a Patch>,
    expected: Option<&'a str>,
}

fn findings(new: &NewSnapshot) -> BTreeMap<String, (usize, Hash)> {
    let mut findings = BTreeMap::new();
    for (place, finding) in new.report.findings.iter().enumerate() {
        // Two findings with one identity are one; the first speaks for both.
        findings
            .entry(finding.id(new.cluster).0)
            .or_insert_with(|| (place, finding_hash(finding)));
    }
    findings
}

fn finding_hash(finding: &Finding) -> Hash {
    let content = Content {
        severity: finding.severity,
        title: &finding.title,
        message: &finding.message,
        // What was measured differs each time, without any change of the cluster.
        witness: finding.witness.iter().filter(|witness| !witness.measured).collect(),
        patch: finding.patch.as_ref(),
        expected: finding.expected.as_deref(),
    };
    half(Sha256::new_with_prefix(
        serde_json::to_vec(&content).unwrap_or_default(),
    ))
}

/// Of everything that decides which findings open and close, so that equal ones need no look at the database.
fn findings_digest(new: &NewSnapshot, findings: &BTreeMap<String, (usize, Hash)>) -> Hash {
    let mut digest = Sha256::new();
    for (id, (_, hash)) in findings {
        feed(&mut digest, [id.as_str()]);
        digest.update(hash);
    }
    let undecided = new.report.undecided.iter();
    let undecided = undecided.flat_map(|(check, objects)| objects.iter().map(move |object| (check, object)));
    for (check, object) in undecided {
        feed(
            &mut digest,
            [
                check.as_ref(),
                &object.group,
                &object.kind,
                &object.namespace,
                &object.name,
            ],
        );
    }
    for result in &new.report.results {
        feed(&mut digest, [result.check.as_str(), result.verdict.as_str()]);
    }
    half(digest)
}
