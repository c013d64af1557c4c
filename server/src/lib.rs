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
pub mod stop;
pub mod store;
pub mod watch;

/// A snapshot is a million small strings: this allocator holds and frees them in less time and memory than the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
