//! A user's own checks: files that say, in CEL, what must be true of an object.
//!
//! They are judged with the built-in ones, and what they find is a finding like any other. What one of them can't say of an
//! object, because a field that it reads is missing or the expression takes too long, is not evaluated.

mod error;
mod expression;
mod fields;
mod file;
mod judge;
mod limits;
mod parse;
mod scope;
mod told;

use std::collections::BTreeMap;

use shared::checks::{CheckInfo, Control, Scope};
use shared::verdict::{Area, Severity};

use crate::check::{Need, WORKLOADS};
use crate::framework;
use crate::model::Kind;
use crate::model::kind::Wire;
use expression::Expression;

pub use error::{Error, Flaw};
pub(crate) use judge::outcomes;
pub use parse::{MAX_CHECKS, parse};

/// A check that a user wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomCheck {
    /// Stable id, of words with dashes between them.
    pub id: String,
    /// What is wrong when it fails, in a few words.
    pub title: String,
    /// The practice it belongs to.
    pub area: Area,
    /// How bad a finding is.
    pub severity: Severity,
    /// Why it matters.
    pub rationale: String,
    /// What to do, in words.
    pub remediation: String,
    /// What it judges.
    pub subjects: Subjects,
    /// The controls that it answers, by the id of their framework.
    pub controls: BTreeMap<String, Vec<String>>,
    /// The file that it was read from.
    pub file: String,
    /// What must be true of an object.
    expression: Expression,
    /// What a finding says.
    message: Message,
    /// The fields that a finding shows; those that the expression reads, if there are none.
    fields: Vec<String>,
}

/// What a custom check judges.
#[derive(Debug, Clone, PartialEq)]
pub enum Subjects {
    /// Each workload, by its pod template.
    Workloads,
    /// Each object of these kinds.
    Kinds(Vec<Kind>),
}

/// What a finding says.
#[derive(Debug, Clone, PartialEq)]
enum Message {
    /// Always the same.
    Text(String),
    /// What this gives for the object.
    Expression(Expression),
}

impl CustomCheck {
    /// What must have been read before it can decide.
    pub(crate) fn needs(&self) -> Vec<Need> {
        let need = |kind: &Kind| match kind.info().wire {
            Wire::Json => Need::IfServed(*kind),
            Wire::Protobuf | Wire::Metadata | Wire::Table => Need::Read(*kind),
        };
        match &self.subjects {
            Subjects::Workloads => WORKLOADS.to_vec(),
            Subjects::Kinds(kinds) => kinds.iter().map(need).collect(),
        }
    }

    /// The check as the catalogue shows it.
    pub fn info(&self) -> CheckInfo {
        CheckInfo {
            id: self.id.clone(),
            title: self.title.clone(),
            area: self.area,
            severity: self.severity,
            scope: Scope::Object,
            rationale: self.rationale.clone(),
            remediation: self.remediation.clone(),
            reads: self.needs().iter().map(|need| need.kind().info().resource()).collect(),
            controls: self.named_controls(),
            source: Some(self.file.clone()),
        }
    }

    /// The controls by the names of their frameworks; a framework that is not built in is called by its id.
    fn named_controls(&self) -> Vec<Control> {
        let of_framework = |(id, controls): (&String, &Vec<String>)| {
            let name = framework::by_id(id).map_or(id.as_str(), |framework| framework.name.as_str());
            let control = |control: &String| Control {
                framework: name.to_owned(),
                id: control.clone(),
            };
            controls.iter().map(control).collect::<Vec<_>>()
        };
        self.controls.iter().flat_map(of_framework).collect()
    }
}
