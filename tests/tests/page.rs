//! The page in a real Chromium, over the demo.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use chrono::Utc;
use server::auth::link;
use tests::app::App;
use tests::browser::{Chromium, LOOKS, Tab, serve};

const PASSWORD: &str = "a long enough password";

async fn signed_in(app: &App, chromium: &Chromium) -> Tab {
    let address = serve(app).await.unwrap();
    let path = link::add_user(app.db(), "test", "ann", true, Utc::now()).await.unwrap();
    let tab = chromium.tab(address).await.unwrap();
    tab.sign_in(&path, PASSWORD).await.unwrap();
    tab
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_filters_opens_a_finding_and_travels_in_time() {
    let app = App::demo(4).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;

    tab.goto("/").await.unwrap();
    assert_eq!(
        tab.eval("document.querySelector('h1').textContent").await.unwrap(),
        "Overview"
    );

    tab.goto("/findings?severity=critical").await.unwrap();
    let all_critical = "[...document.querySelectorAll('table.list tbody tr')].length > 0 \
        && [...document.querySelectorAll('table.list tbody tr')].every(row => row.querySelector('.sev.critical'))";
    tab.wait_for(all_critical).await.unwrap();
    tab.click("table.list tbody tr a").await.unwrap();
    tab.wait_for("document.querySelector('aside.drawer h2')").await.unwrap();
    assert!(
        tab.eval("location.search")
            .await
            .unwrap()
            .as_str()
            .unwrap()
            .contains("open=f-")
    );
    tab.press("Escape").await.unwrap();
    tab.wait_for("!document.querySelector('aside.drawer')").await.unwrap();

    tab.goto("/").await.unwrap();
    tab.click("button[aria-label='Earlier snapshot']").await.unwrap();
    tab.wait_for("location.search.includes('at=') && document.querySelector('.banner.past')")
        .await
        .unwrap();
    tab.settled().await.unwrap();
    assert_eq!(tab.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    let mut found = Vec::new();
    for (name, look) in LOOKS {
        tab.look(*look).await.unwrap();
        for path in tests::pages::all(&app).await.unwrap() {
            tab.goto(&path).await.unwrap();
            found.extend(
                tab.axe()
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|violation| format!("{name} {path} {violation}")),
            );
        }
    }
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(tab.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_snapshot_the_page_says_so() {
    let app = App::empty().await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    let said = async |path: &str| {
        tab.goto(path).await.unwrap();
        let text = tab.eval("document.querySelector('main').innerText").await.unwrap();
        text.as_str().unwrap_or_default().to_owned()
    };
    for (path, words) in [
        ("/", "read yet"),
        ("/findings", "0"),
        ("/workloads", "0"),
        ("/checks", "no snapshot yet"),
        ("/snapshots", "No snapshot"),
    ] {
        let text = said(path).await;
        assert!(text.contains(words), "{path} says: {text}");
    }
    assert_eq!(tab.errors(), Vec::<String>::new());
}
