//! `make shots`: a photograph of every page of the demo into target/shots, light, dark and as on a phone. `shots access` takes those
//! of which the address holds the word.

use anyhow::Context;
use chrono::Utc;
use server::auth::link;
use tests::app::App;
use tests::browser::{Chromium, LOOKS, root, serve};
use tests::pages;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = root().join("target/shots");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let app = App::demo(91).await?;
    let address = serve(&app).await?;
    let chromium = Chromium::start().await?;
    let tab = chromium.tab(address).await?;
    tab.goto("/sign-in").await?;
    tab.shoot(&folder.join("sign-in.light.png")).await?;
    let link = link::add_user(app.db(), "shots", "ann", true, Utc::now()).await?;
    tab.sign_in(&link, "a long enough password").await?;
    let word = std::env::args().nth(1).unwrap_or_default();
    for path in pages::all(&app).await?.into_iter().filter(|path| path.contains(&word)) {
        for (name, look) in LOOKS {
            tab.look(*look).await?;
            tab.goto(&path).await?;
            tab.shoot(&folder.join(format!("{}.{name}.png", file_name(&path))))
                .await?;
        }
    }
    println!("The pictures are in {}.", folder.display());
    for error in tab.errors() {
        println!("error on a page: {error}");
    }
    Ok(())
}

fn file_name(path: &str) -> String {
    let name: String = path
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    match name.trim_matches('-') {
        "" => "overview".into(),
        name => name.chars().take(60).collect(),
    }
}
