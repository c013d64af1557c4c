//! What building Plimsoll needs beyond Cargo: building the page, and holding dependencies to a policy.

mod deps;
mod page;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use page::Flavour;

const USAGE: &str = "usage: cargo xtask page [--debug]   build the page into target/page
       cargo xtask lint             run clippy on the frontend
       cargo xtask deps             check the dependencies against deny.toml";

fn main() -> ExitCode {
    match perform() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["page"] => page::build(root(), Flavour::Release),
        ["page", "--debug"] => page::build(root(), Flavour::Debug),
        ["lint"] => page::lint(root()),
        ["deps"] => deps::check(root()),
        _ => bail!("{USAGE}"),
    }
}

/// The folder of the workspace, wherever the command was called.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
