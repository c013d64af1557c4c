//! One document: an object, or a list of objects. It is read in one pass, whatever the order of its keys.

use std::collections::VecDeque;
use std::fmt;

use analysis::kubernetes::lifecycle::retirement;
use analysis::model::kind::{Kind, Object};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::sink::Sink;
use super::words;

/// The largest part of a document that stands before its kind is known.
const MAX_EARLY_KEYS: usize = 64;

/// Reads a document into the sink.
pub(super) struct Manifest<'a>(pub(super) &'a mut Sink);

/// What is known of the document from the keys so far.
#[derive(Default)]
struct Head {
    api_version: Option<String>,
    kind: Option<String>,
    early: VecDeque<(String, Value)>,
    has_items: bool,
}

impl<'de> DeserializeSeed<'de> for Manifest<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! no_object {
    ($($method:ident $type:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, _: $type) -> Result<(), E> {
            self.0.ignore("", "");
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Manifest<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Kubernetes object")
    }

    no_object! { visit_bool bool, visit_i64 i64, visit_u64 u64, visit_f64 f64, visit_str &str }

    /// An empty document.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        Items { sink: self.0, of: None }.visit_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut head = Head::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "apiVersion" => head.api_version = map.next_value()?,
                "kind" => head.kind = map.next_value()?,
                "items" if head.may_be_list() => {
                    head.has_items = true;
                    map.next_value_seed(Items {
                        sink: self.0,
                        of: head.items_kind(),
                    })?;
                }
                _ if head.early.len() < MAX_EARLY_KEYS => head.early.push_back((key, map.next_value()?)),
                _ => return Err(A::Error::custom("its kind is not said")),
            }
            if let (Some(api_version), Some(kind), false) = (&head.api_version, &head.kind, head.has_items) {
                match Kind::of_manifest(api_version, kind) {
                    Some(kind) => {
                        return self.object(
                            kind,
                            api_version,
                            Rest {
                                early: head.early,
                                next: None,
                                map,
                            },
                        );
                    }
                    None if !head.may_be_list() => {
                        let rest = Rest {
                            early: head.early,
                            next: None,
                            map,
                        };
                        return self.other(api_version, kind, rest);
                    }
                    None => {}
                }
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        if !head.has_items {
            self.0.ignore(
                head.api_version.as_deref().unwrap_or_default(),
                head.kind.as_deref().unwrap_or_default(),
            );
        }
        Ok(())
    }
}

impl Manifest<'_> {
    fn object<'de, A: MapAccess<'de>>(self, kind: Kind, api_version: &str, rest: Rest<A>) -> Result<(), A::Error> {
        self.0.push(Object::deserialize(kind, rest)?, api_version);
        Ok(())
    }

    /// An object of a kind that is not read: of one in a version that goes, its name is.
    fn other<'de, A: MapAccess<'de>>(self, api_version: &str, kind: &str, mut rest: Rest<A>) -> Result<(), A::Error> {
        let retired = retirement(api_version, kind);
        let mut metadata = Value::Null;
        while let Some(key) = rest.next_key::<String>()? {
            match retired {
                Some(_) if key == "metadata" => metadata = rest.next_value()?,
                _ => _ = rest.next_value::<IgnoredAny>()?,
            }
        }
        if let Some(retired) = retired {
            self.0.note_retired(retired, kind, &metadata);
        }
        self.0.ignore(api_version, kind);
        Ok(())
    }
}

impl Head {
    /// Whether `items` at the top are objects: yes until a kind says otherwise.
    fn may_be_list(&self) -> bool {
        self.kind.as_deref().is_none_or(|kind| kind.ends_with("List"))
    }

    /// The kind of the items of a `PodList`, which don't say it themselves.
    fn items_kind(&self) -> Option<Kind> {
        let kind = self.kind.as_deref()?.strip_suffix("List")?;
        Kind::of_manifest(self.api_version.as_deref()?, kind)
    }
}

/// The objects of a list, one at a time: one that can't be decoded takes no other along.
struct Items<'a> {
    sink: &'a mut Sink,
    of: Option<Kind>,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of Kubernetes objects")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(item) = seq.next_element::<Value>()? {
            number += 1;
            self.sink.values.reset();
            take(self.sink, self.of, number, item);
        }
        Ok(())
    }
}

fn take(sink: &mut Sink, of: Option<Kind>, number: usize, mut item: Value) {
    let said = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (said("apiVersion"), said("kind"));
    let known = if kind.is_empty() {
        of
    } else {
        Kind::of_manifest(api_version, kind)
    };
    match (known, kind.strip_suffix("List")) {
        (Some(kind), _) => {
            let api_version = api_version.to_owned();
            match Object::deserialize(kind, item) {
                Ok(object) => sink.push(object, &api_version),
                Err(error) => sink.reject_item(number, &words::json(&error)),
            }
        }
        (None, Some(kind)) => {
            let of = Kind::of_manifest(api_version, kind);
            let items = item
                .get_mut("items")
                .and_then(Value::as_array_mut)
                .map(std::mem::take)
                .unwrap_or_default();
            items.into_iter().for_each(|inner| take(sink, of, number, inner));
        }
        (None, None) => {
            if let Some(retired) = retirement(api_version, kind) {
                sink.note_retired(retired, kind, item.get("metadata").unwrap_or(&Value::Null));
            }
            sink.ignore(api_version, kind);
        }
    }
}

