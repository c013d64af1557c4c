//! Splits the module where `wasm_split` marks it: what the page starts with, and chunks that it loads when it needs them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The loader's name, by which the first module imports it.
pub(crate) const LOADER: &str = "./loader.js";
/// The name of the first module's script, by which the loader imports it.
pub(crate) const SCRIPT: &str = "./app.js";

/// A module that was split.
pub(crate) struct Split {
    /// What the page starts with. It goes through wasm-bindgen like a whole module.
    pub(crate) first: Vec<u8>,
    /// The ES module that loads the chunks.
    pub(crate) loader: String,
    /// The chunks: the names by which the loader fetches them, without `./` and `.wasm`, and their contents.
    pub(crate) chunks: Vec<(String, Vec<u8>)>,
}

/// Splits a module that was linked with `--emit-relocs`.
///
/// # Errors
/// When the module can't be split; or when a file can't be written, since the library hands over its results as files.
pub(crate) fn split(root: &Path, module: &[u8]) -> Result<Split> {
    let folder = root.join("target/web/split");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("emptying target/web/split")?;
    }
    let first = folder.join("first.wasm");
    let mut options = Options::new(module);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = LOADER;
    options.main_module = SCRIPT;
    let split = transform(options).map_err(|error| anyhow!("splitting the page: {error:?}"))?;
    let mut chunks = split
        .split_modules
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, fs::read(path)?))
        })
        .collect::<Result<Vec<_>>>()?;
    chunks.sort();
    Ok(Split {
        first: fs::read(&first)?,
        loader: fs::read_to_string(folder.join(LOADER))?,
        chunks,
    })
}
