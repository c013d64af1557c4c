//! Label selectors, in JSON, against the labels that they ask for.
#![no_main]

use analysis::admission::filter;
use analysis::model::meta::LabelSelector;
use analysis::model::pairs::Labels;
use analysis::selector;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let Ok(wanted) = serde_json::from_slice::<LabelSelector>(json) else {
        return;
    };
    let is_met = selector::matches(&wanted, &wanted.match_labels);
    assert!(is_met || !wanted.match_expressions.is_empty());
    assert!(!selector::is_empty(&wanted) || selector::matches(&wanted, &Labels::EMPTY));
    filter::words(&wanted);
});