/// A map whose first entries were read already, and are given out first.
struct Rest<A> {
    early: VecDeque<(String, Value)>,
    next: Option<Value>,
    map: A,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Rest<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.early.pop_front() {
            Some((key, value)) => {
                self.next = Some(value);
                seed.deserialize(key.into_deserializer()).map(Some)
            }
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.next.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut sink = Sink::default();
        Manifest(&mut sink)
            .deserialize(&mut serde_json::Deserializer::from_str(text))
            .unwrap();
        let objects = sink.finish().objects;
        objects
            .into_values()
            .flatten()
            .map(|object| object.reference().to_string())
            .collect()
    }

    #[test]
    fn keys_may_come_in_any_order() {
        let text = r#"{"spec":{"hostPID":true},"metadata":{"name":"a"},"kind":"Pod","apiVersion":"v1","status":{}}"#;
        assert_eq!(names(text), ["Pod default/a"]);
    }

    #[test]
    fn list_is_read_where_its_kind_comes_last() {
        let text = r#"{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}],"kind":"List"}"#;
        assert_eq!(names(text), ["Namespace a"]);
    }

    #[test]
    fn items_of_a_typed_list_take_its_kind() {
        let text = r#"{"kind":"RoleList","apiVersion":"rbac.authorization.k8s.io/v1","items":[{"metadata":{"name":"r","namespace":"n"}}]}"#;
        assert_eq!(names(text), ["Role n/r"]);
    }

    #[test]
    fn lists_may_stand_in_lists_and_arrays() {
        let text = r#"[{"kind":"List","apiVersion":"v1","items":[{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"p"}}]}]}]"#;
        assert_eq!(names(text), ["Pod default/p"]);
    }

    #[test]
    fn items_of_another_object_are_its_own() {
        let text = r#"{"kind":"Menu","apiVersion":"x/v1","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}]}"#;
        assert_eq!(names(text), Vec::<String>::new());
    }

    #[test]
    fn version_that_an_object_is_written_in_is_kept_unless_it_is_the_usual_one() {
        let written = |text: &str| {
            let mut sink = Sink::default();
            Manifest(&mut sink)
                .deserialize(&mut serde_json::Deserializer::from_str(text))
                .unwrap();
            sink.finish().written.into_values().collect::<Vec<_>>()
        };
        let old = r#"{"kind":"Ingress","apiVersion":"extensions/v1beta1","metadata":{"name":"a"}}"#;
        let new = r#"{"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{"name":"a"}}"#;
        assert_eq!(written(old), ["extensions/v1beta1"]);
        assert_eq!(written(new), Vec::<String>::new());
        let list = |first: &str, last: &str| format!(r#"{{"kind":"List","apiVersion":"v1","items":[{first},{last}]}}"#);
        assert_eq!(written(&list(new, old)), ["extensions/v1beta1"]);
        assert_eq!(written(&list(old, new)), Vec::<String>::new());
    }

    #[test]
    fn version_that_goes_is_kept_of_kinds_that_are_not_read() {
        let written = |text: &str| {
            let mut sink = Sink::default();
            Manifest(&mut sink)
                .deserialize(&mut serde_json::Deserializer::from_str(text))
                .unwrap();
            let written = sink.finish().written.into_iter();
            written
                .map(|(object, api_version)| format!("{object} {api_version}"))
                .collect::<Vec<_>>()
        };
        let old = r#"{"metadata":{"name":"a","namespace":"n"},"kind":"HorizontalPodAutoscaler","apiVersion":"autoscaling/v2beta2","spec":{}}"#;
        let late = r#"{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","spec":{},"metadata":{"name":"b","namespace":"n"}}"#;
        let new = r#"{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"c","namespace":"n"}}"#;
        assert_eq!(written(old), ["HorizontalPodAutoscaler n/a autoscaling/v2beta2"]);
        assert_eq!(written(late), ["PodDisruptionBudget n/b policy/v1beta1"]);
        assert_eq!(written(new), Vec::<String>::new());
        let list = format!(r#"{{"kind":"List","apiVersion":"v1","items":[{new},{late}]}}"#);
        assert_eq!(written(&list), ["PodDisruptionBudget n/b policy/v1beta1"]);
    }

    #[test]
    fn item_that_is_broken_takes_no_other_along() {
        let text = r#"{"kind":"List","apiVersion":"v1","items":[{"kind":"Pod","apiVersion":"v1","spec":7},{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"b"}}]}"#;
        assert_eq!(names(text), ["Namespace b"]);
    }
}
