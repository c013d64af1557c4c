//! The binary `plimsoll`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
