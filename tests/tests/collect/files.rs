//! Collecting from manifests, hostile ones among them: each ends in a warning, and the rest is read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use analysis::model::Kind;
use flate2::Compression;
use flate2::write::GzEncoder;
use server::collect::{CollectError, Collection, files};
use shared::snapshots::Collected;

use super::names;

const GOOD: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: good}\n";

fn read(paths: &[&Path]) -> Result<Collection, CollectError> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    files::collect(&paths, "test", io::empty())
}

fn from_stdin(text: &str) -> Collection {
    files::collect(&["-".into()], "test", text.as_bytes()).unwrap()
}

/// What becomes of a document that means harm, with a good one after it in its file and another in a file of its own.
fn hostile(document: &[u8]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let mut file = document.to_vec();
    file.extend_from_slice(b"\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: after}\n");
    fs::write(directory.path().join("a.yaml"), file).unwrap();
    fs::write(directory.path().join("b.yaml"), GOOD).unwrap();
    let collection = read(&[directory.path()]).unwrap();
    assert_eq!(
        names(&collection.snapshot, Kind::Namespace),
        ["Namespace after", "Namespace good"]
    );
    collection.warnings
}

fn is_refused(document: &[u8], reason: &str) {
    let warnings = hostile(document);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("a.yaml, document 1, line ") && warnings[0].contains(reason),
        "{warnings:?}"
    );
}

#[test]
fn billion_laughs_is_refused() {
    let mut text =
        "apiVersion: v1\nkind: ConfigMap\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    is_refused(text.as_bytes(), "repeats too much by aliases");
}

#[test]
fn hundred_thousand_nested_maps_are_refused() {
    let nested = format!("apiVersion: v1\nkind: Pod\nspec: {}", "{a: ".repeat(100_000));
    is_refused(nested.as_bytes(), "document 1");
}

#[test]
fn hundred_thousand_nested_lists_in_json_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let nested = format!(r#"{{"apiVersion":"v1","kind":"Pod","spec":{}"#, "[".repeat(100_000));
    fs::write(directory.path().join("a.json"), nested).unwrap();
    fs::write(directory.path().join("b.yaml"), GOOD).unwrap();
    let collection = read(&[directory.path()]).unwrap();
    assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace good"]);
    assert!(
        collection.warnings[0].contains("a.json, document 1, line 1"),
        "{:?}",
        collection.warnings
    );
}

/// As one object, as an item of a list, and before a kind is known.
#[test]
fn millions_of_tiny_values_in_json_are_refused_and_what_came_before_stays() {
    let many = format!("[{}0]", "{},".repeat(600_000));
    let good = r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"early"}}"#;
    let pod = format!(r#"{{"apiVersion":"v1","kind":"Pod","spec":{{"containers":{many}}}}}"#);
    for text in [
        format!("{good}{pod}"),
        format!(r#"{good}{{"apiVersion":"v1","kind":"List","items":[{good},{pod}]}}"#),
        format!(r#"{good}{{"spec":{many},"apiVersion":"v1","kind":"Pod"}}"#),
    ] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.json"), text).unwrap();
        let collection = read(&[directory.path()]).unwrap();
        assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace early"]);
        assert!(collection.snapshot.of(Kind::Pod).is_empty() && collection.snapshot.gap.is_some());
        let warning = &collection.warnings[0];
        assert!(
            warning.contains("a.json, document 2, line 1: an object of it has more than 500000 values"),
            "{warning}"
        );
    }
}

#[test]
fn many_small_objects_are_no_large_one() {
    let item = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"same","labels":{"a":"b","c":"d"}}}"#;
    let items = vec![item; 100_000].join(",");
    let collection = from_stdin(&format!(r#"{{"apiVersion":"v1","kind":"List","items":[{items}]}}"#));
    assert_eq!(names(&collection.snapshot, Kind::ConfigMap), ["ConfigMap default/same"]);
    assert_eq!(collection.snapshot.gap, None);
}

#[test]
fn object_without_a_name_is_the_same_whatever_stands_beside_it() {
    let job = |image: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{generateName: migrate-}}\nspec: {{template: {{spec: {{containers: [{{name: c, image: {image}}}]}}}}}}\n---\n"
        )
    };
    let jobs = |text: &str| names(&from_stdin(text).snapshot, Kind::Job);
    let alone = jobs(&job("a"));
    assert!(alone[0].starts_with("Job default/migrate-"), "{alone:?}");
    assert_eq!(
        jobs(&(job("b") + GOOD + "---\n" + &job("a")))
            .iter()
            .filter(|name| **name == alone[0])
            .count(),
        1
    );
    let twice = jobs(&(job("a") + &job("a")));
    assert_eq!(twice, [alone[0].clone(), format!("{}-2", alone[0])]);
}

