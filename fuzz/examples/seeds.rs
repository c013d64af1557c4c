//! Writes the seeds that are made of what the tests of `analysis` have: an object of each kind as a manifest and in protobuf,
//! and certificates in DER. The folder is the argument; each target has one in it.

use std::fs;
use std::io::Result;
use std::path::Path;

use analysis::model::Kind;
use base64::Engine;
use fuzz::collect;
// What counts coverage is in there.
use libfuzzer_sys as _;

const EVERY_KIND: &str = include_str!("../../analysis/src/simulate/every_kind.yaml");
const CERTIFICATES: &[&str] = &[
    include_str!("../../analysis/src/tls/fixture/due.pem"),
    include_str!("../../analysis/src/tls/fixture/expired.pem"),
    include_str!("../../analysis/src/tls/fixture/long.pem"),
];

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/fuzz/seeds".into());
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    write("manifests", "every_kind", EVERY_KIND.as_bytes())?;
    for (number, manifest) in EVERY_KIND.split("\n---\n").enumerate() {
        write("manifests", &number.to_string(), manifest.as_bytes())?;
    }
    let snapshot = collect::manifests(EVERY_KIND.as_bytes()).unwrap_or_default();
    for (number, object) in snapshot.objects().enumerate() {
        let kind = Kind::ALL.iter().position(|kind| *kind == object.kind());
        let kind = kind.and_then(|kind| u8::try_from(kind).ok()).unwrap_or_default();
        write(
            "protobuf",
            &number.to_string(),
            &[vec![kind], object.to_protobuf()].concat(),
        )?;
    }
    for (number, pem) in CERTIFICATES.iter().enumerate() {
        let text: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
        let der = base64::engine::general_purpose::STANDARD
            .decode(text)
            .unwrap_or_default();
        write("certificates", &format!("{number}.pem"), pem.as_bytes())?;
        write("certificates", &format!("{number}.der"), &der)?;
    }
    Ok(())
}
