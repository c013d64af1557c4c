//! The RBAC engine against the real authoriser: random worlds, random requests, the same answers.
//!
//! `PLIMSOLL_QUESTIONS` is how many requests are compared; `make proof` asks a million. A disagreement is made as small as it
//! gets, and printed as a file for `rbac_cases`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use std::collections::BTreeSet;

use analysis::model::Snapshot;
use analysis::model::rbac::PolicyRule;
use analysis::rbac::access::{self, Access, Identity, KnownResource, Origin, Resources, Verdict};
use analysis::rbac::rules;
use rand::SeedableRng;
use rand::rngs::StdRng;
use shared::rbac::{Permissions, Question, Rule};
use tests::rbac::api::Api;
use tests::rbac::cases::Case;
use tests::rbac::questions;
use tests::rbac::shrink::shrink;
use tests::rbac::world::{BARE, World};
use tests::testbed;

/// Requests that are compared in one world.
const IN_A_WORLD: usize = 2_000;
const QUESTIONS: usize = 20_000;

async fn api() -> Api {
    let client = testbed::shared().await.client("admin").await.unwrap();
    Api::new(client).await.unwrap()
}

/// None where it is not decided.
fn verdict(access: &Access, question: &Question) -> Option<bool> {
    let (who, request) = access::request(question);
    match access.can_i(&who, &request).verdict {
        Verdict::Yes => Some(true),
        Verdict::No => Some(false),
        Verdict::Undecided(_) => None,
    }
}

