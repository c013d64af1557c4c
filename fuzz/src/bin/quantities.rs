//! Amounts as they are written: `500m`, `1Gi`, `1e99`.
#![no_main]

use analysis::model::quantity::Quantity;
use analysis::resources::amount;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let quantity = Quantity { text: text.to_owned() };
    let (milli, value) = (quantity.milli(), quantity.value());
    assert_eq!(milli.is_some(), value.is_some());
    for resource in ["cpu", "memory", "pods", "requests.storage"] {
        let number = amount::number(resource, &quantity);
        assert!(number.is_err() || milli.is_some_and(|milli| milli >= 0));
        number.map_or_else(|_| String::new(), |number| amount::text(resource, number));
        amount::flaw(resource, &quantity);
    }
    amount::shown(&quantity);
});
