//! Many questions, one a line.

use std::io::{self, BufReader, BufWriter, Read, Write};

use shared::rbac::{BatchAnswer, BatchError, MAX_BATCH, Question};

use super::source;

/// The longest line, in bytes.
const MAX_LINE: u64 = 16 << 10;

/// How many bytes of lines are asked about at once: a server takes no more.
const MAX_BYTES: usize = 16 << 10;

/// A line: a question, or what is wrong with it.
type Line = Result<Question, BatchError>;

/// Answers each line by one, in their order. `ask` is given as many questions as have come, up to [`MAX_BATCH`], and answers
/// each: who waits for an answer before asking on gets it.
pub(super) async fn answer(
    input: impl Read,
    output: impl Write,
    mut ask: impl AsyncFnMut(Vec<Question>) -> anyhow::Result<Vec<BatchAnswer>>,
) -> anyhow::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut output = BufWriter::with_capacity(1 << 16, output);
    loop {
        let lines = lines(&mut input)?;
        if lines.is_empty() {
            return Ok(output.flush()?);
        }
        let questions: Vec<Question> = lines.iter().filter_map(|line| line.as_ref().ok()).cloned().collect();
        let asked = questions.len();
        let answers = if asked == 0 { Vec::new() } else { ask(questions).await? };
        anyhow::ensure!(
            answers.len() == asked,
            "there are {} answers to {asked} questions",
            answers.len()
        );
        let mut answers = answers.into_iter();
        for line in lines {
            let answer = match line {
                Ok(_) => answers.next(),
                Err(error) => Some(BatchAnswer::Error(error)),
            };
            serde_json::to_writer(&mut output, &answer)?;
            output.write_all(b"\n")?;
        }
        output.flush()?;
    }
}

/// The lines that have come, one at least; none at the end of the input.
fn lines(input: &mut BufReader<impl Read>) -> io::Result<Vec<Line>> {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < MAX_BATCH && bytes < MAX_BYTES {
        let Some(line) = source::line(input, MAX_LINE)? else {
            break;
        };
        bytes += line.as_ref().map_or(0, Vec::len);
        let question = line.map_err(str::to_owned).and_then(|line| parse(&line));
        lines.push(question.map_err(|error| BatchError { error }));
        if input.buffer().is_empty() {
            break;
        }
    }
    Ok(lines)
}

fn parse(line: &[u8]) -> Result<Question, String> {
    if line.trim_ascii().is_empty() {
        return Err("the line is empty".into());
    }
    // A list would be taken for the fields in their order.
    if !line.trim_ascii_start().starts_with(b"{") {
        return Err("the line is no object".into());
    }
    serde_json::from_slice(line).map_err(|error| error.to_string())
}
