//! What is worked out from a snapshot and kept in memory, since people look at the last one again and again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use shared::page::AsOf;

use super::error::ApiError;

/// How many are kept of each: two can be compared.
const KEPT: usize = 2;

/// The last values that were worked out. One is worked out at a time: many who ask for the same wait for one answer, and many
/// who ask for different ones don't fill the memory.
#[derive(Debug)]
pub struct Kept<T> {
    values: Mutex<VecDeque<(AsOf, Arc<T>)>>,
    work: tokio::sync::Mutex<()>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            values: Mutex::default(),
            work: tokio::sync::Mutex::default(),
        }
    }
}

impl<T> Kept<T> {
    /// The value of a snapshot; `make` works it out where it is not there.
    ///
    /// # Errors
    /// What `make` says.
    pub(super) async fn get(
        &self,
        as_of: &AsOf,
        make: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Arc<T>, ApiError> {
        if let Some(value) = self.find(as_of) {
            return Ok(value);
        }
        let _turn = self.work.lock().await;
        if let Some(value) = self.find(as_of) {
            return Ok(value);
        }
        let value = Arc::new(make.await?);
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.push_front((as_of.clone(), value.clone()));
        values.truncate(KEPT);
        Ok(value)
    }

    fn find(&self, as_of: &AsOf) -> Option<Arc<T>> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let place = values.iter().position(|(of, _)| of == as_of)?;
        // What is asked for stays longest.
        let found = values.remove(place)?;
        values.push_front(found);
        values.front().map(|(_, value)| value.clone())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use shared::ids::{ClusterId, SnapshotId};

    use super::*;

    fn snapshot(number: i64) -> AsOf {
        AsOf {
            cluster: ClusterId(uuid::Uuid::nil()),
            snapshot: SnapshotId(number),
            taken_at: DateTime::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn a_value_is_worked_out_once_and_the_last_two_are_kept() {
        let kept = Kept::default();
        let ask = async |number, value: &str| {
            let made = value.to_owned();
            kept.get(&snapshot(number), async { Ok(made) })
                .await
                .map(|value| value.to_string())
                .unwrap_or_default()
        };
        assert_eq!(ask(1, "a").await, "a");
        assert_eq!(ask(1, "b").await, "a");
        assert_eq!(ask(2, "c").await, "c");
        assert_eq!(ask(1, "d").await, "a");
        assert_eq!(ask(3, "e").await, "e");
        assert_eq!(ask(1, "f").await, "a");
        assert_eq!(ask(2, "g").await, "g");
    }
}
