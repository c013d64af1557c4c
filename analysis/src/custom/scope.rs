//! What an expression sees of an object.

use std::collections::HashMap;

use cel::Context;
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelMap, CelNull, CelString, CelUInt};
use cel::common::value::Val;
use serde_json::Value;
use shared::findings::Witness;
use shared::object::ObjectRef;

use super::fields::FieldPath;
use super::told::evidence;
use super::{CustomCheck, Subjects};
use crate::cluster::{Cluster, Workload};
use crate::field;
use crate::model::workload::pod_spec_path;
use crate::model::{Kind, Object};

/// The object in the shape of a manifest.
const OBJECT: &str = "object";
/// The specification of a workload's pods.
const POD: &str = "pod";
/// Their labels and annotations.
const METADATA: &str = "metadata";

impl Subjects {
    /// The variables of an expression.
    pub(super) fn variables(&self) -> &'static [&'static str] {
        match self {
            Self::Workloads => &[OBJECT, POD, METADATA],
            Self::Kinds(_) => &[OBJECT],
        }
    }
}

/// An object to judge.
pub(super) struct Subject {
    /// What a finding sits on.
    pub(super) reference: ObjectRef,
    /// What was read: the object, or of a workload whose object was not, one of its pods.
    read: ObjectRef,
    manifest: Value,
    /// Where the pod specification stands, if it is judged as a workload.
    path: &'static str,
}

impl Subject {
    pub(super) fn of_object(object: &Object) -> Self {
        let reference = object.reference();
        Self {
            read: reference.clone(),
            manifest: object.to_manifest(),
            path: "",
            reference,
        }
    }

    /// None where neither the workload's object nor a pod of it was read.
    pub(super) fn of_workload(cluster: &Cluster<'_>, workload: &Workload<'_>) -> Option<Self> {
        let object = workload.object.or_else(|| {
            let pod = workload.pods.iter().find_map(|pod| pod.metadata.as_ref())?;
            let object = cluster.snapshot.get(Kind::Pod, &pod.namespace, &pod.name)?;
            Some(object.as_ref())
        })?;
        Some(Self {
            reference: workload.reference.clone(),
            read: object.reference(),
            manifest: object.to_manifest(),
            path: pod_spec_path(object.kind()),
        })
    }

    /// Puts the variables into a scope. Those of a workload whose object was not read lack `object`.
    pub(super) fn bind(&self, scope: &mut Context<'_, 'static>) {
        if self.path.is_empty() || self.read == self.reference {
            scope.add_variable_as_val(OBJECT, value(&self.manifest));
        }
        if !self.path.is_empty() {
            let at = |path: &str| match field::look_up(&self.manifest, &field::split(path)) {
                Value::Null => value(&Value::Object(serde_json::Map::new())),
                found => value(&found),
            };
            scope.add_variable_as_val(POD, at(self.path));
            scope.add_variable_as_val(METADATA, at(&self.metadata_path()));
        }
    }

    /// `spec.template.metadata`, beside `spec.template.spec`.
    fn metadata_path(&self) -> String {
        match self.path.rsplit_once('.') {
            Some((parent, _)) => format!("{parent}.{METADATA}"),
            None => METADATA.to_owned(),
        }
    }

    /// The evidence: the fields that the check names, or else those that it reads.
    pub(super) fn witness(&self, check: &CustomCheck) -> Vec<Witness> {
        let witness = |path: String| Witness {
            object: self.read.clone(),
            value: evidence(field::look_up(&self.manifest, &field::split(&path))),
            path,
            measured: false,
        };
        match check.fields.as_slice() {
            [] => check
                .expression
                .fields
                .iter()
                .map(|field| witness(self.place(field)))
                .collect(),
            fields => fields.iter().map(|field| witness(field.clone())).collect(),
        }
    }

    /// Where a field that is reached from a variable stands in the object.
    fn place(&self, field: &FieldPath) -> String {
        let prefix = match field.root {
            POD => self.path.to_owned(),
            METADATA => self.metadata_path(),
            _ => String::new(),
        };
        let before = field::split(&prefix);
        field::join(before.iter().chain(&field.keys).map(String::as_str))
    }
}

/// A value of JSON as one of CEL; numbers without a fraction are `int`.
fn value(json: &Value) -> Box<dyn Val> {
    match json {
        Value::Null => Box::new(CelNull),
        Value::Bool(is) => Box::new(CelBool::from(*is)),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Box::new(CelInt::from(number)),
            (None, Some(number)) => Box::new(CelUInt::from(number)),
            (None, None) => Box::new(CelDouble::from(number.as_f64().unwrap_or_default())),
        },
        Value::String(text) => Box::new(CelString::from(text.clone())),
        Value::Array(items) => Box::new(CelList::from(items.iter().map(value).collect::<Vec<_>>())),
        Value::Object(fields) => {
            let entries = fields.iter().map(|(name, field)| (name.clone().into(), value(field)));
            Box::new(CelMap::from(entries.collect::<HashMap<_, _>>()))
        }
    }
}
