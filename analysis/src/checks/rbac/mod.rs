//! Who may do what.

pub mod cluster_admin_bound;
pub mod dangling_role_reference;
pub mod wildcard_rule;
