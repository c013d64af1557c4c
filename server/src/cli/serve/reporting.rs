//! What clusters are held against, and when it is reported.

use std::path::PathBuf;
use std::sync::Arc;

use analysis::catalogue::Catalogue;
use anyhow::Context;
use chrono::TimeDelta;
use shared::reports::ReportSchedule;
use sqlx::PgPool;

use crate::custom_checks::CheckFiles;
use crate::frameworks::{Frameworks, watch};
use crate::reports::schedule::{self, Schedule};

/// The options that say so.
#[derive(Debug, clap::Args)]
pub(super) struct Reporting {
    /// Hold clusters against a framework of your own too, written in this file; it is read again when it has changed. May be given
    /// several times.
    #[arg(long, value_name = "PATH")]
    framework_file: Vec<PathBuf>,
    /// Days between two reports of each cluster: 7d; or off.
    #[arg(long, env = "PLIMSOLL_REPORT_EVERY", default_value = "7d", value_parser = every)]
    report_every: Every,
    /// The framework of the reports, such as cis-1.12. May be given several times.
    #[arg(
        long,
        env = "PLIMSOLL_REPORT_FRAMEWORK",
        value_name = "ID",
        default_value = "cis-1.12"
    )]
    report_framework: Vec<String>,
}

/// How often a report is made; never, where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Every(Option<TimeDelta>);

fn every(text: &str) -> Result<Every, String> {
    if text == "off" {
        return Ok(Every(None));
    }
    let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
    let days = days.filter(|days| (1..=366).contains(days));
    let wrong = || "it is a number of days from 1d to 366d, or off".to_owned();
    days.map(|days| Every(Some(TimeDelta::days(days)))).ok_or_else(wrong)
}

impl Reporting {
    /// The frameworks, those of reports among them, which may name these checks.
    ///
    /// # Errors
    /// A file holds none, or there is none of the reports' ids.
    pub(super) fn frameworks(&self, catalogue: &Catalogue) -> anyhow::Result<Arc<Frameworks>> {
        let frameworks = Frameworks::read(&self.framework_file, catalogue)?;
        let all = frameworks.all(catalogue);
        for id in &self.report_framework {
            let ids = || -> Vec<&str> { all.iter().map(|framework| framework.id.as_str()).collect() };
            let none = || {
                format!(
                    "there is no framework {id} to report on; there are {}",
                    ids().join(", ")
                )
            };
            all.iter().find(|framework| framework.id == *id).with_context(none)?;
        }
        Ok(Arc::new(frameworks))
    }

    /// The same for those who ask.
    pub(super) fn schedule(&self) -> ReportSchedule {
        let Some(every) = self.report_every.0 else {
            return ReportSchedule::default();
        };
        ReportSchedule {
            every_days: u32::try_from(every.num_days()).ok(),
            frameworks: self.report_framework.clone(),
        }
    }

    /// Makes reports when they are due, and reads frameworks again when their files have changed, until the task is dropped.
    pub(super) fn run(
        &self,
        db: PgPool,
        frameworks: Arc<Frameworks>,
        checks: Arc<CheckFiles>,
    ) -> impl Future<Output = ()> + use<> {
        let (every, ids) = (self.report_every.0, self.report_framework.clone());
        async move {
            let reports = async {
                if let Some(every) = every {
                    let schedule = Schedule { every, frameworks: ids };
                    schedule::run(db, frameworks.clone(), checks.clone(), schedule).await;
                }
            };
            tokio::join!(watch(frameworks.clone(), checks.clone()), reports);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_made_every_so_many_days_or_never() {
        assert_eq!(every("7d"), Ok(Every(Some(TimeDelta::days(7)))));
        assert_eq!(every("off"), Ok(Every(None)));
        for wrong in ["", "7", "0d", "-1d", "367d", "1w", "99999999999d"] {
            assert!(every(wrong).is_err(), "{wrong}");
        }
    }
}
