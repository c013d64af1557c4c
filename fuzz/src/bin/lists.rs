//! Pages of lists as the API server sends them, in protobuf, JSON and as a table. The first byte says of which kind.
#![no_main]

use analysis::model::{Kind, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((kind, body)) = input.split_first() else {
        return;
    };
    let kind = Kind::ALL[usize::from(*kind) % Kind::ALL.len()];
    _ = decode::protobuf_page(kind, body);
    _ = decode::json_page(kind, body);
    _ = decode::secret_table_page(body);
    decode::first_continue_token(body);
    decode::status_message(body);
});
