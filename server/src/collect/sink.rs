//! Where what files hold comes together: objects by name, and what could not be read.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use analysis::kubernetes::lifecycle::Retired;
use analysis::model::kind::{Kind, Object};
use analysis::model::normalise::admit;
use serde_json::Value;
use shared::object::ObjectRef;

use super::budget::Values;
use super::{Position, words};

/// Objects that are read at most.
const MAX_OBJECTS: usize = 500_000;
/// How long reading may take, parsing included.
pub(super) const DEADLINE: Duration = Duration::from_secs(300);
/// Warnings that are kept; the others are counted.
const MAX_WARNINGS: usize = 200;
/// Names of kinds that are not read, of which examples are given.
const MAX_OTHER_KINDS: usize = 100;

type Key = (Kind, String, String);

fn key(object: &Object) -> Key {
    let meta = object.meta();
    (object.kind(), meta.namespace.clone(), meta.name.clone())
}

/// That the deadline passed.
pub(super) fn late() -> io::Error {
    let reason = format!("reading the manifests took longer than {} s", DEADLINE.as_secs());
    io::Error::new(io::ErrorKind::TimedOut, reason)
}

/// What was read so far, and where reading is.
#[derive(Default)]
pub(super) struct Sink {
    objects: BTreeMap<Key, (Object, Option<Position>)>,
    /// The `apiVersion` of those that are written in another than the usual one.
    written: BTreeMap<Key, String>,
    /// Objects of kinds that are not read, in a version that goes.
    retired: BTreeMap<ObjectRef, (&'static str, Option<Position>)>,
    warnings: Vec<String>,
    unsaid: usize,
    others: BTreeMap<String, usize>,
    /// How many have their name made, by the name that the first of them got.
    made: BTreeMap<Key, usize>,
    twice: usize,
    place: Place,
    /// The file on disk that is being read; none of standard input and of what an archive holds.
    on_disk: Option<Arc<Path>>,
    /// The instant at which reading ends; none where it may take as long as it likes.
    pub(super) deadline: Option<Instant>,
    is_late: bool,
    /// The values of the JSON object that is being read.
    pub(super) values: Values,
    /// Documents that could not be read.
    pub(super) failed: usize,
    /// Documents that could be.
    pub(super) parsed: usize,
}

/// A place in the input.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The file, and the archive around it.
    pub(super) file: String,
    /// The document in it, from 1.
    pub(super) document: usize,
    /// The document's first line, from 1.
    pub(super) line: u64,
    /// The line that its content starts in, where that is known.
    pub(super) content: Option<u64>,
}

/// What came of everything.
pub(super) struct Gathered {
    /// The objects, kind by kind.
    pub(super) objects: BTreeMap<Kind, Vec<Object>>,
    /// Where they are written, as far as that is in files.
    pub(super) positions: BTreeMap<ObjectRef, Position>,
    /// The `apiVersion` of those that are written in another than the usual one, or in one that goes.
    pub(super) written: BTreeMap<ObjectRef, String>,
    /// What there is to say.
    pub(super) warnings: Vec<String>,
}

impl Sink {
    /// Where reading ends at the deadline.
    pub(super) fn until(deadline: Instant) -> Self {
        Self {
            deadline: Some(deadline),
            ..Self::default()
        }
    }

    /// Goes on with a file on disk, or with what is none.
    pub(super) fn open(&mut self, on_disk: Option<&Path>) {
        self.on_disk = on_disk.map(Arc::from);
    }

    /// Goes on with a document.
    pub(super) fn begin(&mut self, place: Place) {
        self.place = Place {
            file: words::line(&place.file),
            ..place
        };
    }

    fn position(&self) -> Option<Position> {
        let file = self.on_disk.clone()?;
        let line = self.place.content;
        Some(Position { file, line })
    }

    /// Takes an object in, written in that `apiVersion` (empty where it does not say). Of two with the same name, the
    /// later stays, as it would with `kubectl apply`.
    pub(super) fn push(&mut self, object: Object, api_version: &str) {
        if self.is_full() {
            return;
        }
        let has_name = !object.meta().name.is_empty();
        let Some(mut object) = admit(object) else { return };
        if !has_name {
            self.number(&mut object);
        }
        self.note_version(&object, api_version);
        let position = self.position();
        self.twice += usize::from(self.objects.insert(key(&object), (object, position)).is_some());
    }

    fn note_version(&mut self, object: &Object, api_version: &str) {
        if api_version.is_empty() || object.kind().info().api_version() == api_version {
            self.written.remove(&key(object));
        } else {
            self.written.insert(key(object), words::line(api_version));
        }
    }

