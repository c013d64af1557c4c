//! Users, sessions, links, failed tries, tokens.

use chrono::{DateTime, TimeDelta, Utc};
use server::store::tokens::Maker;
use server::store::{StoreError, audit, session, tokens, users};
use shared::audit::{Act, AuditQuery};
use shared::tokens::{NewToken, Scope};
use sqlx::PgPool;
use tests::history::hour;
use tests::postgres::TestDatabase;

async fn add(db: &PgPool, name: &str, admin: bool, link: &[u8]) {
    users::add(db, "command line", name, admin, link, hour(0), hour(24))
        .await
        .unwrap();
}

fn second(second: i64) -> DateTime<Utc> {
    hour(0) + TimeDelta::seconds(second)
}

#[tokio::test]
async fn a_link_works_once_and_in_time() {
    let db = TestDatabase::create().await.unwrap().pool;
    add(&db, "ada", true, b"first").await;
    add(&db, "ada", false, b"second").await;
    assert_eq!(
        users::use_link(&db, b"first", hour(1)).await.unwrap(),
        None,
        "a newer link voids the older"
    );
    assert_eq!(
        users::use_link(&db, b"second", hour(24)).await.unwrap(),
        None,
        "it has expired"
    );
    let uses = tokio::join!(
        users::use_link(&db, b"second", hour(1)),
        users::use_link(&db, b"second", hour(1))
    );
    let mut uses = [uses.0.unwrap(), uses.1.unwrap()];
    uses.sort();
    assert_eq!(uses, [None, Some("ada".to_owned())]);
    let ada = users::get(&db, "ada").await.unwrap();
    assert_eq!((ada.admin, ada.last_sign_in), (true, Some(hour(1))));
}

#[tokio::test]
async fn a_session_lasts_until_it_ends() {
    let db = TestDatabase::create().await.unwrap().pool;
    add(&db, "ada", true, b"link").await;
    for cookie in [b"one", b"two"] {
        session::create(&db, "ada", cookie, hour(0), hour(12)).await.unwrap();
    }
    let who = session::authenticate(&db, b"one", hour(1)).await.unwrap().unwrap();
    assert_eq!((who.user.as_str(), who.admin, who.needs_password), ("ada", true, true));
    assert_eq!(session::authenticate(&db, b"one", hour(12)).await.unwrap(), None);
    users::set_password(&db, "ada", "$argon2id$", b"one", hour(1))
        .await
        .unwrap();
    assert!(
        !session::authenticate(&db, b"one", hour(1))
            .await
            .unwrap()
            .unwrap()
            .needs_password
    );
    assert_eq!(
        session::authenticate(&db, b"two", hour(1)).await.unwrap(),
        None,
        "a new password ends the others"
    );
    session::end(&db, b"one").await.unwrap();
    assert_eq!(session::authenticate(&db, b"one", hour(1)).await.unwrap(), None);
}

#[tokio::test]
async fn a_link_voids_a_lost_password() {
    let db = TestDatabase::create().await.unwrap().pool;
    add(&db, "ada", true, b"one").await;
    users::set_password(&db, "ada", "$argon2id$", b"", hour(0))
        .await
        .unwrap();
    add(&db, "ada", false, b"two").await;
    assert!(
        users::password_hash(&db, "ada").await.unwrap().is_some(),
        "making a link changes nothing yet"
    );
    users::use_link(&db, b"two", hour(1)).await.unwrap();
    assert_eq!(users::password_hash(&db, "ada").await.unwrap(), None);
}

