//! Amounts as numbers, and what is wrong with those that make no sense.

use shared::quotas::Unit;

use crate::model::quantity::Quantity;

/// Why an amount makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is no quantity.
    Malformed,
    /// It is below zero.
    Negative,
    /// No node and no disk has as much.
    Beyond,
    /// It is a few bytes, where somebody left out a suffix or wrote `m` for `Mi`.
    Tiny,
}

/// More cores than any node has, in thousandths.
const MOST_MILLI: i128 = 1_000_000_000;
/// More bytes than any node has, and more objects than etcd holds: 2^60.
const MOST: i128 = 1 << 60;
/// No program fits into less.
const FEW_BYTES: i64 = 1024;

/// What a resource is counted in. In a quota its name may say what is bounded: `limits.cpu`,
/// `gold.storageclass.storage.k8s.io/requests.storage`.
pub fn unit(resource: &str) -> Unit {
    let name = match resource.rsplit_once('/') {
        Some((before, name)) if before.ends_with(".storageclass.storage.k8s.io") => name,
        _ => resource,
    };
    let bounds = ["requests.", "limits."];
    let name = bounds.iter().find_map(|bound| name.strip_prefix(bound)).unwrap_or(name);
    match name {
        "cpu" => Unit::Milli,
        "memory" | "ephemeral-storage" | "storage" => Unit::Bytes,
        _ if name.starts_with("hugepages-") => Unit::Bytes,
        _ => Unit::Count,
    }
}

/// How much of a resource a quantity is, in its unit and rounded up.
///
/// # Errors
/// It can't be reckoned with.
pub fn number(resource: &str, quantity: &Quantity) -> Result<i64, Flaw> {
    let Some(milli) = quantity.milli() else {
        return Err(unread(quantity));
    };
    let (value, most) = match unit(resource) {
        Unit::Milli => (milli, MOST_MILLI),
        Unit::Bytes | Unit::Count => (milli.div_euclid(1000) + i128::from(milli.rem_euclid(1000) != 0), MOST),
    };
    match i64::try_from(value) {
        _ if milli < 0 => Err(Flaw::Negative),
        Ok(number) if value <= most => Ok(number),
        _ => Err(Flaw::Beyond),
    }
}

fn unread(quantity: &Quantity) -> Flaw {
    match quantity.is_well_formed() {
        false => Flaw::Malformed,
        true if quantity.text.starts_with('-') => Flaw::Negative,
        true => Flaw::Beyond,
    }
}

/// What is wrong with an amount that somebody wrote.
pub fn flaw(resource: &str, quantity: &Quantity) -> Option<Flaw> {
    match number(resource, quantity) {
        Err(flaw) => Some(flaw),
        Ok(1..FEW_BYTES) if unit(resource) == Unit::Bytes => Some(Flaw::Tiny),
        Ok(_) => None,
    }
}

/// As much of a quantity's text as shows what it is: of a manifest it may be of any length.
pub fn shown(quantity: &Quantity) -> String {
    match quantity.text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &quantity.text[..end]),
        None => quantity.text.clone(),
    }
}

/// An amount in words that a person would write: `1500m`, `2048Mi`, `3`.
pub fn text(resource: &str, number: i64) -> String {
    match unit(resource) {
        Unit::Milli => format!("{number}m"),
        Unit::Bytes if number >= 1 << 20 => format!("{}Mi", number >> 20),
        Unit::Bytes | Unit::Count => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(resource: &str, text: &str) -> Result<i64, Flaw> {
        number(resource, &Quantity { text: text.into() })
    }

    fn wrong(resource: &str, text: &str) -> Option<Flaw> {
        flaw(resource, &Quantity { text: text.into() })
    }

    #[test]
    fn each_resource_is_counted_in_its_unit() {
        assert_eq!(read("limits.cpu", "1.5"), Ok(1500));
        assert_eq!(read("requests.memory", "1Gi"), Ok(1 << 30));
        assert_eq!(
            read("gold.storageclass.storage.k8s.io/requests.storage", "1k"),
            Ok(1000)
        );
        assert_eq!(unit("hugepages-2Mi"), Unit::Bytes);
        for resource in ["pods", "count/secrets", "requests.nvidia.com/gpu"] {
            assert_eq!(read(resource, "3"), Ok(3), "{resource}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_told_apart() {
        assert_eq!(wrong("cpu", "two"), Some(Flaw::Malformed));
        assert_eq!(wrong("memory", "-5Gi"), Some(Flaw::Negative));
        assert_eq!(wrong("memory", "-1e99"), Some(Flaw::Negative));
        for (resource, text) in [("memory", "1e99"), ("cpu", "5000000"), ("pods", "2E")] {
            assert_eq!(wrong(resource, text), Some(Flaw::Beyond), "{resource} {text}");
        }
        assert_eq!(wrong("memory", "512m"), Some(Flaw::Tiny));
        assert_eq!(wrong("memory", "512"), Some(Flaw::Tiny));
    }

    #[test]
    fn what_is_usual_makes_sense() {
        for (resource, text) in [
            ("cpu", "0"),
            ("cpu", "1m"),
            ("memory", "0"),
            ("memory", "1.2Gi"),
            ("limits.memory", "1Pi"),
            ("pods", "512"),
        ] {
            assert_eq!(wrong(resource, text), None, "{resource} {text}");
        }
    }
}
