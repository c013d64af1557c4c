//! Reading what the server answers: JSON, first as a tree, then as the type that is wanted.
//!
//! serde_json could read the type from the text at once, but then everything that a type could be written as, and every message
//! about what is wrong, is compiled for each type: a tenth of the page. Here a struct is an object and nothing else, and an
//! error names the field at most.

use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde_json::{Map, Value};
use shared::page::{AsOf, Stamped};

use super::ApiError;

/// Reads a value of the type.
pub(super) fn decode<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    read(&tree(text)?)
}

/// Reads a value beside the snapshot that it rests on; both are members of one object.
pub(super) fn decode_stamped<T: DeserializeOwned>(text: &str) -> Result<Stamped<T>, ApiError> {
    let tree = tree(text)?;
    Ok(Stamped {
        as_of: stamp(&tree)?,
        body: read(&tree)?,
    })
}

fn tree(text: &str) -> Result<Value, ApiError> {
    serde_json::from_str(text).map_err(|error| ApiError::Decode(error.to_string()))
}

fn stamp(tree: &Value) -> Result<Option<AsOf>, ApiError> {
    read(tree.get("asOf").unwrap_or(&Value::Null))
}

fn read<T: DeserializeOwned>(tree: &Value) -> Result<T, ApiError> {
    T::deserialize(Json(tree)).map_err(Unreadable::told)
}

/// What could not be read: a field, or what a value should have been.
#[derive(Debug)]
struct Unreadable(&'static str);

impl Unreadable {
    fn told(self) -> ApiError {
        ApiError::Decode(self.to_string())
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} can't be read", self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self("a value")
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self("the type of a value")
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self("a value")
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self("the length of a list")
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self("a word of a closed set")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self("a member")
    }

    fn missing_field(field: &'static str) -> Self {
        Self(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self(field)
    }
}

/// A tree to be read from.
#[derive(Clone, Copy)]
struct Json<'a>(&'a Value);

impl<'de> Deserializer<'de> for Json<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(*bool),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let items = self.0.as_array().ok_or(Unreadable("a list"))?;
        visitor.visit_seq(Items(items.iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let members = self.0.as_object().ok_or(Unreadable("an object"))?;
        visitor.visit_map(Members::new(members))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(self.0.as_str().ok_or(Unreadable("a text"))?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            Value::Object(members) => visitor.visit_enum(MapAccessDeserializer::new(Members::new(members))),
            _ => Err(Unreadable("a variant")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

struct Items<'a>(std::slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Json(item))).transpose()
    }
}

struct Members<'a> {
    rest: serde_json::map::Iter<'a>,
    value: &'a Value,
}

impl<'a> Members<'a> {
    fn new(members: &'a Map<String, Value>) -> Self {
        Self {
            rest: members.iter(),
            value: &Value::Null,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = value;
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        seed.deserialize(Json(self.value))
    }
}

#[cfg(test)]
mod tests {
    use shared::rbac::{CanI, Reason};
    use shared::snapshots::{KindCoverage, Progress};

    use super::*;

    /// What is read here, and what serde_json reads from the same text.
    fn both<T: DeserializeOwned>(text: &str) -> (T, T) {
        (decode(text).unwrap(), serde_json::from_str(text).unwrap())
    }

    #[test]
    fn every_way_to_write_a_type_is_read_as_serde_json_reads_it() {
        let (read, known): (CanI, _) = both(
            r#"{"allowed":null,"reason":{"binding":"a","role":"b","rule":2},"unknown":["verb"],"inert":true,
               "undecided":[{"resource":"roles","status":"denied","reason":"no"}],"more":[{}]}"#,
        );
        assert_eq!(read, known);
        assert!(matches!(read.reason, Some(Reason::Rule { rule: 2, .. })));
        let (read, known): (Progress, _) = both(r#"{"step":"collecting","kinds_done":1,"kinds_total":2,"objects":3}"#);
        assert_eq!(read, known);
        let (read, known): (Value, _) = both(r#"{"a":[1,-2,0.5,true,null,"x",{}]}"#);
        assert_eq!(read, known);
    }

    #[test]
    fn a_stamp_and_what_it_stands_on_are_read_from_one_object() {
        let text = r#"{"asOf":{"cluster":"00000000-0000-0000-0000-000000000000","snapshot":3,
            "takenAt":"2026-11-24T09:40:00Z"},"items":["a"],"total":1,"next":null}"#;
        let page: Stamped<shared::page::Page<String>> = decode_stamped(text).unwrap();
        assert_eq!(page, serde_json::from_str(text).unwrap());
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = decode::<KindCoverage>("{}").unwrap_err();
        assert_eq!(error, ApiError::Decode("resource can't be read".into()));
        assert!(decode::<KindCoverage>("[").is_err());
    }
}
