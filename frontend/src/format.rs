//! Numbers, spans and instants in words. All instants are UTC.

use chrono::{DateTime, Datelike, SecondsFormat, TimeDelta, Timelike, Utc};
use shared::quotas::{Amount, Unit};

/// The names of the months.
pub(crate) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Thousands are set apart: `1,904`.
pub(crate) fn number(n: impl Into<u64>) -> String {
    let digits = n.into().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and its noun: `1 finding`, `1,904 findings`.
pub(crate) fn count(n: impl Into<u64>, one: &str, many: &str) -> String {
    let n = n.into();
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// Thousandths of a core: as a manifest writes them below one core, `250m`; else in cores, `1.5`, `23.25`, `1,603`.
pub(crate) fn cores(milli: i64) -> String {
    match milli {
        ..1_000 if milli != 0 => format!("{milli}m"),
        ..100_000 => {
            let cores = format!("{:.2}", milli as f64 / 1_000.0);
            cores.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => number((milli.unsigned_abs() + 500) / 1_000),
    }
}

/// Bytes in their largest binary unit: `512 MiB`, `1.5 GiB`.
pub(crate) fn bytes(bytes: i64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1_024.0 && unit + 1 < UNITS.len() {
        size /= 1_024.0;
        unit += 1;
    }
    let digits = if size.fract().abs() < 0.05 {
        format!("{size:.0}")
    } else {
        format!("{size:.1}")
    };
    format!("{digits} {}", UNITS[unit])
}

/// An amount in a unit: `1.5`, `512 MiB`, `1,904`.
pub(crate) fn amount(unit: Unit, amount: i64) -> String {
    match unit {
        Unit::Milli => cores(amount),
        Unit::Bytes => bytes(amount),
        Unit::Count => number(amount.max(0).unsigned_abs()),
    }
}

/// An amount that somebody wrote, in its unit; as it is written where it can't be reckoned with, and `–` where there is none.
pub(crate) fn written(unit: Unit, written: Option<&Amount>) -> String {
    let told = |written: &Amount| written.value.map(|value| amount(unit, value));
    written.map_or_else(
        || "–".to_owned(),
        |written| told(written).unwrap_or_else(|| written.text.clone()),
    )
}

/// A share from 0 to 1: `88 %`. Only the whole is 100 %, and only nothing is 0 %.
pub(crate) fn percent(share: f32) -> String {
    let rounded = (share * 100.0).round();
    let shown = if share >= 1.0 || share <= 0.0 {
        rounded
    } else {
        rounded.clamp(1.0, 99.0)
    };
    format!("{shown:.0} %")
}

/// A score: a whole number; `–` where nothing was decided.
pub(crate) fn score(value: Option<f32>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{:.0}", value.round()))
}

/// A difference of scores, with its sign: `+1.9`, `−10`, `0`.
pub(crate) fn signed(difference: f32) -> String {
    let tenths = (difference * 10.0).round() / 10.0;
    let size = tenths.abs();
    let digits = if size.fract() == 0.0 {
        format!("{size:.0}")
    } else {
        format!("{size:.1}")
    };
    match tenths {
        t if t > 0.0 => format!("+{digits}"),
        t if t < 0.0 => format!("\u{2212}{digits}"),
        _ => "0".into(),
    }
}

/// A span in its largest unit: `12 s`, `8 min`, `5 h`, `82 d`.
pub(crate) fn span(delta: TimeDelta) -> String {
    let seconds = delta.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", number((seconds / 86_400).unsigned_abs())),
    }
}

/// How long ago: `8 min ago`, `just now`.
pub(crate) fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let delta = now - then;
    if delta.num_seconds() < 5 {
        "just now".into()
    } else {
        format!("{} ago", span(delta))
    }
}

/// How long something took: `850 ms`, `2.4 s`, `1 min 12 s`.
pub(crate) fn duration(ms: u32) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// A day: `8 Oct`; with its year where that is not `now`'s.
pub(crate) fn day(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let month = MONTHS[at.month0() as usize];
    match at.year() {
        year if year == now.year() => format!("{} {month}", at.day()),
        year => format!("{} {month} {year}", at.day()),
    }
}

/// An instant to the minute: `8 Oct 14:05`.
pub(crate) fn instant(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("{} {}", day(at, now), clock(at))
}

/// The time of day: `14:05`.
pub(crate) fn clock(at: DateTime<Utc>) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// An instant in full, for a title: `2026-10-08 14:05:07 UTC`.
pub(crate) fn absolute(at: DateTime<Utc>) -> String {
    let (year, month, day) = (at.year(), at.month(), at.day());
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// An instant for a program, with every digit that it has.
pub(crate) fn machine(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            ["0", "999", "1,904", "1,234,567"],
            [0u64, 999, 1_904, 1_234_567].map(number).each_ref().map(|s| &**s)
        );
    }

    #[test]
    fn one_takes_the_singular() {
        assert_eq!(count(1u32, "finding", "findings"), "1 finding");
        assert_eq!(count(0u32, "finding", "findings"), "0 findings");
    }

    #[test]
    fn cores_are_thousandths_below_one_and_no_more_exact_than_anybody_reads() {
        let told = [0, 250, 2_000, 1_500, 23_250, 602_950, 1_602_950].map(cores);
        assert_eq!(told, ["0", "250m", "2", "1.5", "23.25", "603", "1,603"]);
    }

    #[test]
    fn bytes_take_their_largest_unit() {
        assert_eq!(
            [100, 536_870_912, 1_610_612_736].map(bytes),
            ["100 B", "512 MiB", "1.5 GiB"]
        );
    }

    #[test]
    fn almost_all_is_not_all() {
        assert_eq!(
            [1.0, 0.999, 0.88, 0.001, 0.0].map(percent),
            ["100 %", "99 %", "88 %", "1 %", "0 %"]
        );
    }

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(
            [1.94, -10.0, 0.04, 0.9].map(signed),
            ["+1.9", "\u{2212}10", "0", "+0.9"]
        );
    }

    #[test]
    fn spans_take_their_largest_unit() {
        let words = [12, 480, 18_000, 100_000, 7_084_800].map(|s| span(TimeDelta::seconds(s)));
        assert_eq!(words, ["12 s", "8 min", "5 h", "27 h", "82 d"]);
    }

    #[test]
    fn the_future_and_the_last_moments_are_just_now() {
        let now = at("2026-11-24T09:40:00Z");
        assert_eq!(ago(at("2026-11-24T09:41:00Z"), now), "just now");
        assert_eq!(ago(at("2026-11-24T09:32:00Z"), now), "8 min ago");
    }

    #[test]
    fn the_year_is_said_where_it_differs() {
        let now = at("2026-11-24T09:40:00Z");
        assert_eq!(instant(at("2026-10-08T14:05:07Z"), now), "8 Oct 14:05");
        assert_eq!(day(at("2025-10-08T14:05:07Z"), now), "8 Oct 2025");
        assert_eq!(absolute(at("2026-10-08T14:05:07Z")), "2026-10-08 14:05:07 UTC");
    }

    #[test]
    fn no_digit_of_an_instant_is_lost() {
        assert_eq!(
            machine(at("2026-10-08T14:05:07.123456Z")),
            "2026-10-08T14:05:07.123456Z"
        );
        assert_eq!(machine(at("2026-10-08T14:05:00Z")), "2026-10-08T14:05:00Z");
    }

    #[test]
    fn short_work_is_told_in_milliseconds() {
        assert_eq!([850, 2_430, 72_000].map(duration), ["850 ms", "2.4 s", "1 min 12 s"]);
    }
}
