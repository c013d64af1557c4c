//! Manifests as `plimsoll scan --manifests` reads them, in YAML and JSON, and all that is made of them.
#![no_main]

use fuzz::{collect, judge};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some(snapshot) = collect::manifests(input) {
        judge::all(&snapshot);
    }
});
