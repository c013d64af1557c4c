//! Writes `target/page`: the files, their compressed forms, the manifest, and the stamp of what they were made from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Flavour;
use super::assets::Asset;

/// The stamp of the last build that was finished.
pub(crate) fn stamp(root: &Path) -> Option<String> {
    fs::read_to_string(stamp_file(root)).ok()
}

/// Replaces `target/page`, and prints the sizes.
///
/// The manifest has a line for each file: address, media type and hash, with tabs between. A compressed form lies
/// beside the file, with `.br` or `.gz` after its name, where it is smaller by a tenth.
///
/// # Errors
/// When a file can't be written.
pub(crate) fn write(root: &Path, assets: &[Asset], flavour: Flavour, stamp: &str) -> Result<()> {
    let folder = root.join("target/page");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("emptying target/page")?;
    }
    fs::create_dir_all(folder.join("assets"))?;
    let mut manifest = String::new();
    for asset in assets {
        let file = folder.join(asset.path.trim_start_matches('/'));
        fs::write(&file, &asset.body).with_context(|| format!("writing {}", file.display()))?;
        let brotli = match flavour {
            Flavour::Release => write_compressed(&file, &asset.body)?,
            Flavour::Debug => asset.body.len(),
        };
        println!("page: {:>9} {:>9} brotli  {}", asset.body.len(), brotli, asset.path);
        manifest += &format!("{}\t{}\t{}\n", asset.path, asset.content_type, asset.hash);
    }
    fs::write(folder.join("manifest.txt"), manifest)?;
    fs::write(stamp_file(root), stamp)?;
    Ok(())
}

/// Writes the compressed forms that are worth decompressing, and returns the size of the smallest.
fn write_compressed(file: &Path, body: &[u8]) -> Result<usize> {
    let mut smallest = body.len();
    for (extension, compressed) in [("gz", gzip(body)?), ("br", brotli(body)?)] {
        if compressed.len() < body.len() / 10 * 9 {
            fs::write(format!("{}.{extension}", file.display()), &compressed)?;
            smallest = smallest.min(compressed.len());
        }
    }
    Ok(smallest)
}

fn gzip(body: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body)?;
    Ok(encoder.finish()?)
}

fn brotli(mut body: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: body.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut body, &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Outside `target/page`: Cargo watches that folder for the server, which only what is served concerns.
fn stamp_file(root: &Path) -> PathBuf {
    root.join("target/page.stamp")
}
