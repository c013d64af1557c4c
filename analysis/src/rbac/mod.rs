//! Role-based access control, as `k8s.io/kubernetes` evaluates it.

pub mod access;
pub mod binding;
pub mod defaults;
pub mod escalation;
pub mod expected;
pub mod graph;
mod index;
pub mod lists;
pub mod role;
pub mod rules;

pub use access::Access;
pub use binding::Binding;
pub use index::Rbac;
pub use role::Role;
