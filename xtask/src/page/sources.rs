//! The page's files that are not Rust.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// A source file: its name without the extension, by which placeholders call it, and its content.
pub(crate) struct Source {
    /// `inter` for `frontend/fonts/inter.woff2`.
    pub(crate) name: String,
    /// `woff2` for `frontend/fonts/inter.woff2`.
    pub(crate) extension: String,
    /// The file's bytes.
    pub(crate) body: Vec<u8>,
}

/// All of them, by the part that they play.
pub(crate) struct Sources {
    /// `frontend/index.html`.
    pub(crate) index: Source,
    /// `frontend/styles/tokens.css`, then `app.css`: one file on the wire.
    pub(crate) styles: Vec<Source>,
    /// `frontend/*.js`: `{{boot}}` is `boot.js`.
    pub(crate) scripts: Vec<Source>,
    /// `frontend/*.svg`: `{{favicon}}` is `favicon.svg`.
    pub(crate) images: Vec<Source>,
    /// `frontend/fonts/*.woff2`: `{{font:inter.woff2}}`.
    pub(crate) fonts: Vec<Source>,
}

impl Sources {
    /// Reads them.
    ///
    /// # Errors
    /// Names the file that is absent or can't be read.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let frontend = root.join("frontend");
        let styles = frontend.join("styles");
        Ok(Self {
            index: read(&frontend.join("index.html"))?,
            styles: vec![read(&styles.join("tokens.css"))?, read(&styles.join("app.css"))?],
            scripts: read_all(&frontend, "js")?,
            images: read_all(&frontend, "svg")?,
            fonts: read_all(&frontend.join("fonts"), "woff2")?,
        })
    }

    /// Adds all names and contents to a digest.
    pub(crate) fn digest(&self, digest: &mut Sha256) {
        let groups = [&self.styles, &self.scripts, &self.images, &self.fonts];
        for source in groups.into_iter().flatten().chain([&self.index]) {
            digest.update(Sha256::digest(&source.name));
            digest.update(Sha256::digest(&source.body));
        }
    }
}

fn read(path: &Path) -> Result<Source> {
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    Ok(Source {
        name: part(path.file_stem()),
        extension: part(path.extension()),
        body: fs::read(path).with_context(|| format!("reading {}", path.display()))?,
    })
}

/// The files of one extension that lie directly in a folder, in the order of their names.
fn read_all(folder: &Path, extension: &str) -> Result<Vec<Source>> {
    let mut paths = Vec::<PathBuf>::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    ensure!(!paths.is_empty(), "no .{extension} file in {}", folder.display());
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}
