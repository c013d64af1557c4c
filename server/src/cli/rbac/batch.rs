//! Many questions, one a line.

use std::io::{self, BufReader, BufWriter, Read, Write};

use analysis::rbac::access::{self, Access};
use shared::rbac::{BatchAnswer, BatchError, Question};

use super::source;

/// The longest line, in bytes.
const MAX_LINE: u64 = 1 << 20;

/// Answers each line by one, in their order.
pub(super) fn answer(access: &Access, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut output = BufWriter::with_capacity(1 << 16, output);
    loop {
        // Who waits for an answer before asking on gets it.
        if input.buffer().is_empty() {
            output.flush()?;
        }
        let Some(line) = source::line(&mut input, MAX_LINE)? else {
            break;
        };
        serde_json::to_writer(&mut output, &answer_line(access, line))?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

fn answer_line(access: &Access, line: Result<Vec<u8>, &str>) -> BatchAnswer {
    let question = line.map_err(str::to_owned).and_then(|line| parse(&line));
    match question {
        Ok(question) => {
            let (who, request) = access::request(&question);
            BatchAnswer::Answer(Box::new(access.answer(&who, &request, false)))
        }
        Err(error) => BatchAnswer::Error(BatchError { error }),
    }
}

fn parse(line: &[u8]) -> Result<Question, String> {
    if line.trim_ascii().is_empty() {
        return Err("the line is empty".into());
    }
    let question: Question = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    match access::flaw(&question) {
        Some((field, flaw)) => Err(format!("{field} {flaw}")),
        None => Ok(question),
    }
}
