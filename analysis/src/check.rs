//! What a check is: data plus a function.

use std::collections::BTreeMap;

use shared::checks::{CheckInfo, Scope};
use shared::object::ObjectRef;
use shared::verdict::{Area, Severity};

use crate::cluster::{Cluster, ContainerAt, Workload};
use crate::finding::Finding;
use crate::framework;
use crate::model::namespace::Namespace;
use crate::model::{Kind, Object};

/// One check. Each lives in a file of its own under `checks/<area>/`, as `pub static CHECK`.
#[derive(Debug)]
pub struct Check {
    /// Stable id: `cluster-admin-bound`, the file's name with dashes.
    pub id: &'static str,
    /// What is wrong when it fails, in a few words.
    pub title: &'static str,
    /// The practice it belongs to.
    pub area: Area,
    /// How bad a finding is, unless the finding itself says otherwise.
    pub severity: Severity,
    /// Why it matters.
    pub rationale: &'static str,
    /// What to do, in words.
    pub remediation: &'static str,
    /// What must have been read before it can decide.
    pub reads: &'static [Need],
    /// How it judges.
    pub judge: Judge,
}

/// A kind that a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must have been read whole.
    Read(Kind),
    /// It must have been read whole, or the cluster must not serve it: then there are none.
    IfServed(Kind),
}

impl Need {
    /// The kind.
    pub fn kind(self) -> Kind {
        match self {
            Self::Read(kind) | Self::IfServed(kind) => kind,
        }
    }
}

/// What a check of workloads reads.
pub const WORKLOADS: &[Need] = &[
    Need::Read(Kind::Pod),
    Need::Read(Kind::Deployment),
    Need::Read(Kind::StatefulSet),
    Need::Read(Kind::DaemonSet),
    Need::Read(Kind::ReplicaSet),
    Need::Read(Kind::ReplicationController),
    Need::Read(Kind::Job),
    Need::Read(Kind::CronJob),
];

/// What a check of workloads reads, and `more`; `N` is how many kinds these are together.
pub const fn workloads_and<const N: usize>(more: &[Need]) -> [Need; N] {
    let mut all = [WORKLOADS[0]; N];
    assert!(N == WORKLOADS.len() + more.len(), "N counts the kinds");
    let mut place = 0;
    while place < N {
        all[place] = if place < more.len() {
            more[place]
        } else {
            WORKLOADS[place - more.len()]
        };
        place += 1;
    }
    all
}

/// How a check judges: its scope, and the function that is called for each subject.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// Each workload, by its pod specification.
    Workload(fn(&Cluster<'_>, &Workload<'_>) -> Outcome),
    /// Each object of these kinds, by itself.
    Object(&'static [Kind], fn(&Cluster<'_>, &Object) -> Outcome),
    /// Each namespace with what is in it.
    Namespace(fn(&Cluster<'_>, &Namespace) -> Outcome),
    /// The whole cluster at once.
    Cluster(fn(&Cluster<'_>) -> Outcome),
    /// Subjects of several sorts, each in its own way.
    Each(&'static [Judge]),
}

/// What the function says of one subject.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The check has nothing to say about it; it is not counted.
    NotApplicable,
    /// Nothing is wrong.
    Pass,
    /// Something is.
    Fail(Vec<Finding>),
    /// Something is, and more may be that can't be seen; says what is missing.
    FailInPart(Vec<Finding>, String),
    /// Only a person can tell; says what to look at.
    Manual(String),
    /// It can't be seen; says what is missing.
    NotEvaluated(String),
}

/// What a message says of a container that no template has.
pub fn added_note(at: ContainerAt<'_>) -> &'static str {
    match at.pod {
        Some(_) => " The container exists only in running pods, not in the template that they are made of.",
        None => "",
    }
}

/// Of findings with one identity, the worst, and of several as bad the first.
fn distinct(findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() < 2 {
        return findings;
    }
    let mut places: BTreeMap<(&ObjectRef, &str), usize> = BTreeMap::new();
    let mut kept: Vec<usize> = Vec::with_capacity(findings.len());
    for (at, finding) in findings.iter().enumerate() {
        let place = *places
            .entry((&finding.object, &finding.subkey))
            .or_insert_with(|| kept.len());
        match kept.get_mut(place) {
            None => kept.push(at),
            Some(best) if findings[*best].severity < finding.severity => *best = at,
            Some(_) => {}
        }
    }
    if kept.len() == findings.len() {
        return findings;
    }
    let mut findings: Vec<_> = findings.into_iter().map(Some).collect();
    kept.into_iter().filter_map(|at| findings[at].take()).collect()
}

impl Outcome {
    /// Fails with these findings, passes without any.
    pub fn of(findings: Vec<Finding>) -> Self {
        let findings = distinct(findings);
        if findings.is_empty() {
            Self::Pass
        } else {
            Self::Fail(findings)
        }
    }

    /// What is wrong, to add to.
    pub fn findings_mut(&mut self) -> &mut [Finding] {
        match self {
            Self::Fail(findings) | Self::FailInPart(findings, _) => findings,
            Self::NotApplicable | Self::Pass | Self::Manual(_) | Self::NotEvaluated(_) => &mut [],
        }
    }

    /// The same where part of the subject may be out of sight: then it never passes.
    pub fn of_seen(findings: Vec<Finding>, unseen: Option<String>) -> Self {
        match unseen {
            None => Self::of(findings),
            Some(reason) if findings.is_empty() => Self::NotEvaluated(reason),
            Some(reason) => Self::FailInPart(distinct(findings), reason),
        }
    }
}

impl Check {
    /// A finding of this check, with its severity, and no evidence yet.
    pub fn finding(
        &self,
        object: ObjectRef,
        subkey: impl Into<String>,
        title: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            check: self.id.into(),
            severity: self.severity,
            object,
            subkey: subkey.into(),
            title: title.into(),
            message: message.into(),
            witness: Vec::new(),
            patch: None,
            change: String::new(),
            expected: None,
        }
    }

    /// A finding about one container of a workload; of one that several pods have but no template, there is one for all.
    pub fn container_finding(
        &self,
        workload: &Workload<'_>,
        at: ContainerAt<'_>,
        title: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding {
        let message = message.into() + added_note(at);
        self.finding(workload.reference.clone(), &at.container.name, title, message)
    }

    /// How much one evaluation looks at.
    pub fn scope(&self) -> Scope {
        match self.judge {
            Judge::Workload(_) | Judge::Object(..) | Judge::Each(_) => Scope::Object,
            Judge::Namespace(_) => Scope::Namespace,
            Judge::Cluster(_) => Scope::Cluster,
        }
    }

    /// The check as the catalogue shows it.
    pub fn info(&self) -> CheckInfo {
        CheckInfo {
            id: self.id.into(),
            title: self.title.into(),
            area: self.area,
            severity: self.severity,
            scope: self.scope(),
            rationale: self.rationale.into(),
            remediation: self.remediation.into(),
            reads: self.reads.iter().map(|need| need.kind().info().resource()).collect(),
            controls: framework::controls_of(self.id),
            source: None,
        }
    }
}
