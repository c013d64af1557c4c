//! `plimsoll openapi`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};
use shared::escalations::Escalations;
use shared::network::Pairs;
use shared::network::changes::Changes;
use shared::network::coverage::Coverage;
use shared::network::exposure::Exposure;
use shared::network::reach::Reach;
use shared::pod_security::PodVerdicts;
use shared::rbac::{BatchAnswer, CanI, Question, WhatCan, WhoCan};
use shared::reports::document::Report;
use utoipa::ToSchema;

/// Print the API's description, OpenAPI 3.1, or write the schemas of what commands print.
#[derive(Debug, clap::Args)]
pub(super) struct Openapi {
    /// Write a JSON Schema for each of the commands' outputs into this folder, instead.
    #[arg(long, value_name = "FOLDER")]
    schemas: Option<PathBuf>,
}

impl Openapi {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Some(folder) = self.schemas else {
            println!("{}", crate::api::description().to_pretty_json()?);
            return Ok(ExitCode::SUCCESS);
        };
        std::fs::create_dir_all(&folder)?;
        for (name, schema) in schemas() {
            let path = folder.join(format!("{name}.json"));
            let text = serde_json::to_string_pretty(&schema?)? + "\n";
            std::fs::write(&path, text).with_context(|| format!("{} can't be written", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn schemas() -> [(&'static str, anyhow::Result<Value>); 13] {
    [
        ("network-list", schema::<Pairs>()),
        ("network-reach", schema::<Reach>()),
        ("network-coverage", schema::<Coverage>()),
        ("network-exposure", schema::<Exposure>()),
        ("network-diff", schema::<Changes>()),
        ("pod-security", schema::<PodVerdicts>()),
        ("rbac-can-i", schema::<CanI>()),
        ("rbac-can-i-batch-question", schema::<Question>()),
        ("rbac-can-i-batch-answer", schema::<BatchAnswer>()),
        ("rbac-who-can", schema::<WhoCan>()),
        ("rbac-what-can", schema::<WhatCan>()),
        ("rbac-escalations", schema::<Escalations>()),
        ("report", schema::<Report>()),
    ]
}

/// The JSON Schema of a type, with those of the types that it is made of.
fn schema<T: ToSchema>() -> anyhow::Result<Value> {
    let mut parts = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut parts);
    let mut definitions = serde_json::Map::new();
    for (name, part) in parts {
        definitions.insert(name, serde_json::to_value(part)?);
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{}", T::name()),
        "$defs": definitions,
    });
    Ok(serde_json::from_str(
        &schema.to_string().replace("#/components/schemas/", "#/$defs/"),
    )?)
}
