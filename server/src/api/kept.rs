//! What is worked out from a snapshot and kept in memory, since people look at the last one again and again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use shared::page::AsOf;

use super::error::ApiError;
use crate::store::viewer::Viewer;

/// How many are kept of each: two can be compared.
const KEPT: usize = 2;

/// What a value is worked out of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    as_of: AsOf,
    viewer: Viewer,
    edition: String,
}

impl Basis {
    /// A snapshot, as far as a viewer sees it.
    pub(super) fn new(viewer: &Viewer, as_of: &AsOf) -> Self {
        Self {
            as_of: as_of.clone(),
            viewer: viewer.clone(),
            edition: String::new(),
        }
    }

    /// The same with this edition of the server's own frameworks.
    pub(super) fn with(self, edition: String) -> Self {
        Self { edition, ..self }
    }
}

/// The last values that were worked out. One is worked out at a time: many who ask for the same wait for one answer, and many
/// who ask for different ones don't fill the memory.
#[derive(Debug)]
pub struct Kept<T> {
    values: Mutex<VecDeque<(Basis, Arc<T>)>>,
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
    /// The value of a basis; `make` works it out where it is not there.
    ///
    /// # Errors
    /// What `make` says.
    pub(super) async fn get(
        &self,
        basis: &Basis,
        make: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Arc<T>, ApiError> {
        if let Some(value) = self.find(basis) {
            return Ok(value);
        }
        let _turn = self.work.lock().await;
        if let Some(value) = self.find(basis) {
            return Ok(value);
        }
        let value = Arc::new(make.await?);
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.push_front((basis.clone(), value.clone()));
        values.truncate(KEPT);
        Ok(value)
    }

    fn find(&self, basis: &Basis) -> Option<Arc<T>> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let place = values.iter().position(|(of, _)| of == basis)?;
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

    fn snapshot(number: i64) -> Basis {
        let as_of = AsOf {
            cluster: ClusterId(uuid::Uuid::nil()),
            snapshot: SnapshotId(number),
            taken_at: DateTime::UNIX_EPOCH,
        };
        Basis::new(&Viewer::All, &as_of)
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

    #[tokio::test]
    async fn what_one_viewer_was_told_no_other_is() {
        let kept = Kept::default();
        let all = snapshot(1);
        let some = Basis {
            viewer: Viewer::Namespaces(vec!["shop".into()]),
            ..all.clone()
        };
        let other = all.clone().with("another".into());
        for (basis, told) in [(&all, "all"), (&some, "some"), (&other, "other")] {
            let value = kept.get(basis, async { Ok(told.to_owned()) }).await.unwrap();
            assert_eq!(*value, told);
        }
    }
}
