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
    let (_, first) = LOOKS[0];
    tab.look(first).await.unwrap();
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
async fn what_a_key_opens_takes_the_focus_and_gives_it_back() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    let focused = async |selector: &str| {
        let condition = format!("document.activeElement.matches({selector:?})");
        tab.wait_for(&condition).await.unwrap();
    };
    tab.goto("/findings").await.unwrap();
    tab.press("j").await.unwrap();
    tab.press("j").await.unwrap();
    focused("tbody tr:nth-child(2) [data-row]").await;
    for (key, opened) in [("/", "dialog[open] input"), ("?", "dialog[open] h2")] {
        tab.press(key).await.unwrap();
        focused(opened).await;
        tab.press("Escape").await.unwrap();
        focused("tbody tr:nth-child(2) [data-row]").await;
    }
    tab.press("Enter").await.unwrap();
    focused("aside.drawer").await;
    tab.press("Escape").await.unwrap();
    focused("tbody tr:nth-child(2) [data-row]").await;
    tab.press("f").await.unwrap();
    focused("input[data-filter]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policies_would_change_is_evaluated_while_one_types() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    tab.goto("/network").await.unwrap();
    tab.click("main .actions a").await.unwrap();
    let policy = |types: &str| {
        format!(
            "{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: deny, namespace: payments}}, \
            spec: {{podSelector: {{}}, policyTypes: [{types}]}}}}"
        )
    };
    let paste = async |text: String| {
        let script = format!(
            "(() => {{ const editor = document.querySelector('#policies'); editor.value = {text:?}; \
            editor.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
        );
        tab.wait_for("document.querySelector('#policies')").await.unwrap();
        tab.eval(&script).await.unwrap();
    };
    paste(policy("Ingress")).await;
    tab.wait_for("document.querySelector('.whatif tbody')?.innerText.includes('payments/payments-api')")
        .await
        .unwrap();
    paste(policy("Ingres")).await;
    tab.wait_for("document.querySelector('#mistakes')?.innerText.includes('spec.policyTypes')")
        .await
        .unwrap();
    assert_eq!(tab.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_span_of_a_comparison_stands_in_the_address_and_a_longer_one_than_is_kept_is_answered() {
    let app = App::demo(4).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    let compared = async |path: &str, heading: &str| {
        let has = async |words: &str| {
            let condition = format!("document.querySelector({heading:?})?.innerText.includes({words:?})");
            tab.wait_for(&condition).await.unwrap();
        };
        tab.goto(path).await.unwrap();
        has("the oldest snapshot").await;
        tab.click(".segment[aria-label=Since] a:nth-child(1)").await.unwrap();
        tab.wait_for("new URLSearchParams(location.search).get('since') === '1d'")
            .await
            .unwrap();
        tab.wait_for("document.querySelector('.segment[aria-label=Since] [aria-current]').textContent === '1 day'")
            .await
            .unwrap();
        tab.wait_for(&format!(
            "!document.querySelector({heading:?}).innerText.includes('the oldest snapshot')"
        ))
        .await
        .unwrap();
        tab.goto(&format!(
            "{path}{}since=30d",
            if path.contains('?') { '&' } else { '?' }
        ))
        .await
        .unwrap();
        has("the oldest snapshot").await;
    };
    compared("/network?view=changes", ".whatif .card-head").await;
    compared("/access/changes", ".page-head").await;
    tab.settled().await.unwrap();
    assert_eq!(tab.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_workload_is_completed_and_half_of_it_asks_nothing() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    let name = "payments/Deployment/payments-api";
    tab.goto("/network?view=reach").await.unwrap();
    tab.enter("input[list]", "payments-a").await.unwrap();
    let offered =
        "[...document.querySelectorAll('#' + document.querySelector('input[list]').getAttribute('list') + ' option')]";
    tab.wait_for(&format!("{offered}.some(option => option.value === {name:?})"))
        .await
        .unwrap();
    tab.press("Tab").await.unwrap();
    tab.wait_for("!document.activeElement.matches('input[list]')")
        .await
        .unwrap();
    assert_eq!(tab.eval("location.search").await.unwrap(), "?view=reach");
    // Half a name that is asked about all the same is answered with those whom it may mean.
    tab.enter("input[list]", "").await.unwrap();
    tab.press("Enter").await.unwrap();
    let among = format!("[...document.querySelectorAll('main tbody a')].find(link => link.innerText === {name:?})");
    tab.wait_for(&among).await.unwrap();
    tab.eval(&format!("{among}.click()")).await.unwrap();
    tab.wait_for(&format!("document.querySelector('input[list]').value === {name:?}"))
        .await
        .unwrap();
    tab.wait_for("document.querySelector('main h3')?.innerText === 'Can be reached by'")
        .await
        .unwrap();
    assert_eq!(tab.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn arrow_keys_walk_through_the_matrix() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    tab.goto("/network").await.unwrap();
    tab.wait_for("document.querySelector('.matrix')").await.unwrap();
    tab.eval("document.querySelector('.matrix').focus()").await.unwrap();
    let names = "[...document.querySelectorAll('.matrix .above text')].map(text => text.textContent)";
    let chosen = "[...document.querySelectorAll('.matrix .on')].map(text => text.textContent)";
    for (key, column, row) in [("ArrowRight", 0, 0), ("ArrowRight", 1, 0), ("ArrowDown", 1, 1)] {
        tab.press(key).await.unwrap();
        tab.wait_for(&format!(
            "JSON.stringify({chosen}) === JSON.stringify([{names}[{column}], {names}[{row}]])"
        ))
        .await
        .unwrap();
    }
    tab.wait_for("document.querySelector('.pair .table-wrap, .pair .empty')")
        .await
        .unwrap();
    assert_eq!(
        tab.eval("document.activeElement.matches('.matrix')").await.unwrap(),
        true
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_that_policies_close_leads_to_policies_made_for_it() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    tab.goto("/findings?check=namespace-without-default-deny")
        .await
        .unwrap();
    tab.click("table.list tbody tr a").await.unwrap();
    tab.click("aside.drawer a[href^='/network/what-if?for=']")
        .await
        .unwrap();
    tab.wait_for("document.querySelector('#policies')?.value.includes('kind: NetworkPolicy')")
        .await
        .unwrap();
    tab.wait_for("document.querySelector('.whatif .effects')")
        .await
        .unwrap();
    let opened = tab
        .eval("document.querySelector('.whatif .effects dd').innerText")
        .await
        .unwrap();
    assert!(opened.as_str().unwrap().starts_with('0'), "{opened}");
    assert_eq!(tab.errors(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_is_seen_wherever_tab_leads() {
    let app = App::demo(2).await.unwrap();
    let chromium = Chromium::start().await.unwrap();
    let tab = signed_in(&app, &chromium).await;
    let unseen = "(() => {
        const at = document.activeElement;
        const box = at.getBoundingClientRect();
        const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
        return at === document.body || (inside && getComputedStyle(at).outlineStyle !== 'none') ? '' : at.outerHTML.slice(0, 200);
    })()";
    for path in [
        "/",
        "/findings",
        "/access",
        "/workloads",
        "/checks",
        "/settings",
        "/settings?tab=password",
    ] {
        tab.goto(path).await.unwrap();
        for _ in 0..40 {
            tab.press("Tab").await.unwrap();
            assert_eq!(tab.eval(unseen).await.unwrap(), "", "{path}");
        }
    }
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
    // What is not there is answered with 404, and browsers log that.
    let mut errors = tab.errors();
    errors.retain(|error| !error.ends_with("/api/v1/namespaces/nowhere"));
    assert_eq!(errors, Vec::<String>::new());
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
        ("/findings", "not read yet"),
        ("/access", "not read yet"),
        ("/access/escalations", "not read yet"),
        ("/network", "not read yet"),
        ("/network/what-if", "not read yet"),
        ("/workloads", "not read yet"),
        ("/admission", "not read yet"),
        ("/certificates", "not read yet"),
        ("/namespaces", "not read yet"),
        ("/quotas", "not read yet"),
        ("/compliance", "not read yet"),
        ("/checks", "none decided before the first snapshot"),
        ("/snapshots", "No snapshot"),
    ] {
        let text = said(path).await;
        assert!(text.contains(words), "{path} says: {text}");
    }
    assert_eq!(tab.errors(), Vec::<String>::new());
}
