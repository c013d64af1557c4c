//! Questions of `plimsoll rbac can-i --batch`, one a line, to a cluster with the roles that every one has.
#![no_main]

use std::sync::LazyLock;

use analysis::model::Snapshot;
use analysis::rbac::access::{Access, Origin, request};
use libfuzzer_sys::fuzz_target;
use shared::rbac::Question;

static ACCESS: LazyLock<Access> =
    LazyLock::new(|| Access::new(&Snapshot::new("v1.37.0"), Origin::Files { defaults: true }));

fuzz_target!(|text: &[u8]| {
    for line in text.split(|byte| *byte == b'\n') {
        let Ok(question) = serde_json::from_slice::<Question>(line) else {
            continue;
        };
        ACCESS.answer_one(&question);
        let (who, asked) = request(&question);
        ACCESS.answer(&who, &asked, true);
        ACCESS.holders(&asked);
        ACCESS.permissions(&who, Some(&question.namespace));
        ACCESS.resources().meant(&question.resource);
    }
});
