//! Builds the page: the frontend as WebAssembly, with its styles, scripts and fonts, into `target/page`.
//!
//! The server's build script embeds what lies there; `manifest.txt` lists it.

mod assets;
mod output;
mod sources;
mod split;
mod template;
mod wasm;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use sources::Sources;
pub(crate) use wasm::lint;

/// How much work is put into a small page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Optimised for size, compressed: what is shipped.
    Release,
    /// Built fast, with names in stack traces, uncompressed: for writing the frontend.
    Debug,
}

/// Builds the page where anything that it is made of has changed since the last time.
pub(crate) fn build(root: &Path, flavour: Flavour) -> Result<()> {
    let started = Instant::now();
    let module = wasm::compile(root, flavour)?;
    let sources = Sources::read(root)?;
    let stamp = stamp(root, &module, &sources, flavour)?;
    if output::stamp(root).as_deref() == Some(&stamp) {
        println!("page: target/page is up to date");
        return Ok(());
    }
    let bound = wasm::bind(root, &module, flavour)?;
    let assets = assets::name(sources, bound)?;
    output::write(root, &assets, flavour, &stamp)?;
    println!("page: built in {:.1} s", started.elapsed().as_secs_f32());
    Ok(())
}

/// A digest of all that decides what the page is: this program stands for the steps and the library that it performs.
fn stamp(root: &Path, module: &[u8], sources: &Sources, flavour: Flavour) -> Result<String> {
    let program = fs::read(std::env::current_exe()?)?;
    let tools = fs::read(root.join("package-lock.json")).context("reading package-lock.json")?;
    let mut digest = Sha256::new();
    for part in [module, &program, &tools, format!("{flavour:?}").as_bytes()] {
        digest.update(Sha256::digest(part));
    }
    sources.digest(&mut digest);
    Ok(format!("{:x}", digest.finalize()))
}
