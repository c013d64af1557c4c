//! The Pod Security engine against Pod Security admission of the real API server: the same pods, the same controls broken.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};
use kube::Client;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};
use tests::pod_security::oracle::{Answer, Place, created, debugged, judged};
use tests::pod_security::pods::{Base, Case, base, each, ephemeral, random};
use tests::testbed;
use tokio::sync::OnceCell;

/// Pods that are on their way at a time.
const IN_FLIGHT: usize = 40;
/// Pods with several changes.
const RANDOM: usize = 4_000;

async fn api() -> Client {
    static MADE: OnceCell<()> = OnceCell::const_new();
    let client = testbed::shared().await.client("admin").await.unwrap();
    let make = async || {
        for place in Place::all() {
            place.make(&client).await.unwrap();
        }
    };
    MADE.get_or_init(make).await;
    client
}

/// Compares each pod in each place, and gives how many were judged. A disagreement is made as small as it gets.
async fn compare(client: &Client, asked: &[(Place, Case)]) -> usize {
    let judged: anyhow::Result<Vec<usize>> = stream::iter(asked)
        .map(async |(place, case)| match disagreement(client, *place, case).await? {
            Some(false) => Ok(1),
            None => Ok(0),
            Some(true) => {
                let smallest = shrink(client, *place, case.clone()).await?;
                let pod = smallest.pod(&place.namespace());
                panic!(
                    "{place:?}: {} is {:?} here and {:?} there",
                    json!(pod),
                    self::judged(*place, &pod)?,
                    created(client, &pod).await?
                )
            }
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await;
    judged.unwrap().iter().sum()
}

/// Whether the two disagree; none where the pod is not valid.
async fn disagreement(client: &Client, place: Place, case: &Case) -> anyhow::Result<Option<bool>> {
    let pod = case.pod(&place.namespace());
    Ok(match created(client, &pod).await? {
        Answer::Invalid => None,
        Answer::Judged(said) => Some(said != judged(place, &pod)?),
    })
}

async fn shrink(client: &Client, place: Place, mut case: Case) -> anyhow::Result<Case> {
    'smaller: loop {
        for smaller in case.smaller().collect::<Vec<_>>() {
            if disagreement(client, place, &smaller).await? == Some(true) {
                case = smaller;
                continue 'smaller;
            }
        }
        return Ok(case);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_control_is_broken_as_the_api_server_says_in_every_version() {
    let client = api().await;
    let in_places = |case: Case| places(case.base).into_iter().map(move |place| (place, case.clone()));
    let asked: Vec<(Place, Case)> = each().into_iter().flat_map(in_places).collect();
    let judged = compare(&client, &asked).await;
    println!(
        "{judged} of {} pods with one change were valid, and judged alike",
        asked.len()
    );
    assert!(judged > asked.len() / 2);
}

/// A hardened pod is tried in every version; what the others show besides is seen in a few.
fn places(base: Base) -> Vec<Place> {
    const FEW: [u32; 3] = [0, 24, 37];
    let mut places = Place::all();
    places.retain(|place| base == Base::Hardened || FEW.contains(&place.version.0));
    places
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_changed_at_random_break_what_the_api_server_says() {
    let client = api().await;
    let mut seed = StdRng::seed_from_u64(5);
    let places = Place::all();
    let asked: Vec<(Place, Case)> = (0..RANDOM)
        .map(|_| (*places.choose(&mut seed).unwrap(), random(&mut seed)))
        .collect();
    let judged = compare(&client, &asked).await;
    println!(
        "{judged} of {} pods with several changes were valid, and judged alike",
        asked.len()
    );
    assert!(judged > RANDOM / 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn ephemeral_containers_break_what_the_api_server_says() {
    let client = api().await;
    let mut broken = BTreeSet::new();
    for place in Place::all() {
        for container in ephemeral() {
            let Answer::Judged(said) = debugged(&client, &place.namespace(), &container).await.unwrap() else {
                continue;
            };
            assert_eq!(
                judged(place, &with(&container)).unwrap(),
                said,
                "{place:?}: {container}"
            );
            broken.extend(said);
        }
    }
    assert!(broken.len() >= 8, "{broken:?}");
}

fn with(container: &Value) -> Value {
    let mut pod = base(Base::Hardened);
    pod["spec"]["ephemeralContainers"] = json!([container]);
    pod
}