fn count() -> usize {
    std::env::var("PLIMSOLL_QUESTIONS").map_or(QUESTIONS, |count| count.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verdict_is_that_of_the_api_server() {
    let mut api = api().await;
    let connection = testbed::shared().await.connection("admin").await.unwrap();
    let mut allowed = 0;
    let worlds = count().div_ceil(IN_A_WORLD);
    for seed in 0..worlds as u64 {
        let mut random = StdRng::seed_from_u64(seed);
        let world = World::random(&mut random);
        let filled = world.filled();
        let asked: Vec<Question> = (0..IN_A_WORLD)
            .map(|_| questions::random(&mut random, &filled))
            .collect();
        api.load(&world).await.unwrap();
        let of_files = world.access().unwrap();
        let of_cluster = Access::new(&api.snapshot(&connection).await.unwrap(), Origin::Live);
        let said = api.verdicts(&asked).await.unwrap();
        for (question, said) in asked.iter().zip(&said) {
            assert_eq!(
                verdict(&of_cluster, question),
                Some(*said),
                "read of the cluster: {question:?}"
            );
            if verdict(&of_files, question) != Some(*said) {
                disagreement(&mut api, world.clone(), question.clone()).await;
            }
            allowed += usize::from(*said);
        }
        if seed % 50 == 49 {
            println!("{} questions are answered alike", (seed as usize + 1) * IN_A_WORLD);
        }
    }
    let asked = worlds * IN_A_WORLD;
    println!("{asked} questions are answered alike, {allowed} of them with yes");
    assert!(allowed > asked / 5 && allowed < asked * 4 / 5, "{allowed} of {asked}");
}

/// Fails with the smallest case of a disagreement.
async fn disagreement(api: &mut Api, world: World, question: Question) {
    let differ = async |world: &World, question: &Question| {
        if api.load(world).await.is_err() {
            return false;
        }
        let said = api.verdict(question).await.ok();
        said.is_some() && verdict(&world.access().unwrap(), question) != said
    };
    let (world, question) = shrink(world, question, differ).await;
    api.load(&world).await.unwrap();
    let allowed = api.verdict(&question).await.unwrap();
    let case = Case {
        name: String::new(),
        world,
        question,
        allowed,
    };
    panic!(
        "the API server says otherwise; tests/tests/rbac_cases/NAME.yaml:\n{}",
        case.text()
    );
}

#[test]
fn every_case_is_answered_as_the_api_server_did() {
    let cases = Case::all().unwrap();
    assert!(cases.len() >= 10);
    for case in cases {
        let access = case.world.access().unwrap();
        assert_eq!(verdict(&access, &case.question), Some(case.allowed), "{}", case.name);
        let (who, request) = access::request(&case.question);
        let subjects = access.who_can(&request).grants;
        let why = access.why(&who, &request);
        assert!(why.iter().all(|grant| subjects.contains(grant)), "{}", case.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_server_still_answers_every_case_so() {
    let mut api = api().await;
    for case in Case::all().unwrap() {
        api.load(&case.world).await.unwrap();
        assert_eq!(
            api.verdict(&case.question).await.unwrap(),
            case.allowed,
            "{}",
            case.name
        );
    }
    api.load(&World(Vec::new())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_resources_that_are_known_are_those_that_the_api_server_serves() {
    let api = api().await;
    let known = Resources::new(&Snapshot::new(""), Origin::Live);
    let line = |known: &KnownResource| {
        let scope = if known.is_namespaced { "namespaced" } else { "cluster" };
        let subresources: BTreeSet<&str> = known.subresources.iter().map(String::as_str).collect();
        let subresources: Vec<&str> = subresources.into_iter().collect();
        format!("{} {} {scope} {}", known.group, known.resource, subresources.join(","))
    };
    let known: BTreeSet<String> = known.all().map(line).collect();
    assert_eq!(known, api.resources().await.unwrap());
}

fn policy_rule(rule: &Rule) -> PolicyRule {
    PolicyRule {
        verbs: rule.verbs.clone(),
        api_groups: rule.api_groups.clone(),
        resources: rule.resources.clone(),
        resource_names: rule.resource_names.clone(),
        non_resource_urls: rule.non_resource_urls.clone(),
    }
}

fn held(places: &[Permissions]) -> Vec<PolicyRule> {
    let all = places.iter().flat_map(|place| &place.permissions);
    all.map(|permission| policy_rule(&permission.rule)).collect()
}

/// What one list grants and the other does not.
fn missing<'a>(from: &[PolicyRule], rules: &'a [PolicyRule]) -> Vec<&'a PolicyRule> {
    rules.iter().filter(|rule| !rules::covers(from, rule)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_can_is_what_the_api_server_tells_them() {
    let mut api = api().await;
    for seed in 0..(count() / 4_000).max(1) as u64 {
        let world = World::random(&mut StdRng::seed_from_u64(1_000_000 + seed));
        api.load(&world).await.unwrap();
        let access = world.access().unwrap();
        for who in who() {
            for namespace in ["proof-a", "proof-b", BARE] {
                let mut said = api.rules(&who, namespace).await.unwrap();
                let mut ours = held(&access.what_can(&who, Some(namespace)).places);
                // It lists the paths of roles that are bound in a namespace, and grants none of them.
                if namespace != BARE {
                    said.retain(|rule| rule.non_resource_urls.is_empty());
                    ours.retain(|rule| rule.non_resource_urls.is_empty());
                }
                let none: [&PolicyRule; 0] = [];
                let place = format!("seed {seed}, {who:?} in {namespace}");
                assert_eq!(missing(&ours, &said), none, "left out: {place}");
                assert_eq!(missing(&said, &ours), none, "too much: {place}");
                assert!(ours.len() <= said.len(), "{place}");
            }
        }
    }
}

fn who() -> Vec<Identity> {
    let groups: Vec<String> = vec!["proof-dev".into()];
    let named = [
        "proof-ann",
        "proof-bob",
        "system:serviceaccount:proof-a:web",
        "system:serviceaccount:proof-b:web",
    ];
    let mut all: Vec<Identity> = named
        .iter()
        .map(|user| Identity::with_implied_groups(user, &[]))
        .collect();
    all.push(Identity::with_implied_groups("proof-ann", &groups));
    all
}

/// As several tools do, this takes `pods/*` for every subresource of pods.
fn faulty(world: &World, question: &Question) -> Option<bool> {
    let text = world.text().replace("\"pods/*\"", "\"pods/exec\"");
    verdict(
        &tests::rbac::world::index(&text, Origin::Files { defaults: true }).unwrap(),
        question,
    )
}

#[tokio::test]
async fn a_disagreement_shrinks_to_one_binding_one_role_and_one_rule() {
    let differ = async |world: &World, question: &Question| {
        verdict(&world.access().unwrap(), question) != faulty(world, question)
    };
    let mut found = None;
    let mut random = StdRng::seed_from_u64(1);
    while found.is_none() {
        let world = World::random(&mut random);
        let filled = world.filled();
        let asked: Vec<Question> = (0..300).map(|_| questions::random(&mut random, &filled)).collect();
        let (right, text) = (
            world.access().unwrap(),
            world.text().replace("\"pods/*\"", "\"pods/exec\""),
        );
        let wrong = tests::rbac::world::index(&text, Origin::Files { defaults: true }).unwrap();
        found = asked
            .into_iter()
            .filter(|question| question.subresource == "exec")
            .find(|question| verdict(&right, question) != verdict(&wrong, question))
            .map(|question| (world, question));
    }
    let (world, question) = found.unwrap();
    let (world, question) = shrink(world, question, differ).await;
    assert_eq!(world.0.len(), 2, "{}", world.text());
    let role = world.0.iter().find(|object| object.get("roleRef").is_none()).unwrap();
    let rules = role["rules"].as_array().unwrap();
    assert_eq!((rules.len(), rules[0]["resources"][0].as_str()), (1, Some("pods/*")));
    assert_eq!(
        (question.resource.as_str(), question.subresource.as_str()),
        ("pods", "exec")
    );
    let case = Case {
        name: String::new(),
        allowed: verdict(&world.access().unwrap(), &question).unwrap(),
        world,
        question,
    };
    assert!(!case.allowed && case.text().lines().count() == 5, "{}", case.text());
}
