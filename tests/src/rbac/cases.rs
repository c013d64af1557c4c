//! Worlds with one request each, and what the API server says to it: `tests/tests/rbac_cases/*.yaml`. The first document is
//! the question with its answer, the others are the world.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use shared::rbac::Question;

use super::world::World;
use crate::fixtures;

/// One of them.
#[derive(Debug, Clone)]
pub struct Case {
    /// The file's name.
    pub name: String,
    /// The roles and bindings.
    pub world: World,
    /// The request.
    pub question: Question,
    /// What the API server says to it.
    pub allowed: bool,
}

impl Case {
    /// All that there are, by name.
    ///
    /// # Errors
    /// One can't be read.
    pub fn all() -> Result<Vec<Self>> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/rbac_cases");
        let mut cases = Vec::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            cases.push(Self::parse(&name, &std::fs::read_to_string(&path)?).with_context(|| name.clone())?);
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(cases)
    }

    fn parse(name: &str, text: &str) -> Result<Self> {
        let mut documents = fixtures::documents(text)?.into_iter();
        let head = documents.next().context("it is empty")?;
        Ok(Self {
            name: name.to_owned(),
            question: serde_json::from_value(head["question"].clone())?,
            allowed: head["allowed"].as_bool().context("no verdict")?,
            world: World(documents.collect::<Vec<Value>>()),
        })
    }

    /// It as a file.
    pub fn text(&self) -> String {
        let head = json!({"allowed": self.allowed, "question": self.question});
        format!("{head}\n{}", self.world.text())
    }
}
