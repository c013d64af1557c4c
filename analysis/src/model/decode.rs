//! Lists of the API server: the envelope, one item at a time.

use prost::bytes::Buf;
use prost::encoding::{self, DecodeContext, WireType};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::kind::{DecodeError, Kind, Object};
use super::meta::ObjectMeta;
use super::secret::Secret;

/// One page of a list.
#[derive(Debug, Default)]
pub struct ListPage {
    /// The objects, normalised; those that posture has no use for are left out.
    pub objects: Vec<Object>,
    /// Where the list goes on; empty on the last page.
    pub continue_token: String,
}

/// The prefix of the API server's protobuf.
const MAGIC: &[u8] = b"k8s\0";

/// Decodes a page in `application/vnd.kubernetes.protobuf`: four bytes of magic, then a `runtime.Unknown` whose field 2 is the list.
///
/// # Errors
/// The bytes are not such a message.
pub fn protobuf_page(kind: Kind, body: &[u8]) -> Result<ListPage, DecodeError> {
    let envelope = body.strip_prefix(MAGIC).ok_or_else(malformed)?;
    let mut page = ListPage::default();
    for_each_field(envelope, |tag, list| {
        if tag == 2 {
            list_fields(kind, list, &mut page)
        } else {
            Ok(())
        }
    })?;
    Ok(page)
}

/// Where a list goes on, read from no more than the `beginning` of its first page in protobuf; none where it ends, or where
/// the beginning does not tell. The API server writes a list's metadata before its items.
pub fn first_continue_token(beginning: &[u8]) -> Option<String> {
    let list = first_field(beginning.strip_prefix(MAGIC)?, 2)?;
    let token = continue_token(first_field(list, 1)?).ok()?;
    (!token.is_empty()).then_some(token)
}

/// What is there of the first field with this tag. A field that is cut off can only be the last.
fn first_field(mut bytes: &[u8], wanted: u32) -> Option<&[u8]> {
    loop {
        let (tag, wire_type) = encoding::decode_key(&mut bytes).ok()?;
        if wire_type != WireType::LengthDelimited {
            return None;
        }
        let length = usize::try_from(encoding::decode_varint(&mut bytes).ok()?).ok()?;
        if tag == wanted {
            return bytes.get(..length.min(bytes.len()));
        }
        bytes = bytes.get(length..)?;
    }
}

fn list_fields(kind: Kind, list: &[u8], page: &mut ListPage) -> Result<(), DecodeError> {
    for_each_field(list, |tag, value| {
        match tag {
            1 => page.continue_token = continue_token(value)?,
            2 => page
                .objects
                .extend(super::normalise::normalise(Object::from_protobuf(kind, value)?)),
            _ => {}
        }
        Ok(())
    })
}

fn continue_token(list_meta: &[u8]) -> Result<String, DecodeError> {
    let mut token = String::new();
    for_each_field(list_meta, |tag, value| {
        if tag == 3 {
            token = String::from_utf8_lossy(value).into_owned();
        }
        Ok(())
    })?;
    Ok(token)
}

/// Calls `visit` with each length-delimited field, without copying it; fields of other wire types are skipped.
fn for_each_field<'a>(
    mut bytes: &'a [u8],
    mut visit: impl FnMut(u32, &'a [u8]) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    while !bytes.is_empty() {
        let (tag, wire_type) = encoding::decode_key(&mut bytes)?;
        if wire_type != WireType::LengthDelimited {
            encoding::skip_field(wire_type, tag, &mut bytes, DecodeContext::default())?;
            continue;
        }
        let length = usize::try_from(encoding::decode_varint(&mut bytes)?).map_err(|_| malformed())?;
        let value = bytes.get(..length).ok_or_else(malformed)?;
        bytes.advance(length);
        visit(tag, value)?;
    }
    Ok(())
}

fn malformed() -> DecodeError {
    // prost has no public constructor for its error: an empty key decodes to one.
    match encoding::decode_key(&mut [].as_slice()) {
        Err(error) => DecodeError::Protobuf(error),
        Ok(_) => DecodeError::Json(serde::de::Error::custom("malformed")),
    }
}

