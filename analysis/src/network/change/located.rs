//! YAML documents with the line on which each of their parts stands.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use crate::field;

/// A part of a document.
#[derive(Debug)]
pub(super) struct Part {
    line: Option<u64>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Scalar(Value),
    List(Vec<Part>),
    Map(Vec<(String, Part)>),
}

impl Part {
    /// What it says.
    pub(super) fn value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(Self::value).collect(),
            Content::Map(fields) => {
                let fields = fields.iter().map(|(name, part)| (name.clone(), part.value()));
                fields.collect::<Map<String, Value>>().into()
            }
        }
    }

    /// The line of a field: `spec.ingress[0].ports[1].endPort`; where it is not there, that of what should hold it.
    pub(super) fn line_of(&self, path: &str) -> Option<u64> {
        let mut part = self;
        for key in field::split(path) {
            let next = match &part.content {
                Content::Map(fields) => fields.iter().find(|(name, _)| *name == key).map(|(_, part)| part),
                Content::List(items) => key.parse().ok().and_then(|place: usize| items.get(place)),
                Content::Scalar(_) => None,
            };
            match next {
                Some(next) => part = next,
                None => break,
            }
        }
        part.line
    }

    /// The parts of a list below a field.
    pub(super) fn items(self, name: &str) -> Vec<Self> {
        let Content::Map(fields) = self.content else {
            return Vec::new();
        };
        let items = fields.into_iter().find(|(field, _)| field == name);
        match items.map(|(_, part)| part.content) {
            Some(Content::List(items)) => items,
            _ => Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read: Spanned<Content> = Spanned::deserialize(deserializer)?;
        Ok(Self {
            line: Some(read.referenced.line()).filter(|line| *line > 0),
            content: read.value,
        })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML document")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        Content::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Content, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Content::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Content::Map(fields))
    }
}
