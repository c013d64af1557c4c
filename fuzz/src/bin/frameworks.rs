//! Frameworks that users write, in YAML.
#![no_main]

use analysis::framework::{self, Evidence};
use analysis::model::Snapshot;
use analysis::run;
use fuzz::judge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(framework) = framework::parse_own("own.yaml", text) {
        let report = run(&Snapshot::new("v1.37.0"), judge::now());
        framework::evaluate(&framework, &Evidence::from(&report));
    }
});
