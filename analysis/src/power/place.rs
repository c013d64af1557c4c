//! Where a power holds, which for one that needs two permissions is where both do.

use std::collections::BTreeSet;

use crate::rbac::Binding;

/// The whole cluster, or some namespaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Every namespace, and what stands in none.
    Cluster,
    /// These namespaces only.
    Namespaces(BTreeSet<String>),
}

impl Place {
    /// Where a binding grants.
    pub fn of(binding: &Binding<'_>) -> Self {
        match binding.is_cluster_wide() {
            true => Self::Cluster,
            false => Self::Namespaces(BTreeSet::from([binding.meta.namespace.clone()])),
        }
    }

    /// Where both hold; none where they have nothing in common.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Cluster, place) | (place, Self::Cluster) => Some(place.clone()),
            (Self::Namespaces(one), Self::Namespaces(other)) => {
                let both: BTreeSet<String> = one.intersection(other).cloned().collect();
                (!both.is_empty()).then_some(Self::Namespaces(both))
            }
        }
    }

    /// Where either holds.
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Namespaces(one), Self::Namespaces(other)) => {
                Self::Namespaces(one.into_iter().chain(other).collect())
            }
            _ => Self::Cluster,
        }
    }

    /// Whether it takes in a namespace.
    pub fn has(&self, namespace: &str) -> bool {
        match self {
            Self::Cluster => true,
            Self::Namespaces(names) => names.contains(namespace),
        }
    }

    /// `in the whole cluster`, `in namespace shop`, `in namespace dev and 2 others`.
    pub fn in_words(&self) -> String {
        let Self::Namespaces(names) = self else {
            return "in the whole cluster".to_owned();
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            [one, other] => format!("in namespaces {one} and {other}"),
            [first, _, _, ..] => format!("in namespace {first} and {} others", names.len() - 1),
            few => format!("in namespace {}", few.concat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespaces(names: &[&str]) -> Place {
        Place::Namespaces(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn places_meet_where_both_are_and_join_where_either_is() {
        let (dev, shop) = (namespaces(&["dev"]), namespaces(&["shop"]));
        assert_eq!(Place::Cluster.meet(&dev), Some(dev.clone()));
        assert_eq!(dev.meet(&shop), None);
        assert_eq!(dev.clone().join(shop), namespaces(&["dev", "shop"]));
        assert_eq!(dev.join(Place::Cluster), Place::Cluster);
    }

    #[test]
    fn many_namespaces_are_counted() {
        assert_eq!(namespaces(&["a"]).in_words(), "in namespace a");
        assert_eq!(namespaces(&["a", "b"]).in_words(), "in namespaces a and b");
        assert_eq!(namespaces(&["a", "b", "c"]).in_words(), "in namespace a and 2 others");
    }
}
