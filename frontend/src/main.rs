//! Plimsoll's page: client-side Leptos, whose state is its address.
//!
//! `app` lists the pages, `chunks` says which of them are loaded when they are needed, `shell` is the frame around them, `components` are the parts they are made of,
//! `api` is how they ask the server, and `here` is where the reader stands: path, cluster, instant, filters.

#![allow(unreachable_pub, reason = "leptos' component macro writes public items")]

mod api;
mod app;
mod chart;
mod chunks;
mod components;
mod dom;
mod format;
mod here;
mod lazy;
mod pages;
mod prefs;
mod shell;
mod yaml;

fn main() {
    console_error_panic_hook::set_once();
    app::start();
}
