//! Small maps: labels, and amounts by resource. A cluster holds tens of thousands of them with two entries each, for which a
//! tree's node, made for eleven, is mostly empty.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::quantity::Quantity;

/// An entry of a protobuf map: its key is field 1, its value field 2.
pub trait Entry {
    /// What the key leads to.
    type Value;

    /// Puts an entry together.
    fn new(key: String, value: Self::Value) -> Self;

    /// Its key and value.
    fn parts(&self) -> (&String, &Self::Value);
}

/// A label, or what a label must be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, ::prost::Message)]
pub struct Label {
    /// Its key.
    #[prost(string, tag = "1")]
    pub key: String,
    /// Its value.
    #[prost(string, tag = "2")]
    pub value: String,
}

/// How much of a resource.
#[derive(Clone, PartialEq, Eq, ::prost::Message)]
pub struct Amount {
    /// `cpu`, `memory`, …
    #[prost(string, tag = "1")]
    pub resource: String,
    /// How much.
    #[prost(message, required, tag = "2")]
    pub quantity: Quantity,
}

impl Entry for Label {
    type Value = String;

    fn new(key: String, value: String) -> Self {
        Self { key, value }
    }

    fn parts(&self) -> (&String, &String) {
        (&self.key, &self.value)
    }
}

impl Entry for Amount {
    type Value = Quantity;

    fn new(resource: String, quantity: Quantity) -> Self {
        Self { resource, quantity }
    }

    fn parts(&self) -> (&String, &Quantity) {
        (&self.resource, &self.quantity)
    }
}

/// A map as its list of entries: those of the API server come in the order of their keys, all others are put into it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pairs<E>(Vec<E>);

/// So many entries are faster looked through than searched.
const FEW: usize = 16;

/// Labels of an object, or those that a selector asks for.
pub type Labels = Pairs<Label>;

/// Amounts by resource.
pub type Amounts = Pairs<Amount>;

impl<E> Pairs<E> {
    /// No entries.
    pub const EMPTY: Self = Self(Vec::new());
}

impl<E: Entry> Pairs<E> {
    /// The value of a key. Many entries are searched: a selector of a hundred thousand labels may meet an object that
    /// has them all.
    pub fn get(&self, key: &str) -> Option<&E::Value> {
        if self.0.len() > FEW {
            let place = self
                .0
                .binary_search_by(|entry| entry.parts().0.as_str().cmp(key))
                .ok()?;
            return Some(self.0[place].parts().1);
        }
        self.pairs().find(|(other, _)| *other == key).map(|(_, value)| value)
    }

    /// All keys with their values.
    pub fn pairs(&self) -> impl Iterator<Item = (&String, &E::Value)> {
        self.0.iter().map(E::parts)
    }

    /// Adds an entry, or replaces that of the same key.
    pub fn insert(&mut self, key: String, value: E::Value) {
        match self.0.binary_search_by(|entry| entry.parts().0.cmp(&key)) {
            Ok(place) => self.0[place] = E::new(key, value),
            Err(place) => self.0.insert(place, E::new(key, value)),
        }
    }
}

impl<E> Default for Pairs<E> {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// The decoder fills the list.
impl<E> Deref for Pairs<E> {
    type Target = Vec<E>;

    fn deref(&self) -> &Vec<E> {
        &self.0
    }
}

impl<E> DerefMut for Pairs<E> {
    fn deref_mut(&mut self) -> &mut Vec<E> {
        &mut self.0
    }
}

impl<'a, E> IntoIterator for &'a Pairs<E> {
    type Item = &'a E;
    type IntoIter = std::slice::Iter<'a, E>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<E: Entry> FromIterator<(String, E::Value)> for Pairs<E> {
    fn from_iter<I: IntoIterator<Item = (String, E::Value)>>(pairs: I) -> Self {
        let sorted: BTreeMap<String, E::Value> = pairs.into_iter().collect();
        Self(sorted.into_iter().map(|(key, value)| E::new(key, value)).collect())
    }
}

impl<E: Entry<Value: fmt::Debug>> fmt::Debug for Pairs<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.pairs()).finish()
    }
}

impl<E: Entry<Value: Serialize>> Serialize for Pairs<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.pairs())
    }
}

impl<'de, E: Entry<Value: Deserialize<'de>>> Deserialize<'de> for Pairs<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}

struct PairsVisitor<E>(PhantomData<E>);

impl<'de, E: Entry<Value: Deserialize<'de>>> Visitor<'de> for PairsVisitor<E> {
    type Value = Pairs<E>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<E>, A::Error> {
        let entries = std::iter::from_fn(|| map.next_entry().transpose());
        entries.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message;

    #[derive(Clone, PartialEq, ::prost::Message)]
    struct Tree {
        #[prost(btree_map = "string, string", tag = "1")]
        labels: BTreeMap<String, String>,
        #[prost(btree_map = "string, message", tag = "2")]
        amounts: BTreeMap<String, Quantity>,
    }

    #[derive(Clone, PartialEq, ::prost::Message, Serialize, Deserialize)]
    struct Flat {
        #[prost(message, repeated, tag = "1")]
        labels: Labels,
        #[prost(message, repeated, tag = "2")]
        amounts: Amounts,
    }

    const JSON: &str = r#"{"labels":{"a":"","b":"2"},"amounts":{"cpu":"1","memory":"1Gi"}}"#;

    #[test]
    fn pairs_are_encoded_as_a_map_is() {
        let flat: Flat = serde_json::from_str(JSON).unwrap();
        let tree = Tree::decode(flat.encode_to_vec().as_slice()).unwrap();
        assert_eq!(tree.labels["a"], "");
        assert_eq!(tree.amounts["memory"].text, "1Gi");
        assert_eq!(Flat::decode(tree.encode_to_vec().as_slice()).unwrap(), flat);
    }

    #[test]
    fn order_and_repetition_in_json_do_not_matter() {
        let unordered = r#"{"amounts":{"memory":"2Gi","cpu":"1","memory":"1Gi"},"labels":{"b":"2","a":""}}"#;
        let flat: Flat = serde_json::from_str(unordered).unwrap();
        assert_eq!(serde_json::to_string(&flat).unwrap(), JSON);
    }

    #[test]
    fn many_entries_are_found_as_few_are() {
        let many: Labels = (0..200_000)
            .map(|number| (number.to_string(), "v".to_owned()))
            .collect();
        assert!(many.pairs().all(|(key, value)| many.get(key) == Some(value)));
        assert_eq!(many.get("200000"), None);
    }

    #[test]
    fn an_entry_is_found_added_and_replaced() {
        let mut labels: Labels = [("b".to_owned(), "1".to_owned())].into_iter().collect();
        labels.insert("a".into(), "2".into());
        labels.insert("b".into(), "3".into());
        assert_eq!(labels.get("a").map(String::as_str), Some("2"));
        assert_eq!(labels.get("b").map(String::as_str), Some("3"));
        assert_eq!((labels.get("c"), labels.len()), (None, 2));
    }
}