#[tokio::test]
async fn failed_tries_slow_down_the_next() {
    let db = TestDatabase::create().await.unwrap().pool;
    let wait = async |at| users::sign_in_wait(&db, "ada", second(at)).await.unwrap();
    for _ in 0..4 {
        users::sign_in_failed(&db, "ada", second(0)).await.unwrap();
    }
    assert_eq!(wait(0).await, None);
    users::sign_in_failed(&db, "ada", second(0)).await.unwrap();
    assert_eq!((wait(0).await, wait(1).await, wait(2).await), (Some(3), Some(2), None));
    for _ in 0..60 {
        users::sign_in_failed(&db, "ada", second(0)).await.unwrap();
    }
    assert_eq!(wait(0).await, Some(301));
    assert_eq!(wait(1800).await, None, "it is forgotten");
    add(&db, "ada", false, b"link").await;
    users::signed_in(&db, "ada", second(1)).await.unwrap();
    assert_eq!(wait(1).await, None);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let db = TestDatabase::create().await.unwrap().pool;
    for (name, admin) in [("ada", true), ("bob", true), ("eve", false)] {
        add(&db, name, admin, name.as_bytes()).await;
    }
    let both = tokio::join!(
        users::remove(&db, "bob", "ada", hour(1)),
        users::remove(&db, "ada", "bob", hour(1))
    );
    let refused = [both.0, both.1]
        .into_iter()
        .filter(|result| matches!(result, Err(StoreError::Conflict(_))))
        .count();
    assert_eq!(refused, 1);
    users::remove(&db, "ada", "eve", hour(1)).await.unwrap();
    assert!(matches!(
        users::remove(&db, "ada", "eve", hour(1)).await,
        Err(StoreError::NotFound(_))
    ));
    assert_eq!(users::list(&db).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_works_until_it_is_revoked_or_its_maker_goes() {
    let db = TestDatabase::create().await.unwrap().pool;
    for name in ["ada", "bob"] {
        add(&db, name, true, name.as_bytes()).await;
    }
    let new = token("ci", &[Scope::Ingest, Scope::Read, Scope::Read]);
    let token = tokens::create(&db, ("ada", Maker::User("ada")), &new, b"hash", hour(0), hour(24))
        .await
        .unwrap();
    assert_eq!(token.scopes, [Scope::Ingest, Scope::Read]);
    let used = async |at| tokens::authenticate(&db, b"hash", at).await.unwrap();
    assert!(used(hour(1)).await.is_some() && used(hour(24)).await.is_none() && used(hour(2)).await.is_some());
    used(hour(2) + TimeDelta::minutes(59)).await;
    assert_eq!(
        tokens::list(&db).await.unwrap()[0].last_used_at,
        Some(hour(2)),
        "its use is kept to the hour"
    );
    tokens::revoke(&db, "bob", token.id, hour(3)).await.unwrap();
    assert!(used(hour(3)).await.is_none());
    assert!(matches!(
        tokens::revoke(&db, "bob", token.id, hour(3)).await,
        Err(StoreError::NotFound(_))
    ));

    tokens::create(&db, ("ada", Maker::User("ada")), &new, b"hash", hour(0), hour(24))
        .await
        .unwrap();
    users::remove(&db, "bob", "ada", hour(3)).await.unwrap();
    assert!(used(hour(3)).await.is_none());
    let acts: Vec<_> = acts(&db, 4)
        .await
        .into_iter()
        .map(|act| (act.actor, act.action))
        .collect();
    let expected = [
        ("bob", "user removed"),
        ("bob", "token revoked"),
        ("ada", "token created"),
        ("bob", "token revoked"),
    ];
    assert_eq!(
        acts,
        expected.map(|(actor, action)| (actor.to_owned(), action.to_owned()))
    );
}

fn token(name: &str, scopes: &[Scope]) -> NewToken {
    NewToken {
        name: name.into(),
        scopes: scopes.to_vec(),
        days: 1,
    }
}

/// Makes a token that is called as its secret hashes to, and tells its id.
async fn make(db: &PgPool, maker: Maker<'_>, name: &str, until: DateTime<Utc>) -> Result<i64, StoreError> {
    let new = token(name, &[Scope::Admin]);
    let made = tokens::create(db, ("somebody", maker), &new, name.as_bytes(), hour(0), until);
    Ok(made.await?.id)
}

/// The names of all tokens, in the order in which they were made.
async fn names(db: &PgPool) -> Vec<String> {
    let tokens = tokens::list(db).await.unwrap();
    tokens.into_iter().rev().map(|token| token.name).collect()
}

#[tokio::test]
async fn a_revoked_token_takes_along_what_was_made_with_it() {
    let db = TestDatabase::create().await.unwrap().pool;
    let first = make(&db, Maker::CommandLine, "first", hour(24)).await.unwrap();
    let second = make(&db, Maker::Token(first), "second", hour(24)).await.unwrap();
    make(&db, Maker::Token(second), "third", hour(24)).await.unwrap();
    make(&db, Maker::CommandLine, "other", hour(24)).await.unwrap();
    assert_eq!(tokens::revoke(&db, "ada", first, hour(1)).await.unwrap(), 2);
    assert_eq!(names(&db).await, ["other"]);
    assert_eq!(tokens::authenticate(&db, b"third", hour(1)).await.unwrap(), None);
    let acts = acts(&db, 3).await;
    assert!(acts.iter().all(|act| act.action == "token revoked"), "{acts:?}");
    let refused = make(&db, Maker::Token(first), "late", hour(24)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn a_removed_user_takes_along_what_was_made_with_their_tokens() {
    let db = TestDatabase::create().await.unwrap().pool;
    for name in ["ada", "bob"] {
        add(&db, name, true, name.as_bytes()).await;
    }
    let own = make(&db, Maker::User("ada"), "own", hour(24)).await.unwrap();
    make(&db, Maker::Token(own), "made", hour(24)).await.unwrap();
    make(&db, Maker::User("bob"), "other", hour(24)).await.unwrap();
    users::remove(&db, "bob", "ada", hour(1)).await.unwrap();
    assert_eq!(names(&db).await, ["other"]);
    let refused = make(&db, Maker::User("ada"), "late", hour(24)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

#[tokio::test]
async fn no_token_outlasts_the_one_that_it_was_made_with() {
    let db = TestDatabase::create().await.unwrap().pool;
    let first = make(&db, Maker::CommandLine, "first", hour(24)).await.unwrap();
    for (name, until) in [("shorter", hour(12)), ("longer", hour(48))] {
        make(&db, Maker::Token(first), name, until).await.unwrap();
    }
    let ends: Vec<_> = tokens::list(&db)
        .await
        .unwrap()
        .into_iter()
        .map(|token| token.expires_at)
        .collect();
    assert_eq!(ends, [hour(24), hour(12), hour(24)], "the newest first");
}

/// The last acts, newest first.
async fn acts(db: &PgPool, limit: u32) -> Vec<Act> {
    let query = AuditQuery {
        limit: Some(limit),
        cursor: None,
    };
    audit::list(db, &query).await.unwrap().items
}
