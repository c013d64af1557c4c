//! Which pods may be reached by whom.

pub mod namespace_without_default_deny;
pub mod policy_selects_nothing;
pub mod workload_selected_by_no_policy;
