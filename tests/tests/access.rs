//! Nobody in without a credential, and no one further than theirs reaches.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

use axum::body::Body;
use axum::http::{Method, Request, header};
use chrono::Utc;
use serde_json::json;
use server::auth::link;
use shared::tokens::Scope;
use tests::app::{Answer, App};

/// Every path and method that the description lists, with parameters filled in.
fn operations() -> Vec<(String, String)> {
    let description = serde_json::to_value(server::api::description()).unwrap();
    let mut found = Vec::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        let path = path
            .replace("{id}", "1")
            .replace("{kind}", "Deployment")
            .replace("{namespace}", "n");
        let path = path.replace("{name}", "x");
        for method in operations.as_object().unwrap().keys() {
            found.push((method.to_uppercase(), path.clone()));
        }
    }
    found
}

async fn send(app: &App, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::from(body.to_owned())).unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn every_route_refuses_without_a_credential() {
    let app = App::empty().await.unwrap();
    let operations = operations();
    assert!(operations.len() > 15, "{operations:?}");
    for (method, path) in operations
        .into_iter()
        .filter(|(method, path)| (method.as_str(), path.as_str()) != ("POST", "/api/v1/session"))
    {
        for credential in [None, Some("Bearer nonsense"), Some("Basic YTpi")] {
            let headers: Vec<_> = credential.iter().map(|value| ("authorization", *value)).collect();
            let answer = send(&app, &method, &path, &headers, "{}").await;
            assert_eq!(answer.status, 401, "{method} {path} with {credential:?}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["type"], "/problems/unauthenticated");
            assert_ne!(answer.json()["instance"], serde_json::Value::Null);
        }
    }
    assert_eq!(send(&app, "GET", "/metrics", &[], "").await.status, 401);
    assert_eq!(send(&app, "GET", "/healthz", &[], "").await.status, 200);
    assert_eq!(send(&app, "GET", "/readyz", &[], "").await.status, 200);
}

#[tokio::test]
async fn a_reading_token_changes_nothing() {
    let app = App::empty().await.unwrap();
    let token = format!("Bearer {}", app.token(&[Scope::Read]).await.unwrap());
    let user = json!({"name": "eve", "admin": true}).to_string();
    for (method, path, body) in [
        ("POST", "/api/v1/users", user.as_str()),
        ("POST", "/api/v1/snapshots", ""),
        ("GET", "/api/v1/tokens", ""),
        ("GET", "/api/v1/audit", ""),
    ] {
        let answer = send(&app, method, path, &[("authorization", &token)], body).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn a_revoked_token_ends_at_once() {
    let app = App::empty().await.unwrap();
    let admin = app.token(&[Scope::Admin]).await.unwrap();
    assert_eq!(app.get("/api/v1/tokens", &admin).await.unwrap().status, 200);
    let id = app.get("/api/v1/tokens", &admin).await.unwrap().json()[0]["id"].clone();
    let answer = app
        .json(Method::DELETE, &format!("/api/v1/tokens/{id}"), &admin, &json!({}))
        .await
        .unwrap();
    assert_eq!(answer.status, 204);
    assert_eq!(app.get("/api/v1/tokens", &admin).await.unwrap().status, 401);
}

#[tokio::test]
async fn what_administrators_did_is_read_page_by_page() {
    let app = App::empty().await.unwrap();
    let admin = app.token(&[Scope::Admin]).await.unwrap();
    for name in ["ann", "bob"] {
        let body = json!({"name": name});
        assert_eq!(
            app.json(Method::POST, "/api/v1/users", &admin, &body)
                .await
                .unwrap()
                .status,
            201
        );
    }
    let first = app.get("/api/v1/audit?limit=2", &admin).await.unwrap().json();
    let acts = first["items"].as_array().unwrap();
    let told = acts
        .iter()
        .map(|act| (act["actor"].as_str().unwrap(), act["subject"].as_str().unwrap()));
    assert_eq!(told.collect::<Vec<_>>(), [("token test", "bob"), ("token test", "ann")]);
    assert_eq!(first["total"], 3);
    let path = format!("/api/v1/audit?limit=2&cursor={}", first["next"].as_str().unwrap());
    let rest = app.get(&path, &admin).await.unwrap().json();
    assert_eq!(
        (&rest["items"][0]["action"], &rest["next"]),
        (&json!("token created"), &json!(null))
    );
    assert_eq!(app.get("/api/v1/audit?cursor=x", &admin).await.unwrap().status, 400);
}

#[tokio::test]
async fn a_token_made_with_a_token_ends_with_it() {
    let app = App::empty().await.unwrap();
    let admin = app.token(&[Scope::Admin]).await.unwrap();
    let new = json!({"name": "made", "scopes": ["read"], "days": 366});
    let made = app
        .json(Method::POST, "/api/v1/tokens", &admin, &new)
        .await
        .unwrap()
        .json();
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(app.get("/api/v1/overview", secret).await.unwrap().status, 200);
    let tokens = app.get("/api/v1/tokens", &admin).await.unwrap().json();
    assert_eq!(tokens[0]["expiresAt"], tokens[1]["expiresAt"], "{tokens}");
    let path = format!("/api/v1/tokens/{}", tokens[1]["id"]);
    assert_eq!(
        app.json(Method::DELETE, &path, &admin, &json!({}))
            .await
            .unwrap()
            .status,
        204
    );
    assert_eq!(app.get("/api/v1/overview", secret).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_sign_in_link_works_once_and_its_session_asks_for_a_password() {
    let app = App::empty().await.unwrap();
    let path = link::add_user(app.db(), "test", "ann", true, Utc::now()).await.unwrap();
    let body = json!({"with": "link", "secret": path.split('#').nth(1).unwrap()}).to_string();
    let first = send(&app, "POST", "/api/v1/session", &[], &body).await;
    assert_eq!((first.status, &first.json()["needsPassword"]), (200, &json!(true)));
    let cookie = first.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    assert_eq!(send(&app, "POST", "/api/v1/session", &[], &body).await.status, 401);
}

#[tokio::test]
async fn another_sites_page_can_neither_sign_in_nor_change_anything() {
    let app = App::empty().await.unwrap();
    let path = link::add_user(app.db(), "test", "ann", true, Utc::now()).await.unwrap();
    let body = json!({"with": "link", "secret": path.split('#').nth(1).unwrap()}).to_string();
    let answer = send(
        &app,
        "POST",
        "/api/v1/session",
        &[("origin", "https://evil.example"), ("host", "plimsoll")],
        &body,
    )
    .await;
    assert_eq!(answer.status, 403);
    let signed_in = send(&app, "POST", "/api/v1/session", &[], &body).await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    assert_eq!(send(&app, "DELETE", "/api/v1/session", &headers, "").await.status, 403);
    assert_eq!(send(&app, "GET", "/api/v1/session", &headers, "").await.status, 200);
}

#[tokio::test]
async fn guessing_passwords_is_slowed_down_for_users_that_exist_and_for_others_alike() {
    let app = App::empty().await.unwrap();
    link::add_user(app.db(), "test", "ann", true, Utc::now()).await.unwrap();
    for user in ["ann", "nobody"] {
        let body = json!({"with": "password", "user": user, "password": "wrong password"}).to_string();
        let mut statuses = Vec::new();
        for _ in 0..8 {
            statuses.push(send(&app, "POST", "/api/v1/session", &[], &body).await.status);
        }
        assert_eq!(statuses[0], 401, "{user}");
        assert_eq!(statuses[7], 429, "{user}: {statuses:?}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = App::empty().await.unwrap();
    for path in ["/healthz", "/api/v1/session", "/", "/api/docs", "/nowhere"] {
        let answer = send(&app, "GET", path, &[], "").await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_ne!(answer.header("x-request-id"), "", "{path}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let app = App::empty().await.unwrap();
    let answer = send(&app, "POST", "/api/v1/session", &[], &"x".repeat(100_000)).await;
    assert_eq!(answer.status, 413);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}
