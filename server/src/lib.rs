//! The server.

pub mod api;
pub mod auth;
pub mod cli;
pub mod collect;
pub mod database;
pub mod demo;
pub mod logging;
pub mod pipeline;
pub mod report;
pub mod store;
pub mod watch;
