//! API servers without AlwaysPullImages.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_off};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-images-not-always-pulled",
    title: "Images on a node are free for every pod there",
    area: Area::Admission,
    severity: Severity::Low,
    rationale: "An image that a node has already pulled can be started by every pod there that knows its name, \
        without the credentials of its registry. AlwaysPullImages makes each pod prove that it may pull.",
    remediation: "Where tenants with private images share nodes, add AlwaysPullImages to --enable-admission-plugins \
        in /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node. The registry must then be \
        reachable for each start.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_off(server, &RULE, "AlwaysPullImages", false)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--enable-admission-plugins",
    default: "",
    risk: "AlwaysPullImages does not run, so private images on a node can be started without credentials.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn it_must_be_enabled() {
        for flags in [
            &[][..],
            &["--enable-admission-plugins=Priority"],
            &["--admission-control=Priority"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &["--enable-admission-plugins=Priority,AlwaysPullImages"][..],
            &["--admission-control=AlwaysPullImages"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
