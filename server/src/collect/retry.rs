//! How long to wait before a request is sent again.

use std::time::Duration;

/// How often a request is sent at most.
pub(super) const TRIES: u32 = 5;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(8);
/// A server may ask for more, but then the deadline would pass in a single wait.
const LONGEST_ASKED: Duration = Duration::from_secs(60);

/// The wait after attempt `attempt` (from 0): doubled each time, `jitter` (0 to 1) of its second half, and never less than the
/// server's `Retry-After`.
pub(super) fn wait(attempt: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
    let step = FIRST.saturating_mul(1 << attempt.min(10)).min(LONGEST);
    let spread = step.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
    spread.max(retry_after.unwrap_or_default().min(LONGEST_ASKED))
}

/// The seconds of a `Retry-After` header. The API server never sends the other form, a date.
pub(super) fn retry_after(headers: &http::HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound() {
        let waits: Vec<u64> = (0..8)
            .map(|attempt| wait(attempt, None, 1.0).as_millis() as u64)
            .collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    }

    #[test]
    fn jitter_takes_at_most_half() {
        assert_eq!(wait(1, None, 0.0), Duration::from_millis(250));
    }

    #[test]
    fn retry_after_is_obeyed_up_to_a_minute() {
        assert_eq!(wait(0, Some(Duration::from_secs(7)), 1.0), Duration::from_secs(7));
        assert_eq!(wait(0, Some(Duration::from_secs(86_400)), 1.0), Duration::from_secs(60));
    }
}
