//! Which page lies in which chunk of WebAssembly. A chunk is loaded when one of its pages is entered for the first time.
//!
//! What several chunks need and the first module doesn't becomes a chunk of its own: many small groups make many of those.

use leptos::prelude::AnyView;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::pages;

/// Draws a page.
pub(crate) type Page = fn() -> AnyView;

/// A page, once its chunk is loaded.
pub(crate) type Loaded = Result<Page, Unloadable>;

/// A chunk could not be loaded: the server is out of reach, or was upgraded and has other ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unloadable;

impl From<SplitLoaderError> for Unloadable {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// The way in.
#[wasm_split(admission, fallible)]
pub(crate) fn admission() -> Loaded {
    Ok(pages::admission::page)
}

/// The certificates.
#[wasm_split(admission, fallible)]
pub(crate) fn certificates() -> Loaded {
    Ok(pages::certificates::page)
}

/// The findings.
#[wasm_split(findings, fallible)]
pub(crate) fn findings() -> Loaded {
    Ok(pages::findings::page)
}

/// All checks.
#[wasm_split(findings, fallible)]
pub(crate) fn checks() -> Loaded {
    Ok(pages::checks::page)
}

/// One check.
#[wasm_split(findings, fallible)]
pub(crate) fn check() -> Loaded {
    Ok(pages::check::page)
}

/// The question of access.
#[wasm_split(access, fallible)]
pub(crate) fn access() -> Loaded {
    Ok(pages::rbac::page)
}

/// How access changed.
#[wasm_split(access, fallible)]
pub(crate) fn access_changes() -> Loaded {
    Ok(pages::rbac::changes::page)
}

/// How anyone could become administrator.
#[wasm_split(access, fallible)]
pub(crate) fn escalations() -> Loaded {
    Ok(pages::rbac::escalations::page)
}

/// One subject.
#[wasm_split(access, fallible)]
pub(crate) fn subject() -> Loaded {
    Ok(pages::rbac::subject::page)
}

/// One role.
#[wasm_split(access, fallible)]
pub(crate) fn role() -> Loaded {
    Ok(pages::rbac::role::page)
}

/// All workloads.
#[wasm_split(findings, fallible)]
pub(crate) fn workloads() -> Loaded {
    Ok(pages::workloads::page)
}

/// One workload.
#[wasm_split(findings, fallible)]
pub(crate) fn workload() -> Loaded {
    Ok(pages::workload::page)
}

/// All namespaces.
#[wasm_split(namespaces, fallible)]
pub(crate) fn namespaces() -> Loaded {
    Ok(pages::namespaces::page)
}

/// One namespace.
#[wasm_split(namespaces, fallible)]
pub(crate) fn namespace() -> Loaded {
    Ok(pages::namespace::page)
}

/// Quotas and capacity.
#[wasm_split(namespaces, fallible)]
pub(crate) fn quotas() -> Loaded {
    Ok(pages::quotas::page)
}

/// What may connect to what.
#[wasm_split(network, fallible)]
pub(crate) fn network() -> Loaded {
    Ok(pages::network::page)
}

/// What policies would change.
#[wasm_split(what_if, fallible)]
pub(crate) fn what_if() -> Loaded {
    Ok(pages::network::what_if::page)
}

/// Frameworks and their controls.
#[wasm_split(compliance, fallible)]
pub(crate) fn compliance() -> Loaded {
    Ok(pages::compliance::page)
}

/// One control.
#[wasm_split(compliance, fallible)]
pub(crate) fn control() -> Loaded {
    Ok(pages::compliance::control::page)
}

/// All snapshots.
#[wasm_split(settings, fallible)]
pub(crate) fn snapshots() -> Loaded {
    Ok(pages::snapshots::page)
}

/// One snapshot.
#[wasm_split(settings, fallible)]
pub(crate) fn snapshot() -> Loaded {
    Ok(pages::snapshot::page)
}

/// The settings.
#[wasm_split(settings, fallible)]
pub(crate) fn settings() -> Loaded {
    Ok(pages::settings::page)
}