/// What the API server says in the body of an error, a `Status` in protobuf or JSON; none where the body is neither.
pub fn status_message(body: &[u8]) -> Option<String> {
    let Some(envelope) = body.strip_prefix(MAGIC) else {
        return serde_json::from_slice::<JsonStatus>(body)
            .ok()
            .map(|status| status.message);
    };
    let mut message = None;
    let mut keep = |tag, value: &[u8]| {
        if tag == 3 {
            message = Some(String::from_utf8_lossy(value).into_owned());
        }
        Ok(())
    };
    for_each_field(envelope, |tag, status| {
        if tag == 2 {
            for_each_field(status, &mut keep)
        } else {
            Ok(())
        }
    })
    .ok()?;
    message
}

#[derive(Deserialize)]
struct JsonStatus {
    message: String,
}

#[derive(Deserialize)]
struct JsonList<'a> {
    #[serde(default)]
    metadata: JsonListMeta,
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Default, Deserialize)]
struct JsonListMeta {
    #[serde(default, rename = "continue")]
    continue_token: Option<String>,
}

/// Decodes a page in JSON, one item at a time.
///
/// # Errors
/// The bytes are no list of that kind.
pub fn json_page(kind: Kind, body: &[u8]) -> Result<ListPage, DecodeError> {
    let list: JsonList<'_> = serde_json::from_slice(body)?;
    let mut page = ListPage {
        objects: Vec::new(),
        continue_token: list.metadata.continue_token.unwrap_or_default(),
    };
    for item in list.items.unwrap_or_default() {
        let object = Object::deserialize(kind, &mut serde_json::Deserializer::from_str(item.get()))?;
        page.objects.extend(super::normalise::normalise(object));
    }
    Ok(page)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table {
    #[serde(default)]
    metadata: JsonListMeta,
    column_definitions: Vec<Column>,
    #[serde(default)]
    rows: Option<Vec<Row>>,
}

#[derive(Deserialize)]
struct Column {
    name: String,
}

#[derive(Deserialize)]
struct Row {
    cells: Vec<serde_json::Value>,
    object: RowObject,
}

#[derive(Deserialize)]
struct RowObject {
    metadata: ObjectMeta,
}

/// Decodes a page of Secrets in the Table form, whose columns are name, type and number of keys.
///
/// # Errors
/// The bytes are no such table.
pub fn secret_table_page(body: &[u8]) -> Result<ListPage, DecodeError> {
    let table: Table = serde_json::from_slice(body)?;
    let column = |name: &str| table.column_definitions.iter().position(|column| column.name == name);
    let (r#type, data) = (column("Type"), column("Data"));
    let cell = |row: &Row, column: Option<usize>| column.and_then(|column| row.cells.get(column).cloned());
    let objects = table.rows.unwrap_or_default().into_iter().filter_map(|row| {
        let secret = Secret {
            r#type: cell(&row, r#type)
                .and_then(|cell| cell.as_str().map(str::to_owned))
                .unwrap_or_default(),
            keys: cell(&row, data).and_then(|cell| cell.as_i64()).unwrap_or_default(),
            metadata: Some(row.object.metadata),
        };
        super::normalise::normalise(secret.into())
    });
    Ok(ListPage {
        objects: objects.collect(),
        continue_token: table.metadata.continue_token.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A length-delimited field.
    fn field(tag: u32, value: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        encoding::bytes::encode(tag, &value.to_vec(), &mut bytes);
        bytes
    }

    fn page(token: &str) -> Vec<u8> {
        let list_meta = [field(2, b"42"), field(3, token.as_bytes())].concat();
        let list = [field(1, &list_meta), field(2, &[0; 100]), field(2, &[0; 100])].concat();
        [MAGIC, &field(1, b"type"), &field(2, &list)].concat()
    }

    #[test]
    fn first_bytes_of_a_page_tell_where_the_list_goes_on() {
        let page = page("token");
        assert_eq!(first_continue_token(&page[..50]), Some("token".into()));
        assert_eq!(first_continue_token(&page), Some("token".into()));
    }

    #[test]
    fn a_list_that_ends_or_is_cut_off_tells_nothing() {
        assert_eq!(first_continue_token(&page("")), None);
        assert_eq!(first_continue_token(&page("token")[..20]), None);
        assert_eq!(first_continue_token(b"{\"items\":[]}"), None);
        assert_eq!(first_continue_token(&[]), None);
    }
}
