//! JSON as YAML 1.2, the way people write manifests: block style, list items at their key's column.

use serde_json::Value;

/// A line of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its text, indented.
    pub(crate) text: String,
    /// Whether it is what the excerpt is about.
    pub(crate) hit: bool,
}

/// A value as YAML, ending in a line break.
pub(crate) fn print(value: &Value) -> String {
    let mut text = lines(value).join("\n");
    text.push('\n');
    text
}

/// A value as lines of YAML.
pub(crate) fn lines(value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    node(String::new(), 0, value, &mut out);
    out
}

/// The lines that lead to a field and its value, which are the hit: `spec.containers[web].image` becomes
/// four lines. `null` stands for a field that is not set.
pub(crate) fn excerpt(path: &str, value: &Value) -> Vec<Line> {
    let mut out = Vec::new();
    let mut prefix = String::new();
    let mut column = 0;
    let steps = steps(path);
    let Some((last, way)) = steps.split_last() else {
        return hits(lines(value));
    };
    for step in way {
        (prefix, column) = enter(step, prefix, column, &mut out);
    }
    out.extend(hits(leaf(last, prefix, column, value)));
    out
}

/// A step of a field's path.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Into a field.
    Key(String),
    /// Into the list item whose naming field, the first, has that value.
    Named(&'static str, String),
    /// Into the list item of that index.
    Index,
}

/// Writes the lines of one step, and tells what the next line starts with and where its keys stand.
fn enter(step: &Step, prefix: String, column: usize, out: &mut Vec<Line>) -> (String, usize) {
    let mut plain = |text: String| out.push(Line { text, hit: false });
    match step {
        Step::Key(key) => {
            plain(format!("{prefix}{}:", scalar(key)));
            (pad(column + 2), column + 2)
        }
        Step::Named(field, name) => {
            plain(format!("{}{field}: {}", item(column), scalar(name)));
            (pad(column), column)
        }
        Step::Index => (item(column), column),
    }
}

/// The lines of the last step and the value.
fn leaf(step: &Step, prefix: String, column: usize, value: &Value) -> Vec<String> {
    let mut out = Vec::new();
    match (step, value) {
        (Step::Key(key), Value::Null) => out.push(format!("{prefix}{}:  # not set", scalar(key))),
        (Step::Key(key), value) => node(format!("{prefix}{}:", scalar(key)), column + 2, value, &mut out),
        (Step::Named(field, name), Value::Null) => out.push(format!("{}{field}: {}", item(column), scalar(name))),
        (Step::Named(..) | Step::Index, value) => node(item(column), column, value, &mut out),
    }
    out
}

fn hits(lines: Vec<String>) -> Vec<Line> {
    lines.into_iter().map(|text| Line { text, hit: true }).collect()
}

/// Splits `a.b[c].d` at its dots and brackets; what stands in brackets may hold dots.
fn steps(path: &str) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            out.push(bracketed(inside, out.last()));
            rest = after;
        } else {
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| matches!(c, '.' | '['))
                .map_or(rest.len(), |(at, _)| at);
            out.push(Step::Key(rest[..end].trim_start_matches('.').to_owned()));
            rest = &rest[end..];
        }
    }
    out.retain(|step| *step != Step::Key(String::new()));
    out
}

/// Fields that hold a map whose keys are no identifiers, and are therefore written in brackets.
const MAPS: [&str; 9] = [
    "annotations",
    "data",
    "hard",
    "labels",
    "limits",
    "matchLabels",
    "nodeSelector",
    "requests",
    "used",
];

fn bracketed(inside: &str, before: Option<&Step>) -> Step {
    let inside = inside.trim_matches(['"', '\'']);
    let parent = match before {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    if MAPS.contains(&parent) {
        Step::Key(inside.to_owned())
    } else if inside.is_empty() || inside == "*" || inside.bytes().all(|byte| byte.is_ascii_digit()) {
        Step::Index
    } else {
        Step::Named(
            naming(parent),
            inside.strip_prefix("name=").unwrap_or(inside).to_owned(),
        )
    }
}

/// The field that tells the items of a list apart.
fn naming(list: &str) -> &'static str {
    match list {
        "volumeMounts" => "mountPath",
        "vulnerabilities" => "vulnerabilityID",
        _ => "name",
    }
}

/// Writes a value behind `prefix`, which ends in a key's colon, in a dash, or is empty. `column` is where keys stand.
fn node(prefix: String, column: usize, value: &Value, out: &mut Vec<String>) {
    let after_key = prefix.ends_with(':');
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let mut prefix = open(prefix, column, out);
            for (key, child) in fields {
                node(format!("{prefix}{}:", scalar(key)), column + 2, child, out);
                prefix = pad(column);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let column = if after_key { column - 2 } else { column };
            let mut prefix = open(prefix, column, out);
            for child in items {
                node(format!("{prefix}- "), column + 2, child, out);
                prefix = pad(column);
            }
        }
        leaf if after_key => out.push(format!("{prefix} {}", plain(leaf))),
        leaf => out.push(format!("{prefix}{}", plain(leaf))),
    }
}

