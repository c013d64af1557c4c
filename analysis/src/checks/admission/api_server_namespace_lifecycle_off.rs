//! API servers that do not run NamespaceLifecycle.

use shared::verdict::{Area, Severity};

use crate::check::{Check, Judge, Need};
use crate::control_plane::{Component, Rule, judge, plugin_off};
use crate::model::Kind;

/// See its fields.
pub static CHECK: Check = Check {
    id: "api-server-namespace-lifecycle-off",
    title: "Objects can be made in namespaces that end or do not exist",
    area: Area::Admission,
    severity: Severity::Medium,
    rationale: "NamespaceLifecycle refuses objects in namespaces that don't exist or are being deleted, and keeps \
        default, kube-system and kube-public from being deleted. Without it objects outlive their namespace, out of \
        everybody's sight.",
    remediation: "Remove NamespaceLifecycle from --disable-admission-plugins in \
        /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node.",
    reads: &[Need::Read(Kind::Pod)],
    judge: Judge::Cluster(|cluster| {
        judge(cluster, Component::ApiServer, |server| {
            plugin_off(server, &RULE, "NamespaceLifecycle", true)
        })
    }),
};

static RULE: Rule = Rule {
    check: &CHECK,
    flag: "--disable-admission-plugins",
    default: "",
    risk: "NamespaceLifecycle does not run, so system namespaces can be deleted and objects made where no namespace \
        is.",
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::control_plane::fixture::{fails, passes};

    #[test]
    fn only_disabling_it_fails() {
        for flags in [
            &["--disable-admission-plugins=NamespaceLifecycle"][..],
            &["--admission-control=NodeRestriction"],
        ] {
            assert!(fails(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
        for flags in [
            &[][..],
            &["--disable-admission-plugins=Priority"],
            &["--admission-control=NamespaceLifecycle"],
        ] {
            assert!(passes(&CHECK, "kube-apiserver", flags), "{flags:?}");
        }
    }
}
