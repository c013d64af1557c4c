//! Patches that are simulated: the first line is the patch in JSON, the rest are the manifests of a cluster.
#![no_main]

use analysis::simulate;
use fuzz::{collect, judge};
use libfuzzer_sys::fuzz_target;
use shared::patch::Patch;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (patch, manifests) = input.split_at(end);
    let Ok(patch) = serde_json::from_slice::<Patch>(patch) else {
        return;
    };
    let snapshot = collect::manifests(manifests).unwrap_or_default();
    if let Ok(after) = simulate::apply(&snapshot, &patch) {
        judge::checks(&after);
    }
});
