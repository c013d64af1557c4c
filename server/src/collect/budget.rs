//! How many values JSON may hold. It is counted as it is read, since what a byte of it becomes in memory is a hundred.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Values of one object, or of one item of a list: several times what the API server would keep of it.
pub(super) const MAX_VALUES: usize = 500_000;

/// How many values there were so far. Its clones count the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Values(Rc<Cell<usize>>);

impl Values {
    /// Begins the next object.
    pub(super) fn reset(&self) {
        self.0.set(0);
    }
}

/// A reader of JSON that fails where it holds too many values.
pub(super) struct Counted<R> {
    reader: R,
    values: Values,
    is_text: bool,
    is_escaped: bool,
}

impl<R: Read> Counted<R> {
    /// Counts what `reader` gives.
    pub(super) fn new(reader: R, values: Values) -> Self {
        Self {
            reader,
            values,
            is_text: false,
            is_escaped: false,
        }
    }

    /// Whether a value begins at this byte, or after it.
    fn begins(&mut self, byte: u8) -> bool {
        match (self.is_text, byte) {
            (true, _) if self.is_escaped => self.is_escaped = false,
            (true, b'\\') => self.is_escaped = true,
            (_, b'"') => self.is_text = !self.is_text,
            (false, b'[' | b'{' | b',') => return true,
            _ => {}
        }
        false
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let begun = buffer[..count].iter().filter(|byte| self.begins(**byte)).count();
        let all = self.values.0.get() + begun;
        self.values.0.set(all);
        if all > MAX_VALUES {
            return Err(io::Error::other(format!(
                "an object of it has more than {MAX_VALUES} values"
            )));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> usize {
        let values = Values::default();
        Counted::new(text.as_bytes(), values.clone())
            .read_to_end(&mut Vec::new())
            .unwrap();
        values.0.get()
    }

    #[test]
    fn values_are_counted_and_text_is_not_taken_for_them() {
        assert_eq!(counted(r#"{"a": [1, {}], "b": "x"}"#), 5);
        assert_eq!(counted(r#"["[,\",{\\", ""]"#), 2);
    }

    #[test]
    fn too_many_values_fail_unless_the_next_object_begins() {
        let many = [b','; MAX_VALUES];
        let mut reader = Counted::new(many.chain(&[b','][..]), Values::default());
        assert!(reader.read_to_end(&mut Vec::new()).is_err());
        let values = Values::default();
        let mut reader = Counted::new(many.chain(&[b','][..]), values.clone());
        reader.read_exact(&mut vec![0; MAX_VALUES]).unwrap();
        values.reset();
        assert_eq!(reader.read(&mut [0]).unwrap(), 1);
    }
}
