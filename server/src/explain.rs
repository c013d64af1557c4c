//! Errors in one line, for the log and for the record.

use std::error::Error;

/// The error and what caused it, the cause last. It relies on no error repeating its source.
pub(crate) fn explain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::PipelineError;
    use crate::store::StoreError;

    #[test]
    fn an_error_is_told_with_its_causes() {
        let error = PipelineError::Store(StoreError::Unavailable(sqlx::Error::PoolClosed));
        let expected = format!(
            "it could not be stored: the database did not answer: {}",
            sqlx::Error::PoolClosed
        );
        assert_eq!(explain(&error), expected);
    }
}