#[test]
fn twenty_thousand_aliases_are_refused() {
    let big = format!(
        "apiVersion: v1\nkind: Pod\nx: &x {}\nlist:\n{}",
        "y".repeat(60_000),
        "- *x\n".repeat(20_000)
    );
    is_refused(big.as_bytes(), "repeats too much by aliases");
}

#[test]
fn huge_document_is_refused() {
    let huge = format!(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n{}",
        "  key: value\n".repeat(2 << 20)
    );
    is_refused(huge.as_bytes(), "the document is larger than 16 MiB");
}

#[test]
fn document_that_is_not_utf8_is_refused() {
    is_refused(
        b"apiVersion: v1\nkind: Pod\nmetadata: {name: \xff\xfe}",
        "the document is not UTF-8",
    );
}

#[test]
fn template_of_helm_is_refused() {
    is_refused(b"{{- if .Values.enabled }}\napiVersion: v1\n{{- end }}", "document 1");
}

#[test]
fn value_of_the_wrong_type_is_told_by_line_and_never_repeated() {
    let secret = b"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n\ndata: canary";
    let warnings = hostile(secret);
    assert!(
        warnings[0].contains("a.yaml, document 1, line 5: a value is of the wrong type"),
        "{warnings:?}"
    );
    assert!(!warnings[0].contains("canary"), "{warnings:?}");
}

#[test]
fn no_secret_of_a_manifest_is_kept() {
    let collection = from_stdin(include_str!("../../fixtures/built-in.yaml"));
    for object in collection.snapshot.objects() {
        let shown = format!("{object:?} {}", object.to_manifest());
        assert!(
            !shown.contains("canary") && !shown.contains("Y2FuYXJ5"),
            "{}",
            object.reference()
        );
    }
    assert!(collection.warnings.is_empty(), "{:?}", collection.warnings);
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in entries {
        let mut header = tar::Header::new_gnu();
        // Written by hand, as the library refuses paths that lead out.
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

#[test]
fn archive_is_read_and_its_paths_are_only_names() {
    let packed = archive(&[
        ("../../etc/a.yaml", GOOD.as_bytes()),
        ("README.md", b"kind: Pod"),
        ("b.json", b"{"),
    ]);
    let collection = files::collect(&["-".into()], "test", packed.as_slice()).unwrap();
    assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace good"]);
    assert_eq!(collection.warnings.len(), 1);
    assert!(
        collection.warnings[0].starts_with("stdin:b.json, document 1"),
        "{:?}",
        collection.warnings
    );
}

#[test]
fn archive_that_unpacks_to_too_much_ends_there_and_what_came_before_stays() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bomb.tgz");
    let mut builder = tar::Builder::new(GzEncoder::new(fs::File::create(&path).unwrap(), Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(GOOD.len() as u64);
    builder.append_data(&mut header, "a.yaml", GOOD.as_bytes()).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(1 << 30);
    builder
        .append_data(&mut header, "b.bin", io::Read::take(io::repeat(0), 1 << 30))
        .unwrap();
    builder.into_inner().unwrap().finish().unwrap();
    let collection = read(&[&path]).unwrap();
    assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace good"]);
    assert!(
        collection.warnings[0].contains("larger than 256 MiB"),
        "{:?}",
        collection.warnings
    );
}

#[test]
fn archive_that_is_cut_off_keeps_what_came_before() {
    let mut packed = archive(&[("a.yaml", GOOD.as_bytes()), ("b.yaml", &vec![b'#'; 100_000])]);
    packed.truncate(packed.len() - 20);
    let collection = files::collect(&["-".into()], "test", packed.as_slice()).unwrap();
    assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace good"]);
    assert!(
        collection.warnings[0].starts_with("stdin:b.yaml, document 1, "),
        "{:?}",
        collection.warnings
    );
}

#[test]
fn directory_is_read_whole_but_no_link_leads_out_of_it() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.yaml"), GOOD).unwrap();
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir_all(directory.path().join("a/b")).unwrap();
    fs::write(directory.path().join("a/b/c.YML"), GOOD.replace("good", "deep")).unwrap();
    fs::write(directory.path().join("notes.txt"), GOOD.replace("good", "notes")).unwrap();
    std::os::unix::fs::symlink(outside.path(), directory.path().join("out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), directory.path().join("out.yaml")).unwrap();
    std::os::unix::fs::symlink(directory.path(), directory.path().join("a/loop")).unwrap();
    let collection = read(&[directory.path()]).unwrap();
    assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace deep"]);
    assert_eq!(collection.warnings.len(), 2, "{:?}", collection.warnings);
}

#[test]
fn documents_of_json_in_a_stream_of_yaml_are_read() {
    let text = r#"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}
---
{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}}
"#;
    let collection = from_stdin(text);
    assert_eq!(
        names(&collection.snapshot, Kind::Namespace),
        ["Namespace a", "Namespace b"]
    );
    assert!(collection.warnings.is_empty(), "{:?}", collection.warnings);
}

#[test]
fn json_documents_and_lists_are_read() {
    let text = r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"n"}}],"kind":"List"}
        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n","namespace":"ignored"}}"#;
    let collection = from_stdin(text);
    assert_eq!(names(&collection.snapshot, Kind::Pod), ["Pod n/p"]);
    assert_eq!(names(&collection.snapshot, Kind::Namespace), ["Namespace n"]);
}

