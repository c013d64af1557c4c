//! Role-based access control, as `k8s.io/kubernetes` evaluates it.

pub mod binding;
pub mod defaults;
mod index;
pub mod role;
pub mod rules;

pub use binding::Binding;
pub use index::Rbac;
pub use role::Role;
