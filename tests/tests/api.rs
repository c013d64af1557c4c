//! The API over the demo: real router, real database.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use axum::body::Body;
use axum::http::Request;
use futures::StreamExt;
use shared::tokens::Scope;
use tests::app::{App, demo_end};

struct Shared {
    app: App,
    token: String,
}

async fn shared() -> anyhow::Result<Shared> {
    let app = App::demo(4).await?;
    let token = app.token(&[Scope::Read]).await?;
    Ok(Shared { app, token })
}

impl Shared {
    async fn get(&self, path: &str) -> serde_json::Value {
        let answer = self.app.get(path, &self.token).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_answers_every_question() {
    let shared = shared().await.unwrap();
    overview_agrees_with_its_parts(&shared).await;
    pages_of_findings_neither_repeat_nor_miss(&shared).await;
    facets_count_with_the_other_filters(&shared).await;
    the_past_is_answered_as_it_was(&shared).await;
    an_unchanged_snapshot_is_not_sent_again(&shared).await;
    a_workload_shows_its_findings(&shared).await;
    bad_parameters_name_the_place(&shared).await;
    no_finding_is_lost_in_the_export(&shared).await;
    access_is_answered_with_its_chains(&shared).await;
    ways_to_administrator_come_page_by_page_with_what_closes_them(&shared).await;
    the_way_in_says_which_steps_see_a_pod(&shared).await;
    certificates_come_by_when_they_end_as_of_any_instant(&shared).await;
    quotas_are_told_with_their_past(&shared).await;
    use_stands_beside_what_is_asked_for(&shared).await;
    namespaces_agree_with_the_lists_that_they_lead_to(&shared).await;
}

async fn overview_agrees_with_its_parts(shared: &Shared) {
    let overview = shared.get("/api/v1/overview").await;
    let findings = shared.get("/api/v1/findings").await;
    let open: i64 = overview["open"]
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_i64().unwrap())
        .sum();
    assert_eq!(findings["total"].as_i64().unwrap(), open);
    let areas = overview["areas"].as_array().unwrap();
    assert_eq!(areas.len(), 9);
    let of_areas: i64 = areas
        .iter()
        .flat_map(|area| area["open"].as_object().unwrap().values())
        .map(|count| count.as_i64().unwrap())
        .sum();
    assert_eq!(of_areas, open);
    assert!(!overview["fixes"].as_array().unwrap().is_empty());
    let score = overview["score"]["value"].as_f64().unwrap();
    assert!(
        overview["score"]["low"].as_f64().unwrap() <= score && score <= overview["score"]["high"].as_f64().unwrap()
    );
    let workloads = shared.get("/api/v1/workloads?limit=1").await;
    assert_eq!(workloads["total"], overview["size"]["workloads"]);
}

async fn pages_of_findings_neither_repeat_nor_miss(shared: &Shared) {
    for sort in ["severity", "-severity", "title", "object", "since"] {
        let mut seen = std::collections::BTreeSet::new();
        let mut path = format!("/api/v1/findings?limit=37&sort={sort}");
        let total = loop {
            let page = shared.get(&path).await;
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(item["id"].to_string()), "{} twice by {sort}", item["id"]);
            }
            match page["next"].as_str() {
                Some(next) => path = format!("/api/v1/findings?limit=37&sort={sort}&cursor={next}"),
                None => break page["total"].as_u64().unwrap(),
            }
        };
        assert_eq!(seen.len() as u64, total, "{sort}");
    }
}

async fn facets_count_with_the_other_filters(shared: &Shared) {
    let page = shared.get("/api/v1/findings?severity=critical").await;
    let facet = |name: &str| page["facets"][name].as_array().unwrap().clone();
    let high = facet("severity")
        .into_iter()
        .find(|value| value["value"] == "high")
        .unwrap();
    assert!(
        high["count"].as_u64().unwrap() > 0,
        "a facet must not be narrowed by its own filter"
    );
    let areas: u64 = facet("area").iter().map(|value| value["count"].as_u64().unwrap()).sum();
    assert_eq!(areas, page["total"].as_u64().unwrap());
}

