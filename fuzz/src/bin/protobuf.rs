//! An object of each kind as the API server sends it, in protobuf. The first byte says of which kind.
#![no_main]

use analysis::model::normalise::normalise;
use analysis::model::{Kind, Object, Snapshot};
use fuzz::judge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else {
        return;
    };
    let kind = Kind::ALL[usize::from(*kind) % Kind::ALL.len()];
    if let Ok(object) = Object::from_protobuf(kind, bytes)
        && let Some(object) = normalise(object)
    {
        let mut snapshot = Snapshot::new("v1.37.0");
        snapshot.put(object);
        judge::all(&snapshot);
    }
});
