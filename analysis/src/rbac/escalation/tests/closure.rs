//! Ways, told once, with what closes them.

use shared::escalations::{Reached, Removal, Sink, Technique};
use shared::patch::Patch;

use super::{ANN, BOSS, bound, core, everywhere, in_shop, live, report, sinks};
use crate::fixture::snapshot;
use crate::rbac::access::{Access, Origin};
use crate::rbac::escalation::Escalation;

#[test]
fn a_way_tells_each_step_with_its_objects() {
    let found = live(&format!(
        "{BOSS}{}",
        in_shop("{verbs: [create], apiGroups: [batch], resources: [jobs]}")
    ));
    let mut items = found.items.iter();
    let item = items
        .find(|item| item.subject.name == "ann" && item.sink == Sink::ClusterAdmin)
        .unwrap();
    let techniques: Vec<Technique> = item.steps.iter().map(|step| step.technique).collect();
    assert_eq!(techniques, [Technique::CreatePods, Technique::Everything]);
    assert_eq!(
        item.steps[0].sentence,
        "may create jobs.batch in shop, and so run as shop/boss"
    );
    assert_eq!(item.steps[1].sentence, "may do everything in the cluster");
    let grant = item.steps[0].needs[0].grant.as_ref().unwrap();
    assert_eq!(
        (grant.binding.to_string(), grant.role.to_string(), grant.rule),
        ("RoleBinding shop/given".into(), "Role shop/given".into(), 0)
    );
    assert!(matches!(&item.steps[1].from, Reached::Subject { subject } if subject.name == "boss"));
}

#[test]
fn the_power_of_everyone_is_told_once() {
    let everyone = bound(
        "ClusterRoleBinding",
        "{name: everyone}",
        "ClusterRole",
        "given",
        "{kind: Group, name: 'system:authenticated'}",
    );
    let secrets = everywhere(&core("list", "secrets")).replace(ANN, "{kind: User, name: bob}");
    let other = bound("RoleBinding", "{name: none, namespace: shop}", "Role", "none", ANN);
    let found = live(&format!("{BOSS}{secrets}{everyone}{other}"));
    assert_eq!(sinks(&found, "ann"), []);
    assert_eq!(sinks(&found, "system:authenticated"), [Sink::EverySecret]);
    // Who has it beside that by a binding of their own is told too.
    assert_eq!(sinks(&found, "bob"), [Sink::EverySecret]);
}

#[test]
fn masters_are_administrators_and_expected() {
    let found = live(BOSS);
    let masters: Vec<_> = found
        .items
        .iter()
        .filter(|item| item.subject.name == "system:masters")
        .collect();
    assert_eq!(masters.len(), 4);
    assert!(masters.iter().all(|item| item.expected));
}

#[test]
fn the_defaults_of_kubernetes_are_expected_and_what_is_added_to_them_is_not() {
    let files = Origin::Files { defaults: true };
    let found = report(BOSS, files);
    let unexpected = || found.items.iter().filter(|item| !item.expected);
    assert!(unexpected().all(|item| item.subject.name == "boss"));
    let controllers = found.items.iter().filter(|item| item.expected);
    assert!(
        controllers
            .filter(|item| item.subject.name.ends_with("-controller"))
            .count()
            > 5
    );
    let more = bound(
        "ClusterRoleBinding",
        "{name: more}",
        "ClusterRole",
        "all",
        "{kind: ServiceAccount, name: ttl-controller, namespace: kube-system}",
    );
    let found = report(&format!("{BOSS}{more}"), files);
    let mut added = found.items.iter().filter(|item| item.subject.name == "ttl-controller");
    assert!(added.any(|item| item.sink == Sink::ClusterAdmin && !item.expected));
}

