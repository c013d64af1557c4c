//! Why a file is no framework.

/// Why a file is no framework, and where.
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

/// What is wrong with a framework's file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It is no YAML, or of another shape.
    #[error("{0}")]
    Shape(String),
    /// The id is none that a path and a command line can hold.
    #[error("the id {0:?} must be of lower-case letters, digits, dots and dashes")]
    Id(String),
    /// There is a framework of that id.
    #[error("a framework with the id {0} is built in")]
    BuiltIn(String),
    /// It is based on what does not exist.
    #[error("there is no framework {0} to be based on; there are {1}")]
    Base(String, String),
    /// It leaves out what the base does not have.
    #[error("the base has no section and no control {0} to be without")]
    Without(String),
    /// It has nothing in it.
    #[error("it has no controls")]
    Empty,
    /// A section is listed twice.
    #[error("section {0} is listed twice")]
    SectionTwice(String),
    /// A control is listed twice.
    #[error("control {0} is listed twice")]
    ControlTwice(String),
    /// A control names a check twice.
    #[error("control {control} names the check {check} twice")]
    CheckTwice {
        /// The control.
        control: String,
        /// The check.
        check: String,
    },
    /// A control names both.
    #[error("control {0} names both an area and checks; either says which checks answer it")]
    AreaAndChecks(String),
    /// A control counts on kube-bench, but the framework does not say on which benchmark.
    #[error("control {0} is answered by kube-bench, but the framework names no benchmark")]
    NoBenchmark(String),
    /// A control names a check that does not exist.
    #[error("control {control} names the check {check}, which does not exist{suggestion}")]
    UnknownCheck {
        /// The control.
        control: String,
        /// The check.
        check: String,
        /// Checks that may have been meant.
        suggestion: String,
    },
}
