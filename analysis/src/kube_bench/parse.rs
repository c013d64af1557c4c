//! The JSON that `kube-bench --json` writes, in each of the forms that it has had: an object with `Controls` and `Totals`, the
//! list of controls alone, one control after the other, and all of these in a list, as `jq --slurp` makes of several files.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de::Error as _};
use shared::kube_bench::{KubeBenchReport, KubeBenchResult, KubeBenchStatus};

/// The largest input, in bytes. A run of all benchmarks is a few hundred thousand.
pub const LARGEST: usize = 16 << 20;
/// The most results of one input. The largest benchmark has fewer than two hundred.
const MOST: usize = 10_000;
/// How much of a text is kept, in characters.
const DESCRIPTION: usize = 300;
const REMEDIATION: usize = 2000;
/// The longest id of a control and name of a benchmark, in bytes.
const LONGEST_ID: usize = 64;

/// Why something is no result of kube-bench.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// There is too much of it.
    #[error("it is larger than {} MiB", LARGEST >> 20)]
    TooLarge,
    /// It holds more results than any benchmark has controls.
    #[error("it holds more than {MOST} results")]
    TooMany,
    /// It holds none.
    #[error("it holds no results of kube-bench: run it with --json")]
    Empty,
    /// It is not what kube-bench writes.
    #[error("line {line}, column {column}: {reason}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, without the values that stand there.
        reason: String,
    },
    /// A result is of no use.
    #[error("controls {controls}, section {section}, result {result}: {reason}")]
    Result {
        /// Which element of the list of controls, from 0.
        controls: usize,
        /// Which element of its `tests`, from 0.
        section: usize,
        /// Which element of its `results`, from 0.
        result: usize,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Reads what kube-bench said of a node. Values that it found are not kept, nor the commands by which it looked.
///
/// # Errors
/// The input is too large, or not what kube-bench writes.
pub fn parse(node: &str, json: &[u8]) -> Result<KubeBenchReport, ParseError> {
    if json.len() > LARGEST {
        return Err(ParseError::TooLarge);
    }
    let mut results = Vec::new();
    let mut number = 0;
    for document in serde_json::Deserializer::from_slice(json).into_iter::<Document>() {
        for controls in document.map_err(|error| malformed(&error))?.0 {
            add(&mut results, number, controls)?;
            number += 1;
        }
    }
    match results.len() {
        0 => Err(ParseError::Empty),
        _ => Ok(KubeBenchReport {
            node: node.to_owned(),
            received: None,
            results,
        }),
    }
}

/// What serde says, without the value that it did not expect: it may be a secret.
fn malformed(error: &serde_json::Error) -> ParseError {
    let text = error.to_string();
    let words = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
    let repeats_value = ["invalid type", "invalid value", "unknown variant"];
    let reason = match words.rsplit_once(", expected ") {
        Some((start, expected)) if repeats_value.iter().any(|repeats| start.starts_with(repeats)) => {
            format!("a value is not as kube-bench writes it, expected {expected}")
        }
        _ => cut(words, DESCRIPTION),
    };
    ParseError::Malformed {
        line: error.line(),
        column: error.column(),
        reason,
    }
}

fn add(results: &mut Vec<KubeBenchResult>, number: usize, controls: Controls) -> Result<(), ParseError> {
    let benchmark = controls.version.unwrap_or_default();
    let at = |section, result, reason| ParseError::Result {
        controls: number,
        section,
        result,
        reason,
    };
    if !benchmark.is_empty() && !is_id(&benchmark) {
        return Err(at(0, 0, "the version of its benchmark is none"));
    }
    for (section, tests) in controls.tests.unwrap_or_default().into_iter().enumerate() {
        for (place, result) in tests.results.unwrap_or_default().into_iter().enumerate() {
            if results.len() == MOST {
                return Err(ParseError::TooMany);
            }
            let kept = kept(&benchmark, result).map_err(|reason| at(section, place, reason))?;
            results.push(kept);
        }
    }
    Ok(())
}

fn kept(benchmark: &str, test: Test) -> Result<KubeBenchResult, &'static str> {
    let control = test.test_number.ok_or("it has no test_number")?;
    if !is_id(&control) {
        return Err("its test_number is no id of a control");
    }
    Ok(KubeBenchResult {
        benchmark: benchmark.to_owned(),
        control,
        description: cut(&test.test_desc.unwrap_or_default(), DESCRIPTION),
        remediation: cut(&test.remediation.unwrap_or_default(), REMEDIATION),
        status: test.status.ok_or("it has no status")?,
        manual: test.r#type.as_deref() == Some("manual"),
        scored: test.scored.unwrap_or_default(),
    })
}

fn is_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !text.is_empty() && text.len() <= LONGEST_ID && text.chars().all(allowed)
}

fn cut(text: &str, longest: usize) -> String {
    let printable = text
        .trim()
        .chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c });
    let mut kept: String = printable.take(longest).collect();
    if text.trim().chars().nth(longest).is_some() {
        kept.push('…');
    }
    kept
}

/// One value of the input, as the controls that it holds.
struct Document(Vec<Controls>);

/// An object of the input: what holds controls, or is one.
#[derive(Deserialize)]
struct Whole {
    #[serde(rename = "Controls")]
    controls: Option<Vec<Controls>>,
    version: Option<String>,
    tests: Option<Vec<Section>>,
}

#[derive(Deserialize)]
struct Controls {
    version: Option<String>,
    tests: Option<Vec<Section>>,
}

#[derive(Deserialize)]
struct Section {
    results: Option<Vec<Test>>,
}

