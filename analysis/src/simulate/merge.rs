//! The two ways in which the API server merges a patch into an object.

use serde_json::{Map, Value};

use super::SimulateError;

/// Merges a JSON merge patch, as RFC 7386 says.
pub(super) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    let mut fields = take_fields(target);
    for (name, change) in changes {
        if change.is_null() {
            fields.remove(name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), change);
        }
    }
    *target = fields.into();
}

/// Merges a strategic merge patch: as above, but lists of named items are merged item by item.
///
/// # Errors
/// A directive other than `$patch: delete` and `$patch: replace`.
pub(super) fn strategic(target: &mut Value, patch: &Value) -> Result<(), SimulateError> {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return Ok(());
    };
    match directive(patch)? {
        Some("delete") => *target = Value::Null,
        Some(_) => *target = without_directive(changes),
        None => {
            let mut fields = take_fields(target);
            merge_fields(&mut fields, changes)?;
            *target = fields.into();
        }
    }
    Ok(())
}

fn merge_fields(fields: &mut Map<String, Value>, changes: &Map<String, Value>) -> Result<(), SimulateError> {
    for (name, change) in changes {
        match (change, change.as_array().and_then(|items| merge_key(name, items))) {
            (Value::Null, _) => _ = fields.remove(name),
            (Value::Array(changes), Some(key)) => merge_items(fields.entry(name).or_insert(Value::Null), changes, key)?,
            _ => strategic(fields.entry(name).or_insert(Value::Null), change)?,
        }
    }
    Ok(())
}

/// The field by which items of a list are told apart, for the lists of built-in kinds that are merged; the others are
/// replaced. `ports` are merged in containers only.
fn merge_key(list: &str, items: &[Value]) -> Option<&'static str> {
    match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "env"
        | "imagePullSecrets"
        | "secrets"
        | "volumes"
        | "webhooks" => Some("name"),
        "volumeMounts" => Some("mountPath"),
        "ports" if items.iter().all(|item| item.get("containerPort").is_some()) => Some("containerPort"),
        _ => None,
    }
}

fn merge_items(list: &mut Value, changes: &[Value], key: &str) -> Result<(), SimulateError> {
    if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    let Value::Array(items) = list else { return Ok(()) };
    for change in changes {
        let place = items.iter().position(|item| item.get(key) == change.get(key));
        match (directive(change)?, place) {
            (Some("delete"), Some(place)) => _ = items.remove(place),
            (Some("delete"), None) => {}
            (_, Some(place)) => strategic(&mut items[place], change)?,
            (_, None) => {
                let mut item = Value::Null;
                strategic(&mut item, change)?;
                items.push(item);
            }
        }
    }
    Ok(())
}

/// What `$patch` says in a map.
fn directive(patch: &Value) -> Result<Option<&str>, SimulateError> {
    let Value::Object(fields) = patch else { return Ok(None) };
    match fields.iter().find(|(name, _)| name.starts_with('$')) {
        None => Ok(None),
        Some((name, Value::String(what))) if name == "$patch" && matches!(what.as_str(), "delete" | "replace") => {
            Ok(Some(what))
        }
        Some((name, _)) => Err(SimulateError::Directive(name.clone())),
    }
}

fn without_directive(fields: &Map<String, Value>) -> Value {
    fields
        .iter()
        .filter(|(name, _)| *name != "$patch")
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The fields of a map, which is left without; none of anything else.
fn take_fields(value: &mut Value) -> Map<String, Value> {
    match value.take() {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(mut target: Value, patch: Value) -> Value {
        merge(&mut target, &patch);
        target
    }

    fn strategically(mut target: Value, patch: Value) -> Value {
        strategic(&mut target, &patch).unwrap();
        target
    }

    #[test]
    fn a_merge_patch_replaces_lists_and_removes_nulls() {
        assert_eq!(
            merged(json!({"a": {"b": 1, "c": [1, 2]}}), json!({"a": {"b": null, "c": [3]}})),
            json!({"a": {"c": [3]}})
        );
        assert_eq!(
            merged(json!({"a": "b"}), json!({"a": {"b": {"c": null}}})),
            json!({"a": {"b": {}}})
        );
        assert_eq!(merged(json!([1, 2]), json!({"a": 1})), json!({"a": 1}));
    }

    #[test]
    fn named_items_are_merged_and_others_stay() {
        let target = json!({"containers": [{"name": "a", "image": "x", "env": [{"name": "E"}]}, {"name": "b"}]});
        let patch = json!({"containers": [{"name": "a", "image": "y", "env": [{"name": "F"}]}, {"name": "c"}]});
        let expected = json!({"containers": [{"name": "a", "image": "y", "env": [{"name": "E"}, {"name": "F"}]}, {"name": "b"}, {"name": "c"}]});
        assert_eq!(strategically(target, patch), expected);
    }

    #[test]
    fn lists_without_names_are_replaced() {
        let target = json!({"tolerations": [{"key": "a"}], "spec": {"ports": [{"port": 80}]}});
        let patch = json!({"tolerations": [{"key": "b"}], "spec": {"ports": [{"port": 81}]}});
        assert_eq!(strategically(target, patch.clone()), patch);
    }

    #[test]
    fn an_item_is_deleted_or_replaced_by_directive() {
        let target = json!({"volumes": [{"name": "a", "x": 1}, {"name": "b", "x": 1}]});
        let patch = json!({"volumes": [{"name": "a", "$patch": "delete"}, {"name": "b", "$patch": "replace", "y": 1}, {"name": "c", "$patch": "delete"}]});
        assert_eq!(
            strategically(target, patch),
            json!({"volumes": [{"name": "b", "y": 1}]})
        );
    }

    #[test]
    fn a_map_is_deleted_or_replaced_by_directive() {
        let target = json!({"securityContext": {"privileged": true}, "labels": {"a": "b"}});
        let patch = json!({"securityContext": {"$patch": "delete"}, "labels": {"$patch": "replace", "c": "d"}});
        assert_eq!(
            strategically(target, patch),
            json!({"securityContext": null, "labels": {"c": "d"}})
        );
    }
}
