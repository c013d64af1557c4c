//! Holds JSON against a schema of docs/schemas: as much of JSON Schema as they use, and nothing beyond what they describe.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Holds a value against the schema of that name.
///
/// # Panics
/// It is not as the schema says, or holds something of which the schema says nothing.
pub(crate) fn hold(name: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/schemas/{name}.json"));
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    if let Err(why) = whole(&schema, &schema, value) {
        panic!("{name}: {why}\n{value:#}");
    }
}

/// The value, and everything in it, is described.
fn whole(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let described = part(root, schema, value)?;
    let keys = value.as_object().into_iter().flat_map(|fields| fields.keys());
    match keys.into_iter().find(|key| !described.contains(*key)) {
        Some(key) => Err(format!("{key} is not described")),
        None => Ok(()),
    }
}

/// The fields that a schema describes, where the value is as it says.
fn part(root: &Value, schema: &Value, value: &Value) -> Result<BTreeSet<String>, String> {
    let mut described = BTreeSet::new();
    if let Some(reference) = schema["$ref"].as_str() {
        let place = reference.strip_prefix('#').ok_or("a reference elsewhere")?;
        described.extend(part(root, root.pointer(place).ok_or(reference)?, value)?);
    }
    for all in schema["allOf"].as_array().into_iter().flatten() {
        described.extend(part(root, all, value)?);
    }
    if let Some(some) = schema["oneOf"].as_array() {
        let fits: Vec<_> = some.iter().filter_map(|one| part(root, one, value).ok()).collect();
        let [fit] = fits.as_slice() else {
            return Err(format!("{} of {} forms fit {value}", fits.len(), some.len()));
        };
        described.extend(fit.iter().cloned());
    }
    is_of_type(&schema["type"], value)?;
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        return Err(format!("{value} is none of {}", schema["enum"]));
    }
    for item in value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|_| schema.get("items").is_some())
    {
        whole(root, &schema["items"], item)?;
    }
    described.extend(fields(root, schema, value)?);
    Ok(described)
}

fn fields(root: &Value, schema: &Value, value: &Value) -> Result<BTreeSet<String>, String> {
    let Some(properties) = schema["properties"].as_object() else {
        return Ok(BTreeSet::new());
    };
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        value.get(name).ok_or(format!("{name} is missing"))?;
    }
    for (name, schema) in properties {
        if let Some(field) = value.get(name) {
            whole(root, schema, field).map_err(|why| format!("{name}: {why}"))?;
        }
    }
    Ok(properties.keys().cloned().collect())
}

fn is_of_type(types: &Value, value: &Value) -> Result<(), String> {
    let word = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_it = |of: &Value| of == word || of == "number" && word == "integer";
    match types {
        Value::Null => Ok(()),
        Value::Array(all) if all.iter().any(is_it) => Ok(()),
        one if is_it(one) => Ok(()),
        _ => Err(format!("{value} is no {types}")),
    }
}
