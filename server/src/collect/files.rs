//! A cluster as manifests describe it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use analysis::model::{Kind, Snapshot};
use analysis::usage;
use serde::de::DeserializeSeed;
use shared::clusters::Source;
use shared::ids::ClusterId;
use shared::snapshots::Collected;
use uuid::Uuid;

use super::budget::Counted;
use super::documents::Documents;
use super::manifest::Manifest;
use super::sink::{self, DEADLINE, Gathered, Place, Sink};
use super::{CollectError, Collection, archive, roles, tree, words};

/// The largest file.
const MAX_FILE: u64 = 128 << 20;
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Kinds that controllers make and nobody writes down: where no manifest holds one, nothing is known of them.
const NOT_SHOWN: &[Kind] = &[
    Kind::Node,
    Kind::EndpointSlice,
    Kind::CertificateSigningRequest,
    Kind::VulnerabilityReport,
    Kind::PolicyReport,
    Kind::ClusterPolicyReport,
    Kind::OpenReport,
    Kind::ClusterOpenReport,
    Kind::PodMetrics,
];

/// Reads manifests: directories, YAML and JSON files, tar.gz archives, and `stdin` for `-`. It blocks.
///
/// # Errors
/// A path can't be read, or nothing of what there is can be parsed.
pub fn collect(paths: &[PathBuf], name: &str, stdin: impl Read) -> Result<Collection, CollectError> {
    let mut sink = Sink::until(Instant::now() + DEADLINE);
    let mut stdin = Some(stdin);
    for path in paths {
        if sink.is_over(&path.display().to_string()) {
            break;
        }
        let read = match path.to_str() {
            Some("-") => stdin
                .take()
                .map_or(Ok(()), |stdin| read_any("stdin", None, stdin, &mut sink)),
            _ => read_path(path, &mut sink),
        };
        read.map_err(|source| CollectError::Input {
            path: path.display().to_string(),
            source,
        })?;
    }
    if sink.parsed == 0 {
        let why = sink.first_warning().cloned();
        return Err(CollectError::NothingRead(
            why.unwrap_or_else(|| "the input is empty".into()),
        ));
    }
    let gap = sink.gap();
    let mut collection = collection(name, sink.finish());
    collection.snapshot.gap = gap;
    roles::doubt(&mut collection.snapshot);
    usage::settle(&mut collection.snapshot);
    Ok(collection)
}

fn collection(name: &str, gathered: Gathered) -> Collection {
    let mut objects = gathered.objects;
    let mut snapshot = Snapshot::new("");
    for kind in Kind::ALL {
        let objects = objects.remove(kind).unwrap_or_default();
        let outcome = if objects.is_empty() && NOT_SHOWN.contains(kind) {
            Collected::Skipped {
                reason: "manifests don't show it".into(),
            }
        } else {
            Collected::Collected {
                count: u32::try_from(objects.len()).unwrap_or(u32::MAX),
            }
        };
        snapshot.set(*kind, outcome, objects);
    }
    snapshot.written = Some(gathered.written);
    let id = ClusterId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()));
    Collection {
        id,
        name: name.to_owned(),
        source: Source::Files,
        snapshot,
        positions: gathered.positions,
        warnings: gathered.warnings,
    }
}

fn read_path(path: &Path, sink: &mut Sink) -> io::Result<()> {
    if !path.is_dir() {
        return read_any(&path.display().to_string(), Some(path), File::open(path)?, sink);
    }
    let manifests = tree::manifests(path, sink)?;
    if manifests.is_empty() {
        sink.warn(format!(
            "{}: there are no manifests (.yaml, .yml or .json)",
            path.display()
        ));
    }
    for manifest in manifests {
        let name = manifest.display().to_string();
        if sink.is_over(&name) {
            break;
        }
        sink.open(Some(&manifest));
        match File::open(&manifest) {
            Ok(file) => read(&name, file, sink),
            Err(error) => sink.reject_file(&name, &error),
        }
    }
    Ok(())
}

/// Reads what was named: an archive by its name or first bytes, else manifests.
fn read_any(name: &str, on_disk: Option<&Path>, input: impl Read, sink: &mut Sink) -> io::Result<()> {
    let mut input = BufReader::new(input);
    if archive::is_archive(name) || input.fill_buf()?.starts_with(GZIP) {
        sink.open(None);
        archive::read(name, input, sink);
    } else {
        sink.open(on_disk);
        read(name, input, sink);
    }
    Ok(())
}

