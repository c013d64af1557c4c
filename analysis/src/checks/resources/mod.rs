//! Quotas and limits.

pub mod container_without_limits;
pub mod controller_manager_finished_pods_kept;
pub mod namespace_without_quota;
pub mod quota_nearly_used;