#[test]
fn nulls_and_old_octals_are_read_as_kubectl_reads_them() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, creationTimestamp: null}\nspec:\n  securityContext: {runAsUser: 0644}\n  volumes: [{name: v, hostPath: {path: /etc, type: null}}]\n";
    let pod = from_stdin(text).snapshot.of(Kind::Pod)[0].to_manifest();
    assert_eq!(pod["spec"]["securityContext"]["runAsUser"], 420);
    assert_eq!(pod["spec"]["volumes"][0]["hostPath"]["path"], "/etc");
}

#[test]
fn kinds_that_manifests_do_not_show_are_skipped_unless_one_does() {
    let reports = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/custom.yaml")).unwrap();
    let with = from_stdin(&reports);
    let without = from_stdin(GOOD);
    assert_eq!(with.snapshot.outcome(Kind::VulnerabilityReport).count(), Some(1));
    assert_eq!(without.snapshot.outcome(Kind::VulnerabilityReport).word(), "skipped");
    assert_eq!(without.snapshot.outcome(Kind::Pod), Collected::Collected { count: 0 });
    assert_eq!(without.id, with.id);
}

#[test]
fn what_pods_use_is_read_from_what_kubectl_prints() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: n}\nspec: {containers: [{name: c}]}\n";
    let item = r#"{"metadata":{"name":"a","namespace":"n"},"timestamp":"2026-11-29T10:00:00Z","window":"15s","containers":[{"name":"c","usage":{"cpu":"3m","memory":"48Mi"}}]}"#;
    let list = format!(r#"{{"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","items":[{item}]}}"#);
    let snapshot = from_stdin(&format!("{pod}---\n{list}\n")).snapshot;
    let usage = snapshot.usage.as_deref().unwrap();
    assert_eq!(
        (usage.pods, usage.workloads[0].containers[0].memory.most),
        (1, 48 << 20)
    );
    let without = from_stdin(pod).snapshot;
    assert_eq!(without.outcome(Kind::PodMetrics).word(), "skipped");
    assert!(without.usage.is_none());
}

#[test]
fn objects_of_other_kinds_are_counted_and_empty_documents_are_not() {
    let collection = from_stdin("---\n# nothing\n---\napiVersion: x.example/v1\nkind: Thing\n---\nreplicas: 3\n");
    assert_eq!(
        collection.warnings,
        ["2 documents of kinds that are not read: Thing (x.example/v1), no kind"]
    );
}

#[test]
fn object_that_occurs_twice_counts_once_and_that_is_told() {
    let collection = from_stdin(&format!("{GOOD}---\n{GOOD}"));
    assert_eq!(collection.snapshot.outcome(Kind::Namespace).count(), Some(1));
    assert_eq!(
        collection.warnings,
        ["1 objects occur more than once: of each, the last counts"]
    );
}

#[test]
fn file_that_is_not_there_is_an_error() {
    let error = read(&[Path::new("/nowhere/at/all.yaml")]).unwrap_err();
    assert_eq!(error.to_string(), "/nowhere/at/all.yaml can't be read");
}

#[test]
fn input_of_which_nothing_can_be_parsed_is_an_error() {
    let error = files::collect(&["-".into()], "test", b"a: [\n".as_slice()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("nothing could be read: stdin, document 1, line "),
        "{error}"
    );
}

#[test]
fn reader_that_never_ends_is_bounded() {
    let error = files::collect(&["-".into()], "test", io::repeat(b'#')).unwrap_err();
    assert!(error.to_string().contains("larger than 128 MiB"), "{error}");
}