/// Ends the line of a key, so that what is in it starts on the next.
fn open(prefix: String, column: usize, out: &mut Vec<String>) -> String {
    if !prefix.ends_with(':') {
        return prefix;
    }
    out.push(prefix);
    pad(column)
}

fn pad(column: usize) -> String {
    " ".repeat(column)
}

fn item(column: usize) -> String {
    format!("{}- ", pad(column.saturating_sub(2)))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(_) => "[]".into(),
        Value::Object(_) => "{}".into(),
        other => other.to_string(),
    }
}

/// A string, quoted where YAML 1.1 or 1.2 would read something else. JSON's quotes are YAML's too.
fn scalar(text: &str) -> String {
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_'));
    let safe =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '/' | ':' | '@' | '=' | ',' | '+' | '-');
    let ends = text.ends_with([' ', ':']);
    if first && text.chars().all(safe) && !ends && !text.contains(": ") && !is_word(text) {
        return text.to_owned();
    }
    Value::from(text).to_string()
}

/// Whether YAML 1.1 reads a boolean or null there.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_maps_and_lists_are_block_style() {
        let manifest =
            json!({"kind": "Pod", "spec": {"containers": [{"image": "a:1", "name": "web"}, {"name": "b"}], "x": []}});
        let expected = "kind: Pod\nspec:\n  containers:\n  - image: a:1\n    name: web\n  - name: b\n  x: []\n";
        assert_eq!(print(&manifest), expected);
    }

    #[test]
    fn lists_in_lists_stay_on_one_line() {
        assert_eq!(lines(&json!([["a", "b"], {}])), ["- - a", "  - b", "- {}"]);
    }

    #[test]
    fn a_list_under_a_key_of_a_list_item_stands_at_that_key() {
        let rules = json!({"rules": [{"apiGroups": [""], "verbs": ["get", "*"]}]});
        assert_eq!(
            lines(&rules),
            ["rules:", "- apiGroups:", "  - \"\"", "  verbs:", "  - get", "  - \"*\""]
        );
    }

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        let words = [
            "yes", "NULL", "1.5", "", "a: b", "a #b", "-x", "it's", "a\nb", "x:", "0x1f",
        ];
        for word in words {
            assert!(scalar(word).starts_with('"'), "{word}");
        }
        assert_eq!(scalar("docker.io/library/nginx:1.27"), "docker.io/library/nginx:1.27");
    }

    #[test]
    fn numbers_and_booleans_stay_as_they_are() {
        assert_eq!(
            lines(&json!({"a": 1, "b": true, "c": null, "d": 1.5})),
            ["a: 1", "b: true", "c: null", "d: 1.5"]
        );
    }

    fn shown(path: &str, value: Value) -> Vec<String> {
        excerpt(path, &value)
            .into_iter()
            .map(|line| format!("{}{}", if line.hit { ">" } else { "" }, line.text))
            .collect()
    }

    #[test]
    fn an_excerpt_leads_to_the_field_and_marks_it() {
        let lines = shown("spec.containers[web].securityContext.privileged", json!(true));
        assert_eq!(
            lines,
            [
                "spec:",
                "  containers:",
                "  - name: web",
                "    securityContext:",
                ">      privileged: true"
            ]
        );
    }

    #[test]
    fn an_excerpt_says_what_is_not_set() {
        let lines = shown("spec.containers[web].resources.limits", Value::Null);
        assert_eq!(lines.last().map(String::as_str), Some(">      limits:  # not set"));
    }

    #[test]
    fn an_indexed_item_starts_with_its_first_field() {
        assert_eq!(
            shown("rules[2].verbs", json!(["*"])),
            ["rules:", ">- verbs:", ">  - \"*\""]
        );
        assert_eq!(
            shown("subjects[0]", json!({"kind": "User", "name": "a"})),
            ["subjects:", ">- kind: User", ">  name: a"]
        );
    }

    #[test]
    fn an_item_is_named_by_the_field_that_names_it() {
        let lines = shown("volumeMounts[/var/run].readOnly", json!(false));
        assert_eq!(lines, ["volumeMounts:", "- mountPath: /var/run", ">  readOnly: false"]);
    }

    #[test]
    fn keys_in_brackets_may_hold_dots() {
        let lines = shown(
            "metadata.labels[pod-security.kubernetes.io/enforce]",
            json!("privileged"),
        );
        assert_eq!(
            lines,
            [
                "metadata:",
                "  labels:",
                ">    pod-security.kubernetes.io/enforce: privileged"
            ]
        );
    }

    #[test]
    fn a_value_without_a_path_is_all_hit() {
        assert_eq!(shown("", json!({"a": 1})), [">a: 1"]);
    }
}
