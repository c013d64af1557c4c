//! `plimsoll openapi`.

use std::process::ExitCode;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    println!("{}", crate::api::description().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
