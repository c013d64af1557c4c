//! The server under test: its real router over a real database.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, Response, header};
use chrono::{DateTime, Utc};
use serde_json::Value;
use server::api::{
    self,
    state::{AppState, SIGN_INS},
};
use server::auth::token;
use server::pipeline;
use server::stop::{self, Stopper};
use server::store::clusters;
use server::store::tokens::Maker;
use server::store::viewer::Viewer;
use server::watch::Watch;
use shared::tokens::{NewToken, Scope};
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::postgres::TestDatabase;

/// A server.
pub struct App {
    /// Its database, which goes with it.
    pub database: TestDatabase,
    /// Its routes.
    pub router: Router,
    /// What its handlers reach.
    pub state: AppState,
    /// Stops it.
    pub stopper: Stopper,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: axum::http::HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// One header.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// The instant at which the demo's last day lies in tests.
pub fn demo_end() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_513_200, 0).unwrap_or_default()
}

impl App {
    /// A server that has seen nothing yet.
    ///
    /// # Errors
    /// The database can't be made.
    pub async fn empty() -> anyhow::Result<Self> {
        let database = TestDatabase::create().await?;
        let (stopper, stop) = stop::pair();
        let state = AppState {
            db: database.pool.clone(),
            watches: Arc::new([Watch::new("demo")]),
            models: Arc::default(),
            escalations: Arc::default(),
            standings: Arc::default(),
            networks: Arc::default(),
            fixes: Arc::default(),
            frameworks: Arc::default(),
            reports: Arc::default(),
            checks: Arc::default(),
            settings: Arc::default(),
            metrics: Arc::default(),
            stop,
            public_url: None,
            sign_ins: Arc::new(Semaphore::new(SIGN_INS)),
        };
        Ok(Self {
            router: api::router(state.clone()),
            database,
            state,
            stopper,
        })
    }

    /// A server that has seen the last `days` days of the demo.
    ///
    /// # Errors
    /// The database can't be made or filled.
    pub async fn demo(days: u32) -> anyhow::Result<Self> {
        let app = Self::empty().await?;
        pipeline::seed_demo(&app.state.db, server::demo::LAST_DAY + 1 - days, demo_end(), &|_| {})
            .await
            .context("the demo can't be seeded")?;
        for cluster in clusters::list(app.db(), &Viewer::All).await? {
            app.state.watches[0].identify(cluster.id);
        }
        Ok(app)
    }

    /// The database.
    pub fn db(&self) -> &PgPool {
        &self.state.db
    }

    /// A token with these scopes.
    ///
    /// # Errors
    /// The database can't keep it.
    pub async fn token(&self, scopes: &[Scope]) -> anyhow::Result<String> {
        let new = NewToken {
            name: "test".into(),
            scopes: scopes.to_vec(),
            days: 1,
        };
        Ok(token::create(self.db(), ("test", Maker::CommandLine), &new, Utc::now())
            .await?
            .secret)
    }

    /// Sends a request.
    ///
    /// # Errors
    /// The answer can't be read.
    pub async fn send(&self, request: Request<Body>) -> anyhow::Result<Answer> {
        let response: Response<Body> = self.router.clone().oneshot(request).await?;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await?.to_vec();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    /// Gets what never ends, piece by piece.
    ///
    /// # Errors
    /// The request can't be made.
    pub async fn stream(&self, path: &str, token: &str) -> anyhow::Result<BodyDataStream> {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let response = self.router.clone().oneshot(request.body(Body::empty())?).await?;
        Ok(response.into_body().into_data_stream())
    }

    /// Gets a path with a token.
    ///
    /// # Errors
    /// The answer can't be read.
    pub async fn get(&self, path: &str, token: &str) -> anyhow::Result<Answer> {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty())?).await
    }

    /// Sends JSON with a token.
    ///
    /// # Errors
    /// The answer can't be read.
    pub async fn json(&self, method: Method, path: &str, token: &str, body: &Value) -> anyhow::Result<Answer> {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(serde_json::to_vec(body)?))?).await
    }
}
