//! Results of kube-bench, and what they mean for each framework.
#![no_main]

use analysis::kube_bench;
use analysis::model::Snapshot;
use fuzz::judge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Ok(report) = kube_bench::parse("node", json) {
        let mut snapshot = Snapshot::new("v1.37.0");
        snapshot.kube_bench.push(report);
        judge::checks(&snapshot);
    }
});