/// Of a result what is kept; `actual_value`, `audit`, `reason` and all else is skipped while it is read.
#[derive(Deserialize)]
struct Test {
    test_number: Option<String>,
    test_desc: Option<String>,
    remediation: Option<String>,
    r#type: Option<String>,
    status: Option<KubeBenchStatus>,
    scored: Option<bool>,
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the controls of kube-bench, or a list of them")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Document, A::Error> {
        let Whole {
            controls,
            version,
            tests,
        } = Whole::deserialize(MapAccessDeserializer::new(map))?;
        match (controls, tests) {
            (Some(controls), _) => Ok(Document(controls)),
            (None, Some(tests)) => Ok(Document(vec![Controls {
                version,
                tests: Some(tests),
            }])),
            (None, None) => Err(A::Error::custom("an object has neither Controls nor tests")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Document, A::Error> {
        let mut all = Vec::new();
        while let Some(Document(controls)) = list.next_element()? {
            all.extend(controls);
        }
        Ok(Document(all))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Document, E> {
        Ok(Document(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The controls of one kind of node, as kube-bench writes them.
    const MASTER: &str = r#"{
        "id": "1", "version": "cis-1.12", "detected_version": "1.33", "text": "Control Plane", "node_type": "master",
        "tests": [{
            "section": "1.2", "type": "", "pass": 1, "fail": 1, "warn": 0, "info": 0, "desc": "API Server",
            "results": [
                {"test_number": "1.2.6", "test_desc": "Requests are authorised", "audit": "ps canary", "AuditEnv": "",
                 "AuditConfig": "", "type": "", "remediation": "Set the flag.\n", "test_info": ["Set the flag."],
                 "status": "PASS", "actual_value": "kube-apiserver --token=canary", "scored": true, "IsMultiple": false,
                 "expected_result": "is set", "reason": "canary"},
                {"test_number": "1.2.20", "test_desc": "Requests end", "type": "manual", "status": "WARN", "scored": false}
            ]
        }],
        "total_pass": 1, "total_fail": 0, "total_warn": 1, "total_info": 0
    }"#;

    fn controls(json: &str) -> Vec<String> {
        let report = parse("cp1", json.as_bytes()).unwrap();
        report.results.into_iter().map(|result| result.control).collect()
    }

    #[test]
    fn every_form_of_the_output_is_read() {
        for json in [
            MASTER.to_owned(),
            format!(r#"{{"Controls": [{MASTER}], "Totals": {{"total_pass": 1}}}}"#),
            format!("[{MASTER}]"),
            format!(r#"[{{"Controls": [{MASTER}], "Totals": {{}}}}]"#),
        ] {
            assert_eq!(controls(&json), ["1.2.6", "1.2.20"], "{json}");
        }
        assert_eq!(controls(&format!("{MASTER}\n{MASTER}")).len(), 4);
    }

    #[test]
    fn a_result_is_kept_without_what_was_found() {
        let report = parse("cp1", MASTER.as_bytes()).unwrap();
        let expected = KubeBenchResult {
            benchmark: "cis-1.12".into(),
            control: "1.2.6".into(),
            description: "Requests are authorised".into(),
            remediation: "Set the flag.".into(),
            status: KubeBenchStatus::Pass,
            manual: false,
            scored: true,
        };
        assert_eq!(report.results[0], expected);
        assert!(report.results[1].manual);
        assert!(!format!("{report:?}").contains("canary"));
    }

    #[test]
    fn empty_lists_that_go_writes_as_null_are_no_error() {
        let some = format!(r#"{{"Controls": [{{"tests": null}}, {{"tests": [{{"results": null}}]}}, {MASTER}]}}"#);
        assert_eq!(controls(&some).len(), 2);
        for none in ["", "null", "[]", r#"{"Controls": null, "tests": []}"#] {
            assert_eq!(parse("cp1", none.as_bytes()), Err(ParseError::Empty), "{none}");
        }
    }

    fn error(json: &str) -> String {
        parse("cp1", json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn an_error_names_its_place_and_not_the_value() {
        let wrong = MASTER.replace("\"PASS\"", "\"canary\"");
        assert!(error(&wrong).starts_with("line 8, column "), "{}", error(&wrong));
        assert!(!error(&wrong).contains("canary"));
        let unnamed = MASTER.replace("\"test_number\": \"1.2.20\",", "");
        assert_eq!(
            error(&unnamed),
            "controls 0, section 0, result 1: it has no test_number"
        );
        let absurd = MASTER.replace("1.2.20", "1.2<script>");
        assert_eq!(
            error(&absurd),
            "controls 0, section 0, result 1: its test_number is no id of a control"
        );
        assert!(error("{}").contains("neither Controls nor tests"), "{}", error("{}"));
        assert!(error("[INFO] 1 Control Plane").starts_with("line 1, column "));
        assert!(error(&MASTER[..400]).contains("EOF"), "{}", error(&MASTER[..400]));
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(parse("cp1", &vec![b' '; LARGEST + 1]), Err(ParseError::TooLarge));
        let many = vec![r#"{"test_number": "1.1", "status": "PASS"}"#; MOST + 1].join(",");
        let many = format!(r#"{{"tests": [{{"results": [{many}]}}]}}"#);
        assert_eq!(parse("cp1", many.as_bytes()), Err(ParseError::TooMany));
        assert!(parse("cp1", "[".repeat(100_000).as_bytes()).is_err());
        let deep = format!(
            r#"{{"tests": [], "other": {}{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(parse("cp1", deep.as_bytes()), Err(ParseError::Empty));
    }

    #[test]
    fn long_texts_are_cut() {
        let long = MASTER.replace("Requests are authorised", &"é".repeat(5000));
        let report = parse("cp1", long.as_bytes()).unwrap();
        assert_eq!(report.results[0].description.chars().count(), DESCRIPTION + 1);
    }
}
