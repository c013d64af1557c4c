//! Names the page's files by their content and writes those names where the files refer to each other.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::sources::{Source, Sources};
use super::split::{LOADER, SCRIPT};
use super::template::{Addresses, fill};
use super::wasm::Bound;

/// One file as it is served.
pub(crate) struct Asset {
    /// The path of its address: `/assets/app.0123456789abcdef.css`.
    pub(crate) path: String,
    /// Its media type.
    pub(crate) content_type: &'static str,
    /// The start of its content's SHA-256, in hexadecimal.
    pub(crate) hash: String,
    /// Its content.
    pub(crate) body: Vec<u8>,
}

/// The page so far: files are added leaves first, since a file's name depends on the names that it mentions.
#[derive(Default)]
struct Page {
    assets: Vec<Asset>,
    addresses: Addresses,
}

/// Names all files; `index.html` comes last and keeps its name.
///
/// # Errors
/// Says which file refers to one that there isn't, or isn't UTF-8.
pub(crate) fn name(sources: Sources, bound: Bound) -> Result<Vec<Asset>> {
    let mut page = Page::default();
    for font in sources.fonts {
        page.add(
            &format!("font:{}.{}", font.name, font.extension),
            &font.name,
            &font.extension,
            font.body,
        );
    }
    for image in sources.images {
        page.add(&image.name, &image.name, &image.extension, image.body);
    }
    page.add("wasm", "app", "wasm", bound.wasm);
    let loader = page.add_chunks(bound.loader, bound.chunks);
    let module = page.add_snippets(bound.js, bound.snippets);
    page.add_scripts(module, loader);
    let styles = sources
        .styles
        .iter()
        .map(|style| page.fill(style))
        .collect::<Result<String>>()?;
    page.add("css", "app", "css", styles.into_bytes());
    for script in sources.scripts {
        let body = page.fill(&script)?;
        page.add(&script.name, &script.name, "js", body.into_bytes());
    }
    let index = page.fill(&sources.index)?.into_bytes();
    page.assets.push(Asset {
        path: "/index.html".into(),
        content_type: media_type("html"),
        hash: hash(&index),
        body: index,
    });
    Ok(page.assets)
}

impl Page {
    /// Adds a file under a name that holds its hash, and makes it known to placeholders.
    fn add(&mut self, placeholder: &str, stem: &str, extension: &str, body: Vec<u8>) -> String {
        let hash = hash(&body);
        let path = address(stem, &hash, extension);
        self.addresses.insert(placeholder.into(), path.clone());
        self.assets.push(Asset {
            path: path.clone(),
            content_type: media_type(extension),
            hash,
            body,
        });
        path
    }

    /// Adds the chunks, and makes `loader`, which fetches them by relative paths, fetch these.
    fn add_chunks(&mut self, mut loader: String, chunks: Vec<(String, Vec<u8>)>) -> String {
        for (name, body) in chunks {
            let address = self.add(&format!("chunk:{name}"), &name, "wasm", body);
            loader = loader.replace(&format!("\"./{name}.wasm\""), &format!("\"{address}\""));
        }
        loader
    }

    /// Adds the script of the first module and that of the chunks. Each imports the other, so the names of both hold one hash of
    /// the two.
    fn add_scripts(&mut self, js: String, loader: String) {
        let hash = hash(format!("{js}{loader}").as_bytes());
        let paths = [address("app", &hash, "js"), address("loader", &hash, "js")];
        let from = |file: &str| format!("from \"{file}\"");
        let bodies = [
            js.replace(&from(LOADER), &from(&paths[1])),
            loader.replace(&from(SCRIPT), &from(&paths[0])),
        ];
        for ((placeholder, path), body) in ["js", "loader"].into_iter().zip(paths).zip(bodies) {
            self.addresses.insert(placeholder.into(), path.clone());
            self.assets.push(Asset {
                path,
                content_type: media_type("js"),
                hash: hash.clone(),
                body: body.into_bytes(),
            });
        }
    }

    /// Adds the scripts that crates bring along, and makes `js`, which imports them by relative paths, import these.
    fn add_snippets(&mut self, mut js: String, snippets: Vec<(String, String)>) -> String {
        for (path, body) in snippets {
            let address = self.add(&format!("snippet:{path}"), "snippet", "js", body.into_bytes());
            js = js.replace(&format!("./snippets/{path}"), &address);
        }
        js
    }

