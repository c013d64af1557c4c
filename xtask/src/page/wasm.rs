//! The frontend as WebAssembly: compiled by Cargo, split, given its JavaScript by wasm-bindgen, made smaller by Binaryen.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::Flavour;
use super::split::{Split, split};

const TARGET: &str = "wasm32-unknown-unknown";

/// The WebAssembly with what the browser needs to load it.
pub(crate) struct Bound {
    /// The ES module that loads the WebAssembly.
    pub(crate) js: String,
    /// The WebAssembly that the page starts with.
    pub(crate) wasm: Vec<u8>,
    /// The ES module that loads the chunks.
    pub(crate) loader: String,
    /// The chunks: the names by which `loader` fetches them, without `./` and `.wasm`, and their contents.
    pub(crate) chunks: Vec<(String, Vec<u8>)>,
    /// Scripts that crates bring along: their paths below `snippets/`, by which `js` imports them, and their contents.
    pub(crate) snippets: Vec<(String, String)>,
}

/// Compiles the frontend.
///
/// # Errors
/// When no compiler for WebAssembly is found, or when the frontend doesn't compile.
pub(crate) fn compile(root: &Path, flavour: Flavour) -> Result<Vec<u8>> {
    let (profile, folder) = match flavour {
        Flavour::Release => ("page", "page"),
        Flavour::Debug => ("dev", "debug"),
    };
    // What is split must say what it refers to, and where.
    run(cargo(root, "rustc")?.args(["--profile", profile, "--", "-Clink-arg=--emit-relocs"]))?;
    let module = root.join("target/web").join(TARGET).join(folder).join("frontend.wasm");
    fs::read(&module).with_context(|| format!("reading {}", module.display()))
}

/// Has clippy look at the frontend as the browser gets it; a warning is an error.
///
/// # Errors
/// When there is one.
pub(crate) fn lint(root: &Path) -> Result<()> {
    run(cargo(root, "clippy")?.args(["--quiet", "--", "--deny", "warnings"]))
}

/// Splits the module, generates its JavaScript and, for what is shipped, makes all parts smaller.
///
/// # Errors
/// When the splitter, wasm-bindgen or wasm-opt refuses the module.
pub(crate) fn bind(root: &Path, module: &[u8], flavour: Flavour) -> Result<Bound> {
    let debug = flavour == Flavour::Debug;
    let Split { first, loader, chunks } = split(root, module)?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("app", first)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true);
    // The chunks import what the linker exports: the table of functions, by which they call into the first module.
    bindgen
        .keep_lld_exports(true)
        .keep_debug(debug)
        .remove_name_section(!debug)
        .remove_producers_section(!debug);
    let mut output = bindgen.generate_output()?;
    let snippets = snippets(&output);
    let wasm = output.wasm_mut().emit_wasm();
    let small = |wasm: Vec<u8>| if debug { Ok(wasm) } else { optimise(root, &wasm) };
    let chunks = chunks.into_iter().map(|(name, chunk)| Ok((name, small(chunk)?)));
    Ok(Bound {
        js: output.js().to_owned(),
        wasm: small(wasm)?,
        loader,
        chunks: chunks.collect::<Result<_>>()?,
        snippets,
    })
}

/// Snippets are pieces of script in a crate's source (`inline_js`), or files in it.
fn snippets(output: &wasm_bindgen_cli_support::Output) -> Vec<(String, String)> {
    let inline = output.snippets().iter().flat_map(|(krate, bodies)| {
        bodies
            .iter()
            .enumerate()
            .map(move |(number, body)| (format!("{krate}/inline{number}.js"), body.clone()))
    });
    let files = output
        .local_modules()
        .iter()
        .map(|(path, body)| (path.clone(), body.clone()));
    let mut snippets: Vec<_> = inline.chain(files).collect();
    snippets.sort();
    snippets
}

fn optimise(root: &Path, wasm: &[u8]) -> Result<Vec<u8>> {
    let tool = root.join("node_modules/.bin/wasm-opt");
    ensure!(
        tool.exists(),
        "node_modules/.bin/wasm-opt is missing; run scripts/setup.sh"
    );
    let (input, output) = (root.join("target/web/bound.wasm"), root.join("target/web/small.wasm"));
    fs::write(&input, wasm)?;
    let mut tool = Command::new(tool);
    tool.args(["-Os", "--strip-producers"])
        .arg(&input)
        .arg("-o")
        .arg(&output);
    // It warns of names that it does not understand, and drops all names.
    let ended = tool.output().context("starting wasm-opt")?;
    ensure!(
        ended.status.success(),
        "wasm-opt failed: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    Ok(fs::read(&output)?)
}

/// Cargo's `subcommand` on the frontend, with a compiler that has, or can build, the standard library for WebAssembly.
///
/// The target folder is one of its own, so that this never waits for a build of the server.
fn cargo(root: &Path, subcommand: &str) -> Result<Command> {
    let library = sysroot("rustc")?.join("lib/rustlib").join(TARGET);
    let mut cargo = if library.exists() { own_cargo() } else { debian_cargo()? };
    cargo.current_dir(root).args([
        subcommand,
        "--package",
        "frontend",
        "--target",
        TARGET,
        "--target-dir",
        "target/web",
    ]);
    // A caller's own flags are for the host, and would replace those in .cargo/config.toml.
    cargo.env_remove("RUSTFLAGS");
    Ok(cargo)
}

fn own_cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Debian's compiler builds the standard library from Debian's source: where rustup has none to give, this works.
fn debian_cargo() -> Result<Command> {
    let rustc = "/usr/bin/rustc";
    let source = sysroot(rustc).map(|sysroot| sysroot.join("lib/rustlib/src/rust/library"));
    if !source.as_ref().is_ok_and(|source| source.exists()) {
        bail!("no Rust compiler has a standard library for {TARGET}, nor its source; run scripts/setup.sh");
    }
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    // Clippy is found by PATH, and must be of this compiler.
    cargo.env(
        "PATH",
        format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()),
    );
    if let Some(linker) = linker() {
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    Ok(cargo)
}

/// The newest of Debian's linkers for WebAssembly, which carry LLVM's version in their names.
fn linker() -> Option<PathBuf> {
    let version =
        |path: &PathBuf| -> Option<u32> { path.file_name()?.to_str()?.strip_prefix("wasm-ld-")?.parse().ok() };
    let paths = fs::read_dir("/usr/bin")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| version(path).is_some()).max_by_key(version)
}

fn sysroot(rustc: &str) -> Result<PathBuf> {
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .output()
        .with_context(|| format!("running {rustc}"))?;
    ensure!(output.status.success(), "{rustc} --print sysroot failed");
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {program}"))?;
    ensure!(status.success(), "{program} failed: {status}");
    Ok(())
}
