//! Reports.

use shared::ids::ClusterId;
use shared::page::Page;
use shared::reports::{
    MadeReport, NewReport, PATH, ReportFormat, ReportQuery, ReportRow, ReportSchedule, SCHEDULE_PATH,
};
use shared::snapshots::Which;

use super::client::{self, Request};

/// A page of reports, newest first.
pub(crate) fn list(query: &ReportQuery) -> Request<Page<ReportRow>> {
    client::get(PATH, query)
}

/// Which are made without being asked for.
pub(crate) fn schedule() -> Request<ReportSchedule> {
    client::get(SCHEDULE_PATH, &())
}

/// Makes a report.
pub(crate) fn make(new: &NewReport) -> Request<MadeReport> {
    client::post(PATH, new)
}

/// The address of a report's file.
pub(crate) fn file(cluster: ClusterId, report: i64, format: ReportFormat) -> String {
    let cluster = Some(cluster);
    client::with_query(&format!("{PATH}/{report}.{}", format.as_str()), &Which { cluster })
}
