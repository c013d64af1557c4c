//! Values of flags, as Go reads them.

use std::time::Duration;

/// A boolean; a flag that stands alone is true.
pub fn switch_value(text: &str) -> Option<bool> {
    match text {
        "" | "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A duration: `1m0s`, `1.5h`. None where it is negative, absurd or no duration.
pub fn duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total = 0.0;
    while !rest.is_empty() || text.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        total += number.parse::<f64>().ok()? * seconds(unit)?;
        rest = tail;
    }
    Duration::try_from_secs_f64(total).ok()
}

fn seconds(unit: &str) -> Option<f64> {
    match unit {
        "ns" => Some(1e-9),
        "us" | "µs" | "μs" => Some(1e-6),
        "ms" => Some(1e-3),
        "s" => Some(1.0),
        "m" => Some(60.0),
        "h" => Some(3600.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        let read = |text| duration(text).map(|duration| duration.as_millis());
        assert_eq!(read("1m0s"), Some(60_000));
        assert_eq!(read("1.5h"), Some(5_400_000));
        assert_eq!(read("0"), Some(0));
        assert_eq!(read("300ms"), Some(300));
        for absurd in ["", "-1m", "1", "m", "1x", "1e99s", ".s", "9999999999999999999999h"] {
            assert_eq!(read(absurd), None, "{absurd}");
        }
    }
}