/// Reads the manifests of one file. What goes wrong is told to the sink.
pub(super) fn read(name: &str, input: impl Read, sink: &mut Sink) {
    let mut input = BufReader::with_capacity(LOOK, Bounded::new(input, MAX_FILE, sink.deadline));
    sink.begin(place(name, 1, 1, None));
    let read = match is_json(name, &mut input) {
        Ok(true) => read_json(name, input, sink),
        Ok(false) => read_yaml(name, input, sink),
        Err(error) => Err(error),
    };
    if let Err(error) = read {
        sink.reject(&words::line(&error.to_string()), None);
    }
}

/// How much of a file is looked at to tell what it is.
const LOOK: usize = 64 << 10;

fn is_json(name: &str, input: &mut impl BufRead) -> io::Result<bool> {
    // A stream of YAML whose documents are JSON: in JSON itself, no line begins so.
    if input.fill_buf()?.windows(4).any(|bytes| bytes == b"\n---") {
        return Ok(false);
    }
    if Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    {
        return Ok(true);
    }
    // A quote after the brace: `{{` begins a template, and `{a: 1}` is YAML.
    let start = input.fill_buf()?.trim_ascii_start();
    Ok(start
        .strip_prefix(b"{")
        .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"")))
}

fn place(file: &str, document: usize, line: u64, content: Option<u64>) -> Place {
    Place {
        file: file.to_owned(),
        document,
        line,
        content,
    }
}

fn read_yaml(name: &str, input: impl BufRead, sink: &mut Sink) -> io::Result<()> {
    let mut documents = Documents::new(input);
    loop {
        let (number, line) = documents.ahead();
        sink.begin(place(name, number, line, None));
        let Some(document) = documents.next()? else {
            break;
        };
        sink.begin(place(name, document.number, document.line, Some(document.content)));
        match document.text {
            Ok(text) => parse_yaml(&text, sink),
            Err(flaw) => sink.reject(&flaw.to_string(), None),
        }
        if sink.is_full() {
            break;
        }
    }
    Ok(())
}

fn parse_yaml(text: &str, sink: &mut Sink) {
    let options = serde_saphyr::options! {
        legacy_octal_numbers: true,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_nodes: 2_000_000, max_events: 4_000_000 },
    };
    let parsed = serde_saphyr::with_deserializer_from_str_with_options(text, options, |deserializer| {
        Manifest(sink).deserialize(deserializer)
    });
    match parsed {
        Ok(()) => sink.parsed += 1,
        Err(error) => {
            let (reason, line) = words::yaml(&error);
            sink.reject(&reason, line);
        }
    }
}

/// JSON documents, one after the other. Where one is broken, there is no telling where the next begins.
fn read_json(name: &str, input: impl BufRead, sink: &mut Sink) -> io::Result<()> {
    let input = Counted::new(input, sink.values.clone());
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    let mut number = 0;
    while deserializer.end().is_err() && !sink.is_full() {
        number += 1;
        sink.values.reset();
        sink.begin(place(name, number, 1, (number == 1).then_some(1)));
        match Manifest(sink).deserialize(&mut deserializer) {
            Ok(()) => sink.parsed += 1,
            Err(error) if error.is_io() => return Err(error.into()),
            Err(error) => {
                sink.reject(&words::json(&error), Some(error.line() as u64));
                break;
            }
        }
    }
    Ok(())
}

/// A reader that fails where more comes than it may, or too late.
pub(super) struct Bounded<R> {
    reader: R,
    left: u64,
    most: u64,
    deadline: Option<Instant>,
}

impl<R: Read> Bounded<R> {
    /// Lets at most `most` bytes through, and none after the deadline.
    pub(super) fn new(reader: R, most: u64, deadline: Option<Instant>) -> Self {
        Self {
            reader,
            left: most,
            most,
            deadline,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(sink::late());
        }
        let count = self.reader.read(buffer)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other(format!("it is larger than {} MiB", self.most >> 20)))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_after_the_deadline_is_not_read_and_said_with_its_place() {
        for (name, text) in [("a.yaml", "kind: Pod"), ("a.json", "{}")] {
            let mut sink = Sink::until(Instant::now());
            read(name, text.as_bytes(), &mut sink);
            let warning = sink.first_warning().cloned().unwrap();
            assert_eq!(
                warning,
                format!("{name}, document 1, line 1: reading the manifests took longer than 300 s")
            );
            assert!(sink.is_over("b.yaml") && sink.gap().is_some());
        }
    }
}