async fn the_past_is_answered_as_it_was(shared: &Shared) {
    let past = (demo_end() - chrono::Duration::days(2))
        .format("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let then = shared.get(&format!("/api/v1/overview?at={past}")).await;
    let now = shared.get("/api/v1/overview").await;
    assert!(then["asOf"]["snapshot"].as_i64() < now["asOf"]["snapshot"].as_i64());
    let list = shared.get(&format!("/api/v1/snapshots?at={past}")).await;
    assert_eq!(
        (&list["items"][0]["id"], &list["total"]),
        (&then["asOf"]["snapshot"], &serde_json::json!(2))
    );
    let before = (demo_end() - chrono::Duration::days(400))
        .format("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    let answer = shared
        .app
        .get(&format!("/api/v1/findings?at={before}"), &shared.token)
        .await
        .unwrap();
    assert_eq!(answer.json()["asOf"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_stream_of_progress_ends_when_the_server_stops() {
    let app = App::empty().await.unwrap();
    let token = app.token(&[Scope::Read]).await.unwrap();
    let mut events = app.stream("/api/v1/snapshots/progress", &token).await.unwrap();
    events.next().await.unwrap().unwrap();
    app.stopper.stop();
    assert!(events.next().await.is_none());
}

async fn an_unchanged_snapshot_is_not_sent_again(shared: &Shared) {
    let snapshots = shared.get("/api/v1/snapshots").await;
    let of = |place: usize| format!("/api/v1/snapshots/{}", snapshots["items"][place]["id"]);
    let mut tags = std::collections::BTreeSet::new();
    for path in ["/api/v1/checks".to_owned(), of(1), of(2)] {
        let first = shared.app.get(&path, &shared.token).await.unwrap();
        let request = Request::get(&path)
            .header("authorization", format!("Bearer {}", shared.token))
            .header("if-none-match", first.header("etag"));
        let again = shared.app.send(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert!(tags.insert(first.header("etag").to_owned()), "{path}: {tags:?}");
    }
}

async fn a_workload_shows_its_findings(shared: &Shared) {
    let list = shared.get("/api/v1/workloads?limit=1").await;
    let object = &list["items"][0]["object"];
    let text = |field: &str| object[field].as_str().unwrap();
    let detail = shared
        .get(&format!(
            "/api/v1/workloads/{}/{}/{}",
            text("kind"),
            text("namespace"),
            text("name")
        ))
        .await;
    assert!(!detail["findings"].as_array().unwrap().is_empty());
    let id = detail["findings"][0]["id"].as_str().unwrap();
    let finding = shared.get(&format!("/api/v1/findings/{id}")).await;
    assert!(!finding["witness"].as_array().unwrap().is_empty());
    assert!(
        finding["history"]
            .as_array()
            .unwrap()
            .iter()
            .any(|event| event["what"] == "opened")
    );
}

async fn bad_parameters_name_the_place(shared: &Shared) {
    for (path, status, word) in [
        ("/api/v1/findings?severity=dreadful", 400, "dreadful"),
        ("/api/v1/findings?cursor=nonsense", 400, "cursor"),
        ("/api/v1/findings?sort=luck", 400, "luck"),
        ("/api/v1/findings?limit=lots", 400, "limit"),
        ("/api/v1/findings?at=yesterday", 400, "at"),
        ("/api/v1/overview?window=1y", 400, "1y"),
        ("/api/v1/findings/f-0000000000000000", 404, "f-0000000000000000"),
        (
            "/api/v1/overview?cluster=00000000-0000-0000-0000-000000000001",
            404,
            "cluster",
        ),
        ("/api/v1/nothing", 404, ""),
        ("/api/v1/rbac/can-i?user=ann&resource=pods", 400, "verb"),
        ("/api/v1/rbac/can-i?verb=get&resource=pods", 400, "user"),
        ("/api/v1/rbac/who-can?verb=get", 400, "resource"),
        ("/api/v1/rbac/who-can?verb=get&path=/x&name=y", 400, "name"),
        ("/api/v1/rbac/what-can", 400, "user"),
        (
            "/api/v1/rbac/can-i?user=a&verb=get&resource=pods&subresource=exec",
            400,
            "subresource",
        ),
        (
            "/api/v1/rbac/who-can?verb=get&resource=pods&namspace=x",
            400,
            "namspace",
        ),
        ("/api/v1/rbac/who-can?verb=get&path=metrics", 400, "path"),
        ("/api/v1/rbac/escalations?sink=heaven", 400, "sink"),
        (
            "/api/v1/rbac/changes?since=2030-01-01T00:00:00Z&at=2029-01-01T00:00:00Z",
            400,
            "since",
        ),
        ("/api/v1/rbac/roles/ClusterRole/-/nobody", 404, "nobody"),
        ("/api/v1/admission?labels=app=web", 400, "namespace"),
        ("/api/v1/admission?namespace=web&labels=app", 400, "app"),
    ] {
        let answer = shared.app.get(path, &shared.token).await.unwrap();
        assert_eq!(
            answer.status,
            status,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        assert!(
            answer.json()["detail"].as_str().unwrap_or_default().contains(word),
            "{path}: {}",
            answer.json()
        );
    }
}

async fn no_finding_is_lost_in_the_export(shared: &Shared) {
    let total = shared.get("/api/v1/findings?limit=1").await["total"].as_u64().unwrap();
    let csv = shared
        .app
        .get("/api/v1/findings/export.csv", &shared.token)
        .await
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&csv.body).lines().count() as u64, total + 1);
    let json = shared.get("/api/v1/findings/export.json").await;
    assert_eq!(json.as_array().unwrap().len() as u64, total);
}

async fn access_is_answered_with_its_chains(shared: &Shared) {
    let deployer = "system:serviceaccount:ci:deployer";
    let can = shared
        .get(&format!(
            "/api/v1/rbac/can-i?user={deployer}&verb=delete&resource=deploy&namespace=shop"
        ))
        .await;
    assert_eq!(can["allowed"], true);
    assert_eq!(can["grants"][0]["role"]["name"], "cluster-admin");
    let who = shared
        .get("/api/v1/rbac/who-can?verb=delete&resource=deploy&namespace=shop")
        .await;
    let found = who["subjects"].as_array().unwrap().iter();
    assert!(found.clone().any(|holder| holder["subject"]["name"] == "deployer"));
    let what = shared.get(&format!("/api/v1/rbac/what-can?user={deployer}")).await;
    assert!(!what["places"].as_array().unwrap().is_empty());
    let unknown = shared.get("/api/v1/rbac/who-can?verb=fly&resource=wings").await;
    assert_eq!(unknown["unknown"], serde_json::json!(["verb", "resource"]));
    let lists = ["subjects", "bindings", "roles"].map(|list| format!("/api/v1/rbac/{list}?limit=1"));
    for path in lists {
        assert!(shared.get(&path).await["total"].as_u64().unwrap() > 20, "{path}");
    }
}

async fn ways_to_administrator_come_page_by_page_with_what_closes_them(shared: &Shared) {
    let mut seen = std::collections::BTreeSet::new();
    let mut path = "/api/v1/rbac/escalations?sink=clusterAdmin&limit=3".to_owned();
    let counts = loop {
        let page = shared.get(&path).await;
        for way in page["items"].as_array().unwrap() {
            assert!(!way["steps"].as_array().unwrap().is_empty());
            assert!(seen.insert(way["subject"].to_string()), "{} twice", way["subject"]);
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/rbac/escalations?sink=clusterAdmin&limit=3&cursor={next}"),
            None => break page["sinks"][0].clone(),
        }
    };
    assert_eq!(counts["subjects"], seen.len());
    let one = shared
        .get("/api/v1/rbac/escalations?subject=ServiceAccount%20ci/runner-linux")
        .await;
    let way = &one["items"][0];
    assert_eq!(way["steps"][0]["needs"][0]["grant"]["subject"]["name"], "runner-linux");
    assert!(way["fix"]["closes"].as_u64().unwrap() > 1 && way["fix"]["patch"]["how"].is_string());
    let hot = shared.get("/api/v1/rbac/graph?only=escalation").await;
    assert!(
        hot["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|node| node["mark"] == "hot")
    );
}

async fn the_way_in_says_which_steps_see_a_pod(shared: &Shared) {
    let injector = async |query: &str| {
        let answer = shared.get(&format!("/api/v1/admission{query}")).await;
        let steps = answer["steps"].as_array().unwrap().clone();
        let name = "vault-agent-injector-cfg.vault.svc";
        steps.into_iter().find(|step| step["name"] == name).unwrap()
    };
    assert!(injector("").await["sees"].is_null());
    assert_eq!(
        injector("?namespace=payments&labels=app=web").await["sees"]["answer"],
        "yes"
    );
    let left_out = injector("?namespace=kube-system").await;
    assert_eq!(left_out["sees"]["answer"], "no");
    assert_eq!(left_out["call"]["backend"], "ready");
    let all = shared.get("/api/v1/admission").await;
    let ledger = &all["injections"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["namespace"] == "ledger")
        .unwrap();
    assert_eq!(ledger["missing"][0]["workload"]["name"], "payouts-worker");
}

async fn certificates_come_by_when_they_end_as_of_any_instant(shared: &Shared) {
    let calendar = shared.get("/api/v1/certificates").await;
    let rows = calendar["rows"].as_array().unwrap();
    let ends: Vec<&str> = rows.iter().filter_map(|row| row["notAfter"].as_str()).collect();
    assert!(ends.len() > 10 && ends.is_sorted(), "{ends:?}");
    let broken: Vec<&str> = rows.iter().filter_map(|row| row["problem"].as_str()).collect();
    assert!(broken.contains(&"it can't be decoded"), "{broken:?}");
    assert_eq!(calendar["serving"]["protocols"], serde_json::json!(["1.2", "1.3"]));
    let csv = shared
        .app
        .get("/api/v1/certificates/export.csv", &shared.token)
        .await
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&csv.body).lines().count(), rows.len() + 1);
    let past = demo_end() - chrono::Days::new(2);
    let past = shared
        .get(&format!(
            "/api/v1/certificates?at={}",
            past.format("%Y-%m-%dT%H:%M:%SZ")
        ))
        .await;
    assert_eq!(past["serving"], calendar["serving"]);
}

async fn quotas_are_told_with_their_past(shared: &Shared) {
    let quotas = shared.get("/api/v1/quotas").await;
    let namespaces = quotas["namespaces"].as_array().unwrap();
    let checkout = namespaces.iter().find(|it| it["namespace"] == "checkout").unwrap();
    let cpu = checkout["quotas"][0]["resources"].as_array().unwrap();
    let cpu = cpu.iter().find(|of| of["resource"] == "requests.cpu").unwrap();
    assert_eq!(cpu["trend"].as_array().unwrap().len(), 4);
    let history = shared.get("/api/v1/quotas/checkout/compute/history").await;
    let resources = history["resources"].as_array().unwrap();
    let points = resources.iter().find(|of| of["resource"] == "requests.cpu").unwrap();
    let last = points["points"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["used"], &last["hard"]),
        (&cpu["used"]["value"], &cpu["hard"]["value"])
    );
    let one = shared.get("/api/v1/quotas?namespace=checkout").await;
    assert_eq!(one["namespaces"], serde_json::json!([checkout]));
    let nothing = shared
        .app
        .get("/api/v1/quotas/checkout/nothing/history", &shared.token)
        .await
        .unwrap();
    assert_eq!(nothing.status, 404);
}

async fn use_stands_beside_what_is_asked_for(shared: &Shared) {
    let quotas = shared.get("/api/v1/quotas").await;
    assert_eq!(quotas["sampling"]["status"], "measured");
    let namespaces = quotas["namespaces"].as_array().unwrap();
    let payments = namespaces.iter().find(|it| it["namespace"] == "payments").unwrap();
    let memory = payments["demand"].as_array().unwrap();
    let memory = memory.iter().find(|of| of["resource"] == "memory").unwrap();
    assert!(memory["used"].as_i64().unwrap() > 0, "{memory}");
    let workload = shared.get("/api/v1/workloads/Deployment/payments/payments-api").await;
    assert_eq!(workload["usage"]["sampling"], quotas["sampling"]);
    let containers = workload["usage"]["containers"].as_array().unwrap();
    let names: Vec<_> = containers.iter().map(|it| it["container"].as_str().unwrap()).collect();
    assert!(names.contains(&"payments-api") && names.contains(&"envoy"), "{names:?}");
    let memory = &containers[0]["resources"][1];
    let amount = |field: &str| memory[field].as_i64().unwrap();
    assert!(
        amount("mean") <= amount("most") && amount("most") <= amount("limit"),
        "{memory}"
    );
}

async fn namespaces_agree_with_the_lists_that_they_lead_to(shared: &Shared) {
    let listed = shared.get("/api/v1/namespaces").await;
    let rows = listed["namespaces"].as_array().unwrap();
    assert_eq!(rows.len(), 42);
    let row = rows.iter().find(|row| row["namespace"] == "payments").unwrap();
    let detail = shared.get("/api/v1/namespaces/payments").await;
    let workloads = shared.get("/api/v1/workloads?namespace=payments").await;
    assert_eq!(
        (&detail["workloads"], &row["workloads"]),
        (&workloads["total"], &workloads["total"])
    );
    let findings = shared.get("/api/v1/findings?namespace=payments").await;
    let open: u64 = row["open"]
        .as_object()
        .unwrap()
        .values()
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(
        (findings["total"].as_u64(), &detail["open"]),
        (Some(open), &row["open"])
    );
    for finding in detail["findings"].as_array().unwrap() {
        assert_eq!(finding["object"]["kind"], "Namespace");
        assert_eq!(finding["object"]["name"], "payments");
    }
    let nowhere = shared
        .app
        .get("/api/v1/namespaces/nowhere", &shared.token)
        .await
        .unwrap();
    assert_eq!(nowhere.status, 404);
}
