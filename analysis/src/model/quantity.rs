//! The scalar types that Kubernetes writes in more than one way: quantities, ports by number or name, instants.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount as written: `500m`, `1Gi`, `2`. See [`Quantity::milli`] for its value.
#[derive(Clone, PartialEq, Eq, ::prost::Message)]
pub struct Quantity {
    /// The text.
    #[prost(string, tag = "1")]
    pub text: String,
}

/// Suffixes of `k8s.io/apimachinery/pkg/api/resource`, as numerator and denominator of a factor.
const SUFFIXES: &[(&str, i128, i128)] = &[
    ("Ki", 1 << 10, 1),
    ("Mi", 1 << 20, 1),
    ("Gi", 1 << 30, 1),
    ("Ti", 1 << 40, 1),
    ("Pi", 1 << 50, 1),
    ("Ei", 1 << 60, 1),
    ("n", 1, 1_000_000_000),
    ("u", 1, 1_000_000),
    ("m", 1, 1000),
    ("k", 1000, 1),
    ("M", 1_000_000, 1),
    ("G", 1_000_000_000, 1),
    ("T", 1_000_000_000_000, 1),
    ("P", 1_000_000_000_000_000, 1),
    ("E", 1_000_000_000_000_000_000, 1),
];

impl Quantity {
    /// The amount in thousandths, rounded up as the API server does; none where the text is no quantity.
    pub fn milli(&self) -> Option<i128> {
        let text = self.text.trim();
        let (digits, numerator, denominator) = match SUFFIXES.iter().find(|(suffix, ..)| text.ends_with(suffix)) {
            Some((suffix, numerator, denominator)) => (&text[..text.len() - suffix.len()], *numerator, *denominator),
            None => (text, 1, 1),
        };
        let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + fraction.len() > 24 || exponent.unsigned_abs() > 12 {
            return None;
        }
        let value: i128 = match fraction {
            "" => whole.parse().ok()?,
            _ => format!("{whole}{fraction}").parse().ok()?,
        };
        let scale = exponent - i32::try_from(fraction.len()).ok()?;
        let ten = 10i128.checked_pow(scale.unsigned_abs())?;
        let (up, down) = if scale < 0 { (1, ten) } else { (ten, 1) };
        let top = value.checked_mul(numerator)?.checked_mul(up)?.checked_mul(1000)?;
        let bottom = denominator.checked_mul(down)?;
        if bottom == 1 {
            return Some(top);
        }
        Some(top.div_euclid(bottom) + i128::from(top.rem_euclid(bottom) != 0))
    }

    /// Whether it is written as a quantity is, however large it may be.
    pub fn is_well_formed(&self) -> bool {
        let text = self.text.strip_prefix(['+', '-']).unwrap_or(&self.text);
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, suffix) = text.split_at(end);
        number.contains(|c: char| c.is_ascii_digit()) && number.matches('.').count() < 2 && is_suffix(suffix)
    }

    /// The amount in whole units, rounded up.
    pub fn value(&self) -> Option<i128> {
        self.milli()
            .map(|milli| milli.div_euclid(1000) + i128::from(milli.rem_euclid(1000) != 0))
    }
}

fn is_suffix(suffix: &str) -> bool {
    let exponent = suffix
        .strip_prefix(['e', 'E'])
        .map(|digits| digits.strip_prefix(['+', '-']).unwrap_or(digits));
    suffix.is_empty()
        || SUFFIXES.iter().any(|(known, ..)| *known == suffix)
        || exponent.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            text: deserializer.deserialize_any(ScalarVisitor)?.into_text(),
        })
    }
}

/// A port by number, or by name.
#[derive(Clone, PartialEq, Eq, ::prost::Message)]
pub struct IntOrString {
    /// 0 for a number, 1 for a name.
    #[prost(int64, tag = "1")]
    pub kind: i64,
    /// The number.
    #[prost(int32, tag = "2")]
    pub int: i32,
    /// The name.
    #[prost(string, tag = "3")]
    pub string: String,
}

impl Serialize for IntOrString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind {
            0 => serializer.serialize_i32(self.int),
            _ => serializer.serialize_str(&self.string),
        }
    }
}

impl<'de> Deserialize<'de> for IntOrString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(ScalarVisitor)? {
            Written::Int(int) => {
                let int = i32::try_from(int).map_err(|_| de::Error::custom("a port number is out of range"))?;
                Ok(Self {
                    kind: 0,
                    int,
                    string: String::new(),
                })
            }
            text => Ok(Self {
                kind: 1,
                int: 0,
                string: text.into_text(),
            }),
        }
    }
}

/// An instant, to the second.
#[derive(Clone, Copy, PartialEq, Eq, ::prost::Message)]
pub struct Time {
    /// Seconds since 1970.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
}

impl Time {
    /// The instant as chrono has it; none where it is out of range.
    pub fn utc(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.seconds, 0)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.utc() {
            Some(at) => serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = DateTime::parse_from_rfc3339(&text).map_err(|_| de::Error::custom("an instant is not RFC 3339"))?;
        Ok(Self {
            seconds: at.timestamp(),
        })
    }
}

enum Written {
    Int(i64),
    Float(f64),
    Text(String),
}

impl Written {
    fn into_text(self) -> String {
        match self {
            Self::Int(int) => int.to_string(),
            Self::Float(float) => float.to_string(),
            Self::Text(text) => text,
        }
    }
}

struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number or a string")
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Written, E> {
        Ok(Written::Int(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Written, E> {
        i64::try_from(v)
            .map(Written::Int)
            .map_err(|_| E::custom("a number is out of range"))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Written, E> {
        Ok(Written::Float(v))
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<Written, E> {
        Ok(Written::Text(v.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Written, E> {
        Ok(Written::Text(String::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milli(text: &str) -> Option<i128> {
        Quantity { text: text.into() }.milli()
    }

    #[test]
    fn quantities_are_read_as_the_api_server_reads_them() {
        assert_eq!(milli("500m"), Some(500));
        assert_eq!(milli("2"), Some(2000));
        assert_eq!(milli("1.5Gi"), Some(1_610_612_736_000));
        assert_eq!(milli("1e3"), Some(1_000_000));
        assert_eq!(milli("0.5"), Some(500));
        assert_eq!(milli("100n"), Some(1));
        assert_eq!(milli("1E"), Some(1_000_000_000_000_000_000_000));
        assert_eq!(milli("two"), None);
        assert_eq!(milli(""), None);
    }

    #[test]
    fn what_is_too_large_to_reckon_with_is_still_a_quantity() {
        let is_well_formed = |text: &str| Quantity { text: text.into() }.is_well_formed();
        for text in ["1e99", "-1E+99", "5", "+.5Gi", "1.", "100000000000000000000000000000"] {
            assert!(is_well_formed(text), "{text}");
        }
        for text in ["", ".", "two", "1.2.3", "5 Gi", "12e", "1Mb", "Gi", "1e9Gi"] {
            assert!(!is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn exponents_at_the_ends_of_their_type_are_too_large() {
        for text in ["1e-2147483648", "1e2147483647", "1.5E-2147483648"] {
            assert_eq!(milli(text), None, "{text}");
        }
    }

    #[test]
    fn a_port_is_a_number_or_a_name() {
        let number: IntOrString = serde_json::from_str("80").unwrap();
        let name: IntOrString = serde_json::from_str("\"http\"").unwrap();
        assert_eq!((number.kind, number.int), (0, 80));
        assert_eq!((name.kind, name.string.as_str()), (1, "http"));
    }
}
