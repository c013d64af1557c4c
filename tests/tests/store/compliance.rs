//! Compliance from what is stored, as of an instant and over time.

use analysis::framework;
use server::compliance::Known;
use server::compliance::history::verdicts;
use server::store::compliance;
use server::store::viewer::Viewer;
use shared::compliance::ControlVerdict;
use shared::frameworks::FrameworkControl;
use sqlx::PgPool;
use tests::history::{CLUSTER, Scene, as_of, deployment, finding, hour};
use tests::postgres::TestDatabase;

const ALL: &Viewer = &Viewer::All;

/// A Deployment that shares a namespace of its node.
fn sharing(field: &str) -> Scene {
    let check = analysis::checks::by_id("host-namespace-shared").unwrap();
    let shares = check
        .finding(deployment("shop", "web"), "", "web shares", "It is so.")
        .witness(format!("spec.template.spec.{field}"), true);
    Scene::empty()
        .with_deployment("shop", "web", "web:1", 2)
        .with_finding(shares)
}

fn control(id: &str) -> FrameworkControl {
    let framework = framework::by_id("cis-1.12").unwrap();
    framework.controls().find(|control| control.id == id).unwrap().clone()
}

#[tokio::test]
async fn what_is_stored_stands_as_what_was_judged() {
    let database = TestDatabase::create().await.unwrap();
    let scene = sharing("hostPID").with_finding(finding("container-privileged", "shop", "web", "web runs privileged"));
    scene.store(&database.pool, hour(0)).await.unwrap();
    let known = compliance::known(&database.pool, ALL, &as_of(&database.pool, hour(0)).await.unwrap())
        .await
        .unwrap();
    let judged = Known::judged(&scene.report, CLUSTER, Vec::new());
    for framework in framework::all() {
        let mut stored = known.stand(framework);
        let controls = stored.sections.iter_mut().flat_map(|section| &mut section.controls);
        for control in controls {
            let is_open = control.open.total() > 0;
            assert_eq!(control.since.take(), is_open.then(|| hour(0)), "{}", control.id);
        }
        assert_eq!(stored, judged.stand(framework), "{}", framework.id);
    }
}

#[tokio::test]
async fn who_sees_some_namespaces_sees_what_fails_in_them() {
    let database = TestDatabase::create().await.unwrap();
    sharing("hostPID").store(&database.pool, hour(0)).await.unwrap();
    let at = as_of(&database.pool, hour(0)).await.unwrap();
    let found = async |namespace: &str| {
        let viewer = Viewer::Namespaces(vec![namespace.to_owned()]);
        compliance::known(&database.pool, &viewer, &at)
            .await
            .unwrap()
            .found
            .len()
    };
    assert_eq!((found("shop").await, found("bank").await), (1, 0));
}

#[tokio::test]
async fn a_part_of_which_the_viewer_sees_nothing_has_not_passed() {
    let database = TestDatabase::create().await.unwrap();
    sharing("hostPID").store(&database.pool, hour(0)).await.unwrap();
    let at = as_of(&database.pool, hour(0)).await.unwrap();
    let verdict = async |viewer: &Viewer| {
        let known = compliance::known(&database.pool, viewer, &at).await.unwrap();
        let stood = known.stand(framework::by_id("cis-1.12").unwrap());
        let mut controls = stood.sections.iter().flat_map(|section| &section.controls);
        controls.find(|control| control.id == "5.2.3").unwrap().verdict
    };
    let of = |namespace: &str| Viewer::Namespaces(vec![namespace.to_owned()]);
    assert_eq!(verdict(ALL).await, ControlVerdict::Fail);
    assert_eq!(verdict(&of("shop")).await, ControlVerdict::Fail);
    assert_eq!(verdict(&of("bank")).await, ControlVerdict::NotEvaluated);
}

async fn told(db: &PgPool, id: &str, from: i64) -> Vec<(i64, i64, ControlVerdict)> {
    let (control, at) = (control(id), as_of(db, hour(9)).await.unwrap());
    let checks: Vec<String> = control.checks.iter().map(|named| named.check.clone()).collect();
    let past = compliance::past(db, ALL, &at, hour(from), (&checks, &checks))
        .await
        .unwrap();
    let number = |at: chrono::DateTime<chrono::Utc>| (at - hour(0)).num_hours();
    let framework = framework::by_id("cis-1.12").unwrap();
    verdicts((framework, &control), &past, hour(from), at.taken_at)
        .iter()
        .map(|span| (number(span.from), number(span.to), span.verdict))
        .collect()
}

#[tokio::test]
async fn verdicts_of_a_control_over_time_are_those_that_were_concluded_then() {
    let database = TestDatabase::create().await.unwrap();
    let db = &database.pool;
    let fine = Scene::empty().with_deployment("shop", "web", "web:1", 2);
    for (at, scene) in [
        (0, fine.clone()),
        (2, sharing("hostPID")),
        (4, sharing("hostNetwork")),
        (6, fine),
    ] {
        scene.store(db, hour(at)).await.unwrap();
    }
    let (pass, fail) = (ControlVerdict::Pass, ControlVerdict::Fail);
    assert_eq!(told(db, "5.2.3", 0).await, [(0, 2, pass), (2, 4, fail), (4, 6, pass)]);
    assert_eq!(told(db, "5.2.5", 0).await, [(0, 4, pass), (4, 6, fail), (6, 6, pass)]);
    assert_eq!(told(db, "5.2.5", 5).await, [(5, 6, fail), (6, 6, pass)]);
}