    fn fill(&self, source: &Source) -> Result<String> {
        let file = format!("{}.{}", source.name, source.extension);
        let text = str::from_utf8(&source.body).with_context(|| format!("{file} is not UTF-8"))?;
        fill(&file, text, &self.addresses)
    }
}

fn address(stem: &str, hash: &str, extension: &str) -> String {
    format!("/assets/{stem}.{hash}.{extension}")
}

fn hash(body: &[u8]) -> String {
    let mut hash = format!("{:x}", Sha256::digest(body));
    hash.truncate(16);
    hash
}

fn media_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, extension: &str, body: &str) -> Source {
        Source {
            name: name.into(),
            extension: extension.into(),
            body: body.into(),
        }
    }

    fn page(font: &str, chunk: &[u8]) -> Vec<Asset> {
        let sources = Sources {
            index: source("index", "html", "{{css}} {{boot}} {{favicon}}"),
            styles: vec![
                source("tokens", "css", ":root {}"),
                source("app", "css", "url({{font:inter.woff2}})"),
            ],
            scripts: vec![source("boot", "js", "import '{{js}}'; '{{wasm}}'")],
            images: vec![source("favicon", "svg", "<svg/>")],
            fonts: vec![source("inter", "woff2", font)],
        };
        let snippets = vec![("dep-1/inline0.js".into(), "export {}".into())];
        let js = "import { f } from './snippets/dep-1/inline0.js'; import * as i from \"./loader.js\"".into();
        name(
            sources,
            Bound {
                js,
                wasm: vec![1],
                loader: "import { g } from \"./app.js\"; fetch(\"./split_a.wasm\")".into(),
                chunks: vec![("split_a".into(), chunk.to_vec())],
                snippets,
            },
        )
        .unwrap()
    }

    fn find<'a>(page: &'a [Asset], start: &str, end: &str) -> &'a Asset {
        page.iter()
            .find(|asset| asset.path.starts_with(start) && asset.path.ends_with(end))
            .unwrap()
    }

    fn text(asset: &Asset) -> &str {
        str::from_utf8(&asset.body).unwrap()
    }

    #[test]
    fn every_reference_is_to_a_file_that_is_there() {
        let page = page("font", &[2]);
        let index = text(find(&page, "/index", ".html"));
        for address in index.split(' ') {
            assert!(page.iter().any(|asset| asset.path == address), "{address}");
        }
        let path = |start, end| &find(&page, start, end).path;
        assert_eq!(
            text(find(&page, "/assets/app.", ".js")),
            format!(
                "import {{ f }} from '{}'; import * as i from \"{}\"",
                path("/assets/snippet.", ".js"),
                path("/assets/loader.", ".js")
            )
        );
        assert_eq!(
            text(find(&page, "/assets/loader.", ".js")),
            format!(
                "import {{ g }} from \"{}\"; fetch(\"{}\")",
                path("/assets/app.", ".js"),
                path("/assets/split_a.", ".wasm")
            )
        );
    }

    #[test]
    fn a_changed_font_renames_what_mentions_it() {
        let (before, after) = (page("font", &[2]), page("other", &[2]));
        assert_ne!(
            find(&before, "/assets/app.", ".css").path,
            find(&after, "/assets/app.", ".css").path
        );
        assert_ne!(
            text(find(&before, "/index", ".html")),
            text(find(&after, "/index", ".html"))
        );
        assert_eq!(
            find(&before, "/assets/boot.", ".js").path,
            find(&after, "/assets/boot.", ".js").path
        );
    }
    #[test]
    fn a_changed_chunk_renames_what_leads_to_it() {
        let (before, after) = (page("font", &[2]), page("font", &[3]));
        for (start, end) in [
            ("/assets/loader.", ".js"),
            ("/assets/app.", ".js"),
            ("/assets/boot.", ".js"),
        ] {
            assert_ne!(find(&before, start, end).path, find(&after, start, end).path, "{start}");
        }
        assert_eq!(
            find(&before, "/assets/app.", ".wasm").path,
            find(&after, "/assets/app.", ".wasm").path
        );
    }
}
