//! Which admission plugins an API server runs, by its flags.

use super::{Instance, Judged, Rule};

/// The older flag, which lists all plugins that run.
const ONLY: &str = "--admission-control";
const ENABLED: &str = "--enable-admission-plugins";
const DISABLED: &str = "--disable-admission-plugins";

/// A plugin that must run, but does not; `by_default` says whether it runs where no flag names it.
pub fn plugin_off(server: &Instance<'_>, rule: &Rule, plugin: &str, by_default: bool) -> Judged {
    plugin_is(server, rule, plugin, by_default, true)
}

/// A plugin that must not run, but does.
pub fn plugin_on(server: &Instance<'_>, rule: &Rule, plugin: &str) -> Judged {
    plugin_is(server, rule, plugin, false, false)
}

fn plugin_is(server: &Instance<'_>, rule: &Rule, plugin: &str, by_default: bool, wanted: bool) -> Judged {
    let flag = server.flag(ONLY).map_or(rule.flag, |_| ONLY);
    let rule = Rule { flag, ..*rule };
    rule.judge(server, || Some(runs_plugin(server, plugin, by_default) == wanted))
}

/// Whether an API server runs a plugin; `by_default` says whether it does where no flag names it.
pub fn runs_plugin(server: &Instance<'_>, plugin: &str, by_default: bool) -> bool {
    let names = |flag: &str| server.list(flag).contains(&plugin);
    if server.flag(ONLY).is_some() {
        return names(ONLY);
    }
    (by_default || names(ENABLED)) && !names(DISABLED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Cluster;
    use crate::control_plane::{Component, fixture::api_server, instances};
    use crate::fixture::snapshot;

    fn is_run(flags: &[&str], by_default: bool) -> bool {
        let snapshot = snapshot(&api_server("cp1", flags));
        let cluster = Cluster::new(&snapshot, chrono::DateTime::UNIX_EPOCH);
        runs_plugin(&instances(&cluster, Component::ApiServer).instances[0], "P", by_default)
    }

    #[test]
    fn a_plugin_runs_by_default_or_where_it_is_enabled_and_never_where_it_is_disabled() {
        assert!(is_run(&[], true) && !is_run(&[], false));
        assert!(is_run(
            &["--enable-admission-plugins=Q", "--enable-admission-plugins=P"],
            false
        ));
        assert!(!is_run(
            &["--enable-admission-plugins=P", "--disable-admission-plugins=Q,P"],
            true
        ));
        assert!(is_run(&["--disable-admission-plugins=Q"], true));
    }

    #[test]
    fn the_older_flag_lists_all_that_run() {
        assert!(is_run(&["--admission-control=P,Q"], false));
        assert!(!is_run(&["--admission-control=Q"], true));
    }
}
