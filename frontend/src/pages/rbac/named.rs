//! The subject or role that an address names.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::rbac::Named;
use crate::components::object::short_name;

/// What the address names; followed by whatever reads it.
pub(super) fn use_named() -> impl Fn() -> Named + Copy + Send + Sync {
    let params = use_params_map();
    move || {
        let param = |name: &str| params.with(|params| params.get_str(name).unwrap_or_default().to_owned());
        Named {
            kind: param("kind"),
            namespace: param("namespace"),
            name: param("name"),
        }
    }
}

/// `shop/web`; the name alone for what stands in no namespace.
pub(super) fn title(named: &Named) -> String {
    match named.namespace.as_str() {
        "-" => named.name.clone(),
        namespace => short_name(namespace, &named.name),
    }
}
