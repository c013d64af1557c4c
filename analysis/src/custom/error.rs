//! Why a file holds no checks.

/// Why a file holds no checks, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {flaw}", place(*.line))]
pub struct Error {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1, where it is known and the flaw does not tell it.
    pub line: Option<u64>,
    /// What is wrong.
    pub flaw: Flaw,
}

fn place(line: Option<u64>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

/// What is wrong with a file of checks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is no YAML, or of another shape.
    #[error("{0}")]
    Shape(String),
    /// There are more than run in reasonable time.
    #[error("there are more than {0} custom checks")]
    TooMany(usize),
    /// The id is none that a path and a command line can hold.
    #[error("the id {0:?} must be of lower-case letters and digits, in words with a dash between them")]
    Id(String),
    /// A check of this release has that id.
    #[error("a check with the id {0} is built in")]
    BuiltIn(String),
    /// Another file, or the same one, has a check of that id.
    #[error("the check {0} is there twice")]
    Twice(String),
    /// It says nothing where a person looks for something.
    #[error("check {check}: {field} is empty")]
    Empty {
        /// The check.
        check: String,
        /// The field.
        field: &'static str,
    },
    /// It shows more than a person reads.
    #[error("check {0}: more than {1} fields are to be shown")]
    Fields(String, usize),
    /// It does not say what to judge, or says it twice.
    #[error("check {0}: either `kinds` or `workloads: true` says what it judges")]
    Subjects(String),
    /// It judges a kind that is not read.
    #[error("check {check}: Plimsoll reads no {kind}{suggestion}")]
    Kind {
        /// The check.
        check: String,
        /// The kind.
        kind: String,
        /// Kinds that may have been meant.
        suggestion: String,
    },
    /// It has two messages.
    #[error("check {0}: either `message` or `messageExpression` says what a finding tells")]
    TwoMessages(String),
    /// An expression that can't be run.
    #[error("check {check}: {field} {problem}")]
    Expression {
        /// The check.
        check: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// It answers a control that its framework lacks.
    #[error("check {check}: {framework} has no control {control}")]
    Control {
        /// The check.
        check: String,
        /// The framework.
        framework: String,
        /// The control.
        control: String,
    },
}
