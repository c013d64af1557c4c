//! Paths to fields of an object, as findings name them: `spec.containers[web].image`.

use serde_json::Value;

/// The parts of a path as a person writes it: `spec.containers[web].image`, `metadata.labels[example.com/team]`.
pub(crate) fn split(path: &str) -> Vec<String> {
    let (mut parts, mut part, mut is_bracketed) = (Vec::new(), String::new(), false);
    for character in path.chars() {
        match (character, is_bracketed) {
            ('[', false) | (']', true) | ('.', false) => {
                is_bracketed = character == '[';
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            _ => part.push(character),
        }
    }
    parts.extend(Some(part).filter(|part| !part.is_empty()));
    parts
}

/// A path as kubectl writes it.
pub(crate) fn join<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    keys.into_iter().fold(String::new(), |path, key| match key {
        key if key.contains(['.', '/']) => format!("{path}[{key}]"),
        key if path.is_empty() => key.to_owned(),
        key => format!("{path}.{key}"),
    })
}

/// What stands there: a field of an object, an item of a list by its name, or a port by its number; null where nothing does.
pub(crate) fn look_up(manifest: &Value, keys: &[String]) -> Value {
    let found = keys.iter().try_fold(manifest, |value, key| match value {
        Value::Object(fields) => fields.get(key),
        Value::Array(items) => items.iter().find(|item| is_named(item, key)),
        _ => None,
    });
    found.cloned().unwrap_or_default()
}

fn is_named(item: &Value, key: &str) -> bool {
    let port = item["containerPort"].as_u64();
    item["name"] == *key || port.is_some_and(|port| port.to_string() == key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_finds_items_by_name_and_labels_with_dots() {
        let manifest = json!({
            "metadata": {"labels": {"example.com/team": "a"}},
            "spec": {"containers": [{"name": "web", "image": "nginx", "ports": [{"containerPort": 80, "hostPort": 8080}]}]},
        });
        let found = |path: &str| look_up(&manifest, &split(path));
        assert_eq!(found("spec.containers[web].image"), "nginx");
        assert_eq!(found("spec.containers[web].ports[80].hostPort"), 8080);
        assert_eq!(found("metadata.labels[example.com/team]"), "a");
        assert_eq!(found("spec.containers[api].image"), Value::Null);
        assert_eq!(found("spec.hostPID"), Value::Null);
    }
}
