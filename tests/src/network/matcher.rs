//! The matcher of kube-network-policies, `tests/testbed/matcher`, which answers questions about clusters line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use analysis::network::connections::Protocol;
use anyhow::{Context, ensure};
use serde_json::{Value, json};

/// The program, as it runs.
pub struct Matcher {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// Whether a connection may be opened.
#[derive(Debug, Clone)]
pub struct Question {
    /// The address that it comes from.
    pub from: String,
    /// The address that it goes to.
    pub to: String,
    /// Its protocol.
    pub protocol: Protocol,
    /// The port of the destination.
    pub port: u16,
}

impl Matcher {
    /// Starts it. It ends when it is dropped.
    ///
    /// # Errors
    /// It was not built.
    pub fn start() -> anyhow::Result<Self> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/testbed/matcher");
        let mut command = Command::new(&program);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} can't be started: run `make setup-test`", program.display()))?;
        Ok(Self {
            input: process.stdin.take().context("it has no input")?,
            output: BufReader::new(process.stdout.take().context("it has no output")?),
            process,
        })
    }

    /// Asks about a cluster. The answers come in the order of the questions.
    ///
    /// # Errors
    /// It ended; it has said why on its error output, which is that of the test.
    pub fn ask(&mut self, objects: &[Value], questions: &[Question]) -> anyhow::Result<Vec<bool>> {
        let question =
            |one: &Question| json!({"from": one.from, "to": one.to, "protocol": one.protocol.name(), "port": one.port});
        let questions: Vec<Value> = questions.iter().map(question).collect();
        let asked = json!({"objects": objects, "questions": questions});
        writeln!(self.input, "{asked}").context("the matcher has ended")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answers: Vec<bool> = serde_json::from_str(&line).context("the matcher has ended")?;
        ensure!(
            answers.len() == questions.len(),
            "the matcher has not answered everything"
        );
        Ok(answers)
    }
}

impl Drop for Matcher {
    fn drop(&mut self) {
        // Its input ends with the process at the latest; a matcher that hangs must not hang the test.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