#[test]
fn a_fix_is_a_change_that_closes_the_way() {
    let manifests = format!("{BOSS}{}", in_shop(&core("create", "pods")));
    let found = live(&manifests);
    let is_of_ann = |item: &&shared::escalations::Escalation| item.subject.name == "ann";
    let item = found.items.iter().find(is_of_ann).unwrap();
    let fix = item.fix.as_ref().unwrap();
    // Taking the binding from shop/boss closes both; taking the pods from ann only hers.
    assert!(
        matches!(&fix.removal, Removal::Subject { binding, .. } if binding.name == "boss")
            || matches!(fix.removal, Removal::Rule { .. })
    );
    assert_eq!(fix.closes, 8);
    let before = snapshot(&manifests);
    let after = crate::simulate::apply(&before, fix.patch.as_ref().unwrap()).unwrap();
    let access = Access::new(&after, Origin::Live);
    let left = Escalation::new(&after, &access);
    let all = found.items.iter().filter(|item| !item.expected).count();
    assert_eq!(
        left.report().items.iter().filter(|item| !item.expected).count(),
        all - 8
    );
}

#[test]
fn the_cut_closes_what_it_says_and_is_no_smaller_than_its_bound() {
    let direct = |name: &str| {
        let subject = format!("{{kind: User, name: {name}}}");
        bound(
            "ClusterRoleBinding",
            &format!("{{name: {name}}}"),
            "ClusterRole",
            "all",
            &subject,
        )
    };
    let manifests = format!("{BOSS}{}{}", direct("bob"), direct("eve"));
    let found = live(&manifests);
    assert_eq!((found.cut.of, found.cut.closes), (12, 12));
    assert_eq!((found.cut.fixes.len(), found.cut.lower_bound), (1, 1));
    let mut after = snapshot(&manifests);
    for fix in &found.cut.fixes {
        after = crate::simulate::apply(&after, fix.patch.as_ref().unwrap()).unwrap();
    }
    let access = Access::new(&after, Origin::Live);
    let left = Escalation::new(&after, &access).report();
    assert!(left.items.iter().all(|item| item.expected));
}

#[test]
fn a_default_of_kubernetes_is_never_what_is_to_go() {
    let edit = bound(
        "RoleBinding",
        "{name: e, namespace: kube-system}",
        "ClusterRole",
        "edit",
        ANN,
    );
    let found = report(&edit, Origin::Files { defaults: true });
    let of_ann = found.items.iter().filter(|item| item.subject.name == "ann");
    for fix in of_ann.filter_map(|item| item.fix.as_ref()) {
        assert!(
            matches!(&fix.patch, Some(Patch::Delete { target }) if target.name == "e"),
            "{fix:?}"
        );
    }
    assert!(sinks(&found, "ann").contains(&Sink::KubeSystemCode));
}

#[test]
fn what_could_not_be_read_is_said() {
    let mut unread = snapshot(BOSS);
    let denied = shared::snapshots::Collected::Denied {
        reason: "forbidden".into(),
    };
    unread.set(crate::model::Kind::Pod, denied, Vec::new());
    let access = Access::new(&unread, Origin::Live);
    let found = Escalation::new(&unread, &access).report();
    assert!(!found.complete);
    assert_eq!(found.undecided[0].resource, "pods");
    assert!(live(BOSS).complete);
}

#[test]
fn what_was_added_to_a_default_is_what_is_to_go() {
    let added = bound(
        "ClusterRoleBinding",
        "{name: cluster-admin}",
        "ClusterRole",
        "cluster-admin",
        &format!("{{kind: Group, name: 'system:masters'}}, {ANN}"),
    );
    let found = report(&added, Origin::Files { defaults: true });
    let of_ann = found.items.iter().find(|item| item.subject.name == "ann").unwrap();
    let fix = of_ann.fix.as_ref().unwrap();
    assert!(
        matches!(&fix.removal, Removal::Subject { subject, .. } if subject.name == "ann"),
        "{fix:?}"
    );
    assert_eq!(fix.closes, 4);
    assert_eq!((found.cut.closes, found.cut.fixes.len()), (4, 1));
}
