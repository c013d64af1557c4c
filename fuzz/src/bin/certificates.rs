//! Certificates, in DER and in PEM.
#![no_main]

use analysis::tls::{bundle, certificate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    _ = certificate::read(input);
    _ = certificate::serving(&[input, b"rubbish"], Vec::new(), false);
    let all = bundle::certificates(input);
    if let Ok(whole) = bundle::parse(input) {
        assert!(whole.len() <= all.len());
        assert!(bundle::last_to_expire(&whole).is_some());
    }
});