    /// Tells apart objects that have their names made and hold the same: each of them is one more.
    fn number(&mut self, object: &mut Object) {
        let count = self.made.entry(key(object)).or_default();
        *count += 1;
        if *count > 1 {
            object.meta_mut().name += &format!("-{count}");
        }
    }

    /// Whether no more objects are taken in.
    pub(super) fn is_full(&self) -> bool {
        self.objects.len() >= MAX_OBJECTS
    }

    /// Whether reading ends before this file. That it is too late is said once.
    pub(super) fn is_over(&mut self, file: &str) -> bool {
        if !self.is_late && self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.is_late = true;
            self.reject_file(file, &late());
        }
        self.is_late || self.is_full()
    }

    /// Counts an object of a kind that Plimsoll does not read.
    pub(super) fn ignore(&mut self, api_version: &str, kind: &str) {
        let name = words::line(&if kind.is_empty() {
            "no kind".to_owned()
        } else {
            format!("{kind} ({api_version})")
        });
        if self.others.len() < MAX_OTHER_KINDS || self.others.contains_key(&name) {
            *self.others.entry(name).or_default() += 1;
        } else {
            *self.others.entry("others".into()).or_default() += 1;
        }
    }

    /// Notes an object of a kind that Plimsoll does not read, as it is written in a version that goes.
    pub(super) fn note_retired(&mut self, retired: &'static Retired, kind: &str, metadata: &Value) {
        let said = |key: &str| words::line(metadata.get(key).and_then(Value::as_str).unwrap_or_default());
        if self.retired.len() < MAX_OBJECTS {
            let reference = retired.reference(kind, &said("namespace"), &said("name"));
            let position = self.position();
            self.retired.insert(reference, (retired.api_version, position));
        }
    }

    /// The document can't be read: what is wrong, and in which line of it.
    pub(super) fn reject(&mut self, reason: &str, line: Option<u64>) {
        self.failed += 1;
        let Place {
            file,
            document,
            line: first,
            ..
        } = &self.place;
        let line = first + line.unwrap_or(1).saturating_sub(1);
        self.warn(format!("{file}, document {document}, line {line}: {reason}"));
    }

    /// One item of a list can't be read; the others can.
    pub(super) fn reject_item(&mut self, item: usize, reason: &str) {
        self.reject(&format!("item {item} of the list: {reason}"), None);
    }

    /// A file can't be read.
    pub(super) fn reject_file(&mut self, file: &str, error: &io::Error) {
        self.failed += 1;
        self.warn(format!("{}: {}", words::line(file), words::line(&error.to_string())));
    }

    /// Says something.
    pub(super) fn warn(&mut self, warning: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        } else {
            self.unsaid += 1;
        }
    }

    /// Why there may be more than was read; none where all of it was.
    pub(super) fn gap(&self) -> Option<String> {
        if self.failed > 0 {
            Some(format!("{} documents or files could not be read", self.failed))
        } else {
            self.is_full().then(|| "there is more than Plimsoll reads".to_owned())
        }
    }

    /// The first thing that there was to say.
    pub(super) fn first_warning(&self) -> Option<&String> {
        self.warnings.first()
    }

    /// All of it.
    pub(super) fn finish(mut self) -> Gathered {
        let mut summary = self.summary();
        let mut objects: BTreeMap<Kind, Vec<Object>> = BTreeMap::new();
        let mut positions = BTreeMap::new();
        let mut written = BTreeMap::new();
        for (key, (object, position)) in self.objects {
            let kind = key.0;
            written.extend(
                self.written
                    .remove(&key)
                    .map(|api_version| (object.reference(), api_version)),
            );
            positions.extend(position.map(|position| (object.reference(), position)));
            objects.entry(kind).or_default().push(object);
        }
        for (reference, (api_version, position)) in self.retired {
            positions.extend(position.map(|position| (reference.clone(), position)));
            written.insert(reference, api_version.to_owned());
        }
        self.warnings.append(&mut summary);
        Gathered {
            objects,
            positions,
            written,
            warnings: self.warnings,
        }
    }

    fn summary(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.unsaid > 0 {
            lines.push(format!("{} more problems", self.unsaid));
        }
        if self.is_full() {
            lines.push(format!(
                "there are more than {MAX_OBJECTS} objects: the others were not read"
            ));
        }
        if self.twice > 0 {
            lines.push(format!(
                "{} objects occur more than once: of each, the last counts",
                self.twice
            ));
        }
        let others: usize = self.others.values().sum();
        if others > 0 {
            let examples: Vec<&str> = self.others.keys().take(5).map(String::as_str).collect();
            lines.push(format!(
                "{others} documents of kinds that are not read: {}",
                examples.join(", ")
            ));
        }
        lines
    }
}
