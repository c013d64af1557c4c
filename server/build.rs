//! Embeds the page: turns `target/page`, which `cargo xtask page` writes, into a table of the files' bytes.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let page = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/page"));
    // Cargo takes a watched path that is absent for changed, and would compile the server each time.
    fs::create_dir_all(page)?;
    println!("cargo::rerun-if-changed={}", page.display());
    println!("cargo::rerun-if-changed=build.rs");
    // sqlx embeds the migrations, but can't tell Cargo of new ones.
    println!("cargo::rerun-if-changed=../migrations");
    let manifest = match fs::read_to_string(page.join("manifest.txt")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read?,
    };
    let table: String = manifest
        .lines()
        .map(|line| entry(page, line))
        .collect::<io::Result<_>>()?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("Cargo sets OUT_DIR"))?;
    fs::write(Path::new(&out).join("page.rs"), format!("&[{table}]"))
}

/// One file as an expression of type `Asset`. The manifest's line has its path, its media type and its hash.
fn entry(page: &Path, line: &str) -> io::Result<String> {
    let [path, content_type, hash] = line.split('\t').collect::<Vec<_>>()[..] else {
        return Err(io::Error::other(format!("manifest.txt: {line:?} hasn't three fields")));
    };
    let file = page.join(path.trim_start_matches('/')).canonicalize()?;
    let mut entry = format!("Asset {{ path: {path:?}, content_type: {content_type:?}, hash: {hash:?}, ");
    write!(entry, "plain: include_bytes!({file:?}), ").map_err(io::Error::other)?;
    for (field, extension) in [("brotli", "br"), ("gzip", "gz")] {
        let compressed = format!("{}.{extension}", file.display());
        let value = if Path::new(&compressed).exists() {
            format!("Some(include_bytes!({compressed:?}))")
        } else {
            "None".into()
        };
        write!(entry, "{field}: {value}, ").map_err(io::Error::other)?;
    }
    Ok(entry + "},\n")
}
