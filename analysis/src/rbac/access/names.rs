//! The strings of roles and bindings, each kept once and told by a number.

use std::collections::HashMap;
use std::sync::Arc;

/// A string, by its number. Numbers of different [`Names`] mean nothing to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name(u32);

impl Name {
    /// `*`, in all [`Names`].
    pub(super) const STAR: Self = Self(0);
    /// A string that stands in no rule and no binding; it is in no set.
    pub(super) const UNKNOWN: Self = Self(u32::MAX);

    /// Its bit in a mask of 64 that tells most strings apart.
    pub(super) fn bit(self) -> u64 {
        1 << (self.0 & 63)
    }
}

/// All strings.
#[derive(Debug)]
pub(super) struct Names {
    numbers: HashMap<Arc<str>, Name>,
    texts: Vec<Arc<str>>,
}

impl Names {
    /// `*` and nothing else.
    pub(super) fn new() -> Self {
        let mut names = Self {
            numbers: HashMap::new(),
            texts: Vec::new(),
        };
        names.add("*");
        names
    }

    /// The number of a string, which gets one if it has none.
    pub(super) fn add(&mut self, text: &str) -> Name {
        if let Some(name) = self.numbers.get(text) {
            return *name;
        }
        let name = u32::try_from(self.texts.len()).map_or(Name::UNKNOWN, Name);
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.numbers.insert(text, name);
        name
    }

    /// The number of a string; [`Name::UNKNOWN`] if it has none.
    pub(super) fn find(&self, text: &str) -> Name {
        self.numbers.get(text).copied().unwrap_or(Name::UNKNOWN)
    }

    /// The string of a number.
    pub(super) fn text(&self, name: Name) -> &str {
        self.texts.get(name.0 as usize).map_or("", AsRef::as_ref)
    }
}

/// A sorted list of names, with a mask that turns most others away without looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameSet {
    mask: u64,
    names: Box<[Name]>,
}

impl NameSet {
    /// The names of these strings.
    pub(super) fn new(names: &mut Names, texts: &[String]) -> Self {
        let mut list: Vec<Name> = texts.iter().map(|text| names.add(text)).collect();
        list.sort_unstable();
        list.dedup();
        Self {
            mask: list.iter().fold(0, |mask, name| mask | name.bit()),
            names: list.into(),
        }
    }

    /// Whether it holds that name.
    pub(super) fn has(&self, name: Name) -> bool {
        self.mask & name.bit() != 0 && self.names.binary_search(&name).is_ok()
    }

    /// Whether it holds `*`.
    pub(super) fn has_star(&self) -> bool {
        self.names.first() == Some(&Name::STAR)
    }

    /// Whether it holds that name or `*`.
    pub(super) fn matches(&self, name: Name) -> bool {
        self.has_star() || self.has(name)
    }

    /// Whether it holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Them, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = Name> + '_ {
        self.names.iter().copied()
    }
}
