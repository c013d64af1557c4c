//! A deserializer that takes null for absent, as the API server does, whatever the field's type.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::Value;

/// Deserialises `T`, taking null for the field's default.
///
/// # Errors
/// Those of the format, and values of another type than the field's.
pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(Nulls(deserializer))
}

/// Wraps deserializers, visitors, accesses and seeds, so that every nested value is wrapped too.
struct Nulls<T>(T);

/// What stands where null was read: the empty value of the type that was asked for.
#[derive(Clone, Copy)]
enum Empty {
    Bool,
    Int,
    Str,
    Seq,
    Map,
}

struct OrEmpty<V>(V, Empty);

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

macro_rules! nullable {
    ($($method:ident $empty:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_option(OrEmpty(visitor, Empty::$empty))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Nulls<D> {
    type Error = D::Error;

    nullable! {
        deserialize_bool Bool, deserialize_i32 Int, deserialize_i64 Int, deserialize_u32 Int, deserialize_u64 Int,
        deserialize_str Str, deserialize_string Str, deserialize_seq Seq, deserialize_map Map,
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(OrEmpty(visitor, Empty::Map))
    }

    /// What is asked for like this is buffered, as flattened parts are, and read later without this wrapper: its nulls go here.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let mut value = Value::deserialize(self.0)?;
        drop_nulls(&mut value);
        value.deserialize_any(visitor).map_err(D::Error::custom)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Nulls(visitor))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_identifier(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Nulls(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, Nulls(visitor))
    }

    forward_to_deserialize_any! { i8 i16 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for OrEmpty<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        match self.1 {
            Empty::Bool => self.0.visit_bool(false),
            Empty::Int => self.0.visit_i64(0),
            Empty::Str => self.0.visit_str(""),
            Empty::Seq => self.0.visit_seq(Nothing(std::marker::PhantomData)),
            Empty::Map => self.0.visit_map(Nothing(std::marker::PhantomData)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let visitor = Nulls(self.0);
        match self.1 {
            Empty::Bool => deserializer.deserialize_bool(visitor),
            Empty::Int => deserializer.deserialize_i64(visitor),
            Empty::Str => deserializer.deserialize_string(visitor),
            Empty::Seq => deserializer.deserialize_seq(visitor),
            Empty::Map => deserializer.deserialize_map(visitor),
        }
    }
}

struct Nothing<E>(std::marker::PhantomData<E>);

impl<'de, E: Error> SeqAccess<'de> for Nothing<E> {
    type Error = E;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, _seed: T) -> Result<Option<T::Value>, E> {
        Ok(None)
    }
}

impl<'de, E: Error> MapAccess<'de> for Nothing<E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, _seed: K) -> Result<Option<K::Value>, E> {
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, _seed: T) -> Result<T::Value, E> {
        Err(E::custom("an empty map has no value"))
    }
}

macro_rules! forward_visits {
    ($($method:ident $type:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, v: $type) -> Result<V::Value, E> {
            self.0.$method(v)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Nulls<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    forward_visits! {
        visit_bool bool, visit_i64 i64, visit_i128 i128, visit_u64 u64, visit_u128 u128, visit_f64 f64,
        visit_str &str, visit_borrowed_str &'de str, visit_string String, visit_bytes &[u8],
        visit_borrowed_bytes &'de [u8], visit_byte_buf Vec<u8>,
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Nulls(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Nulls(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Nulls(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Nulls(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Nulls(data))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Nulls<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        self.0.next_element_seed(Nulls(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Nulls<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(Nulls(seed))
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Nulls<A> {
    type Error = A::Error;
    type Variant = Nulls<A::Variant>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), A::Error> {
        self.0
            .variant_seed(seed)
            .map(|(value, variant)| (value, Nulls(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Nulls<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        self.0.newtype_variant_seed(Nulls(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Nulls(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Nulls(visitor))
    }
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for Nulls<T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        self.0.deserialize(Nulls(deserializer))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::kind::{Kind, Object};

    #[test]
    fn null_is_absent_for_every_type_of_field() {
        let text = r#"{"metadata":{"name":null,"labels":null,"annotations":null},"spec":{"containers":null,"hostPID":null,
            "nodeName":null,"securityContext":null,"automountServiceAccountToken":null,"volumes":[{"name":"v","hostPath":null}]}}"#;
        let null = Object::deserialize(Kind::Pod, &mut serde_json::Deserializer::from_str(text)).unwrap();
        let text = r#"{"metadata":{},"spec":{"volumes":[{"name":"v"}]}}"#;
        let absent = Object::deserialize(Kind::Pod, &mut serde_json::Deserializer::from_str(text)).unwrap();
        assert_eq!(null, absent);
    }

    #[test]
    fn null_in_a_flattened_part_takes_nothing_along() {
        let text = r#"{"spec":{"volumes":[{"name":"v","configMap":{"name":null,"optional":true}}],"containers":[{"livenessProbe":
            {"httpGet":{"host":null,"port":80,"httpHeaders":null}}}]}}"#;
        let null = Object::deserialize(Kind::Pod, &mut serde_json::Deserializer::from_str(text)).unwrap();
        let text = r#"{"spec":{"volumes":[{"name":"v","configMap":{"optional":true}}],"containers":[{"livenessProbe":
            {"httpGet":{"port":80}}}]}}"#;
        let absent = Object::deserialize(Kind::Pod, &mut serde_json::Deserializer::from_str(text)).unwrap();
        assert_eq!(null, absent);
        assert!(format!("{absent:?}").contains("int: 80"));
    }
}
