//! The control plane, where it runs as static pods: its components, their flags, and how checks judge these.

mod admission;
mod audit_log;
mod component;
mod distribution;
mod etcd_servers;
mod hidden;
mod instance;
mod judge;
mod values;

#[cfg(test)]
pub(crate) mod fixture;

pub use admission::{plugin_off, plugin_on, runs_plugin};
pub use audit_log::{by_release, logs_to_file};
pub use component::Component;
pub use etcd_servers::stores_in_socket;
pub use instance::{Instance, Seen, instances};
pub use judge::{Judged, Rule, all_given, judge, list, number, switch};
pub use values::{duration, switch_value};
