//! How fast the page evaluates what policies would change, in a real browser, on clusters of four sizes.

use std::time::Instant;

use analysis::catalogue::Catalogue;
use analysis::settings::Settings;
use anyhow::{Context, Result};
use chrono::Utc;
use server::auth::link;
use server::collect::Collection;
use server::pipeline;
use shared::clusters::Source;
use shared::ids::ClusterId;
use sqlx::types::Uuid;

use super::bench::{self, PARTS, Row, name, size_of};
use crate::app::App;
use crate::browser::{Chromium, LOOKS, Tab, serve};

/// How long the page lets typing rest before it evaluates, in milliseconds. A browser's clock wakes it no sooner.
const REST: f64 = 150.0;
/// How often something is typed; the least counts.
const TURNS: usize = 5;

/// Measures every size.
///
/// # Errors
/// There is no browser, or the page does not answer.
pub async fn table() -> Result<Vec<Row>> {
    let chromium = Chromium::start().await?;
    let mut table = Vec::new();
    for part in PARTS {
        table.extend(size(&chromium, part).await?);
    }
    Ok(table)
}

async fn size(chromium: &Chromium, part: usize) -> Result<[Row; 2]> {
    let app = app(part).await?;
    let tab = chromium.tab(serve(&app).await?).await?;
    tab.look(LOOKS[0].1).await?;
    let path = link::add_user(app.db(), "bench", "ann", true, Utc::now()).await?;
    tab.sign_in(&path, "a long enough password").await?;
    tab.goto("/network/what-if").await?;
    tab.wait_for("document.querySelector('.whatif .effects')").await?;
    let mut least = f64::INFINITY;
    for turn in 0..TURNS {
        least = least.min(evaluated(&tab, &denied(&name(turn))).await?);
    }
    let bytes = tab
        .eval("performance.getEntriesByType('resource').find(entry => entry.name.includes('/network/model')).decodedBodySize")
        .await?;
    let bytes = bytes.as_f64().context("the page has no model")?;
    let target = |text: &'static str| if part == 1 { text } else { "" };
    let of = size_of(part);
    Ok([
        (
            format!("what if, in the page: {of}: from when typing rests to what changes"),
            target("200 ms"),
            format!("{least:.0} ms"),
        ),
        (
            format!("what if, in the page: {of}: what it reads"),
            target("2 MB"),
            format!("{:.2} MB", bytes / 1e6),
        ),
    ])
}

/// A server that has seen a cluster.
///
/// # Errors
/// The cluster can't be made or stored.
pub async fn app(part: usize) -> Result<App> {
    let app = App::empty().await?;
    let collection = Collection {
        id: ClusterId(Uuid::from_u128(1)),
        name: "bench".into(),
        source: Source::Live,
        snapshot: bench::snapshot(part)?,
        positions: Default::default(),
        warnings: Vec::new(),
    };
    let judges = (Catalogue::default(), Settings::default());
    let (cluster, _) = pipeline::keep(app.db(), judges, collection, Utc::now(), Instant::now(), &|_| {}).await?;
    app.state.watches[0].identify(cluster);
    Ok(app)
}

/// A policy that closes a namespace in both directions.
fn denied(namespace: &str) -> String {
    format!(
        "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: deny, namespace: {namespace}}}, \
         spec: {{podSelector: {{}}, policyTypes: [Ingress, Egress]}}}}"
    )
}

/// The milliseconds from when typing rests until the answer to what was typed stands in the page.
async fn evaluated(tab: &Tab, typed: &str) -> Result<f64> {
    let script = format!(
        "new Promise(done => {{
            const editor = document.querySelector('#policies');
            const seen = new MutationObserver(() => {{ seen.disconnect(); done(performance.now() - begun); }});
            seen.observe(document.querySelector('.whatif'), {{childList: true, characterData: true, subtree: true}});
            const begun = performance.now();
            editor.value = {typed:?};
            editor.dispatchEvent(new Event('input', {{bubbles: true}}));
        }})"
    );
    let milliseconds = tab.eval(&script).await?.as_f64().context("the page did not answer")?;
    Ok(milliseconds - REST)
}
