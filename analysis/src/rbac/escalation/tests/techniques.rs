//! Each technique fires, and what comes near it does not.

use shared::escalations::Sink;

use super::{ANN, BOSS, BOSS_POD, bound, core, everywhere, in_shop, live, named, of, rbac, sinks};

/// Whether ann becomes administrator, and does not without each of the near misses.
fn becomes_admin(manifests: &str) -> bool {
    sinks(&live(&format!("{BOSS}{manifests}")), "ann").contains(&Sink::ClusterAdmin)
}

fn reaches(manifests: &str, sink: Sink) -> bool {
    sinks(&live(&format!("{BOSS}{manifests}")), "ann").contains(&sink)
}

#[test]
fn everything_is_administration_in_the_whole_cluster_only() {
    let all = "{verbs: ['*'], apiGroups: ['*'], resources: ['*']}";
    assert!(becomes_admin(&everywhere(all)));
    assert!(!becomes_admin(&everywhere(
        "{verbs: ['*'], apiGroups: ['*'], resources: [x]}"
    )));
    let in_tools = in_shop(all).replace("namespace: shop", "namespace: tools");
    assert!(!becomes_admin(&in_tools));
}

#[test]
fn secrets_are_all_read_where_a_rule_has_no_names_and_holds_everywhere() {
    let read = core("list", "secrets");
    assert!(reaches(&everywhere(&read), Sink::EverySecret));
    assert!(!reaches(&everywhere(&named(&read, "x")), Sink::EverySecret));
    assert!(!reaches(&in_shop(&read), Sink::EverySecret));
    assert!(!reaches(&everywhere(&core("delete", "secrets")), Sink::EverySecret));
}

const TOKEN: &str = "
apiVersion: v1
kind: Secret
metadata: {name: tok, namespace: shop, annotations: {kubernetes.io/service-account.name: boss}}
type: kubernetes.io/service-account-token
---
";

#[test]
fn the_token_in_a_secret_is_its_service_account() {
    let read = core("get", "secrets");
    assert!(becomes_admin(&(TOKEN.to_owned() + &in_shop(&read))));
    assert!(becomes_admin(&(TOKEN.to_owned() + &in_shop(&named(&read, "tok")))));
    assert!(!becomes_admin(&(TOKEN.to_owned() + &in_shop(&named(&read, "other")))));
    assert!(!becomes_admin(&in_shop(&read)));
    let opaque = TOKEN.replace("kubernetes.io/service-account-token", "Opaque");
    assert!(!becomes_admin(&(opaque + &in_shop(&read))));
}

#[test]
fn a_token_secret_is_made_and_read() {
    assert!(becomes_admin(&in_shop(&core("create, get", "secrets"))));
    assert!(!becomes_admin(&in_shop(&core("create", "secrets"))));
    let free = format!(
        "{}, {}",
        core("create", "secrets"),
        named(&core("get", "secrets"), "free")
    );
    assert!(becomes_admin(&in_shop(&free)));
}

#[test]
fn a_token_is_asked_for() {
    let token = core("create", "serviceaccounts/token");
    assert!(becomes_admin(&in_shop(&token)));
    assert!(becomes_admin(&in_shop(&named(&token, "boss"))));
    assert!(!becomes_admin(&in_shop(&named(&token, "other"))));
    assert!(!becomes_admin(&in_shop(&core(
        "create",
        "serviceaccounts, 'serviceaccounts/*'"
    ))));
    assert!(!becomes_admin(
        &in_shop(&token).replace("namespace: shop", "namespace: tools")
    ));
}

#[test]
fn every_kind_that_runs_pods_is_a_way_into_its_namespace() {
    for (group, kinds) in [
        ("''", vec!["pods", "replicationcontrollers"]),
        ("apps", vec!["deployments", "daemonsets", "statefulsets", "replicasets"]),
        ("batch", vec!["jobs", "cronjobs"]),
    ] {
        for kind in kinds {
            assert!(becomes_admin(&in_shop(&of(group, "create", kind))), "{kind}");
        }
    }
    assert!(!becomes_admin(&in_shop(&of("apps", "create", "pods"))));
    assert!(!becomes_admin(&in_shop(&named(&core("create", "pods"), "x"))));
    assert!(!becomes_admin(&in_shop(&core("create", "'pods/*', pods/log"))));
}

#[test]
fn a_workload_is_changed_where_one_is_there() {
    let workload = |kind: &str, api: &str| {
        format!(
            "apiVersion: {api}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec: {{template: {{spec: {{}}}}}}\n---\n"
        )
    };
    let deployment = workload("Deployment", "apps/v1");
    let patch = of("apps", "patch", "deployments");
    assert!(becomes_admin(&(deployment.clone() + &in_shop(&patch))));
    assert!(becomes_admin(&(deployment.clone() + &in_shop(&named(&patch, "web")))));
    assert!(!becomes_admin(&(deployment + &in_shop(&named(&patch, "other")))));
    assert!(!becomes_admin(&in_shop(&patch)));
    // The template of a job can't be changed.
    let job = workload("Job", "batch/v1");
    assert!(!becomes_admin(&(job + &in_shop(&of("batch", "patch", "jobs")))));
}

#[test]
fn pods_are_entered_where_one_is_there() {
    for rule in [
        core("create", "pods/exec"),
        core("create", "pods/attach"),
        core("patch", "pods"),
        core("patch", "pods/ephemeralcontainers"),
        named(&core("create", "pods/exec"), "runs"),
        core("create", "'*/exec'"),
    ] {
        assert!(becomes_admin(&(BOSS_POD.to_owned() + &in_shop(&rule))), "{rule}");
        assert!(!becomes_admin(&in_shop(&rule)), "{rule}");
    }
    for rule in [
        core("create", "'pods/*'"),
        core("get", "pods/exec"),
        core("create", "pods/portforward"),
        named(&core("create", "pods/exec"), "other"),
    ] {
        assert!(!becomes_admin(&(BOSS_POD.to_owned() + &in_shop(&rule))), "{rule}");
    }
}

#[test]
fn a_pod_without_a_token_is_no_identity() {
    let quiet = BOSS_POD.replace(
        "serviceAccountName",
        "automountServiceAccountToken: false, serviceAccountName",
    );
    assert!(!becomes_admin(&(quiet + &in_shop(&core("create", "pods/exec")))));
}

#[test]
fn service_accounts_users_and_groups_are_impersonated() {
    let accounts = core("impersonate", "serviceaccounts");
    assert!(becomes_admin(&in_shop(&accounts)));
    assert!(becomes_admin(&everywhere(&named(&accounts, "boss"))));
    assert!(!becomes_admin(
        &in_shop(&accounts).replace("namespace: shop", "namespace: tools")
    ));
    // A service account is not impersonated as a user of its name.
    assert!(!becomes_admin(&everywhere(&core("impersonate", "users"))));
    let chief = bound(
        "ClusterRoleBinding",
        "{name: chief}",
        "ClusterRole",
        "all",
        "{kind: User, name: chief}",
    );
    assert!(becomes_admin(
        &(chief.clone() + &everywhere(&core("impersonate", "users")))
    ));
    assert!(becomes_admin(
        &(chief.clone() + &everywhere(&named(&core("impersonate", "users"), "chief")))
    ));
    // Users stand in no namespace.
    assert!(!becomes_admin(&(chief + &in_shop(&core("impersonate", "users")))));
}

#[test]
fn groups_are_impersonated_beside_a_user() {
    assert!(becomes_admin(&everywhere(&core("impersonate", "users, groups"))));
    assert!(!becomes_admin(&everywhere(&core("impersonate", "groups"))));
    let masters = named(&core("impersonate", "groups"), "system:masters");
    let user = named(&core("impersonate", "users"), "anybody");
    assert!(becomes_admin(&everywhere(&format!("{masters}, {user}"))));
    let others = named(&core("impersonate", "groups"), "other");
    assert!(!becomes_admin(&everywhere(&format!("{others}, {user}"))));
    assert!(!becomes_admin(&everywhere(&of(
        "authentication.k8s.io",
        "impersonate",
        "uids, userextras/x"
    ))));
}

#[test]
fn a_role_is_bound_by_who_may_bind_it() {
    let both = |resource: &str| format!("{}, {}", rbac("create", resource), rbac("bind", "clusterroles"));
    assert!(becomes_admin(&everywhere(&both("clusterrolebindings"))));
    assert!(!becomes_admin(&everywhere(&rbac("create", "clusterrolebindings"))));
    assert!(!becomes_admin(&everywhere(&rbac("bind", "clusterroles"))));
    // Bindings of the cluster are not written by who may write them in a namespace.
    assert!(!becomes_admin(
        &in_shop(&both("clusterrolebindings")).replace("namespace: shop", "namespace: tools")
    ));
    // Everything in shop is its service accounts.
    assert!(becomes_admin(&in_shop(&both("rolebindings"))));
    let harmless = format!(
        "{}, {}",
        rbac("create", "clusterrolebindings"),
        named(&rbac("bind", "clusterroles"), "given")
    );
    assert!(!becomes_admin(&everywhere(&harmless)));
}

#[test]
fn the_halves_of_a_binding_come_from_different_bindings_of_one_identity() {
    let half = |name: &str, rule: &str, subject: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}}}\nrules: [{rule}]\n---\n{}",
            bound(
                "ClusterRoleBinding",
                &format!("{{name: {name}}}"),
                "ClusterRole",
                name,
                subject
            )
        )
    };
    let write = half("write", &rbac("create", "clusterrolebindings"), ANN);
    let bind = |subject: &str| half("bind", &rbac("bind", "clusterroles"), subject);
    assert!(becomes_admin(&(write.clone() + &bind(ANN))));
    assert!(becomes_admin(
        &(write.clone() + &bind("{kind: Group, name: 'system:authenticated'}"))
    ));
    assert!(!becomes_admin(&(write.clone() + &bind("{kind: User, name: bob}"))));
    // Nor by whom ann can act as: no request is made by two.
    let act = half("act", &named(&core("impersonate", "users"), "bob"), ANN);
    assert!(!becomes_admin(&(write + &bind("{kind: User, name: bob}") + &act)));
}

#[test]
fn a_subject_is_added_to_a_binding_whose_role_may_be_bound() {
    let change = named(&rbac("patch", "clusterrolebindings"), "boss");
    let bind = named(&rbac("bind", "clusterroles"), "all");
    assert!(becomes_admin(&everywhere(&format!("{change}, {bind}"))));
    let elsewhere = named(&rbac("patch", "clusterrolebindings"), "given");
    assert!(!becomes_admin(&everywhere(&format!("{elsewhere}, {bind}"))));
    assert!(!becomes_admin(&everywhere(&change)));
}

#[test]
fn a_role_is_rewritten_by_who_may_escalate_and_has_it() {
    let both = format!(
        "{}, {}",
        rbac("update", "clusterroles"),
        rbac("escalate", "clusterroles")
    );
    assert!(becomes_admin(&everywhere(&both)));
    assert!(becomes_admin(&everywhere(&named(
        &rbac("update, escalate", "clusterroles"),
        "given"
    ))));
    assert!(!becomes_admin(&everywhere(&named(
        &rbac("update, escalate", "clusterroles"),
        "other"
    ))));
    assert!(!becomes_admin(&everywhere(&rbac("update", "clusterroles"))));
    assert!(!becomes_admin(&everywhere(&rbac("escalate", "clusterroles"))));
    // A Role grants in its namespace, and everything in shop is its service accounts.
    assert!(becomes_admin(&in_shop(&rbac("update, escalate", "roles"))));
    let in_tools = in_shop(&rbac("update, escalate", "roles")).replace("namespace: shop", "namespace: tools");
    assert!(!becomes_admin(&in_tools));
}

#[test]
fn a_new_role_counts_where_another_aggregates_it() {
    let rules = rbac("create, escalate", "clusterroles");
    assert!(!becomes_admin(&everywhere(&rules)));
    let aggregates = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: view}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: view}}]}
rules: [{verbs: [create], apiGroups: [''], resources: [secrets]}]
---
";
    let view = bound("ClusterRoleBinding", "{name: view}", "ClusterRole", "view", ANN);
    assert!(becomes_admin(&format!("{aggregates}{view}{}", everywhere(&rules))));
}

#[test]
fn certificates_are_asked_for_and_approved() {
    let csr = |verbs: &str, resources: &str| of("certificates.k8s.io", verbs, resources);
    let request = csr("create", "certificatesigningrequests");
    let approval = csr("update", "certificatesigningrequests/approval");
    let signer = named(&csr("approve", "signers"), "kubernetes.io/kube-apiserver-client");
    assert!(becomes_admin(&everywhere(&format!("{request}, {approval}, {signer}"))));
    for missing in [
        format!("{approval}, {signer}"),
        format!("{request}, {signer}"),
        format!("{request}, {approval}"),
        format!(
            "{request}, {approval}, {}",
            named(&csr("approve", "signers"), "example.com/x")
        ),
        format!("{request}, {}", csr("sign", "signers")),
    ] {
        assert!(!becomes_admin(&everywhere(&missing)), "{missing}");
    }
}

#[test]
fn a_node_has_the_tokens_of_pods() {
    let rules = of(
        "certificates.k8s.io",
        "create",
        "certificatesigningrequests, certificatesigningrequests/nodeclient",
    );
    assert!(becomes_admin(&(BOSS_POD.to_owned() + &everywhere(&rules))));
    assert!(!becomes_admin(&everywhere(&rules)));
}

const NODE: &str = "
apiVersion: v1
kind: Node
metadata: {name: n1}
---
";

#[test]
fn kubelets_run_commands_through_their_proxy() {
    for verb in ["get", "create"] {
        assert!(becomes_admin(
            &(BOSS_POD.to_owned() + &everywhere(&core(verb, "nodes/proxy")))
        ));
    }
    let with_node = NODE.to_owned() + BOSS_POD;
    assert!(becomes_admin(
        &(with_node.clone() + &everywhere(&named(&core("get", "nodes/proxy"), "n1")))
    ));
    assert!(!becomes_admin(
        &(with_node.clone() + &everywhere(&named(&core("get", "nodes/proxy"), "n2")))
    ));
    assert!(!becomes_admin(
        &(with_node.clone() + &everywhere(&core("get", "nodes, 'nodes/*'")))
    ));
    assert!(!becomes_admin(&(with_node + &in_shop(&core("get", "nodes/proxy")))));
}

#[test]
fn a_privileged_pod_is_root_where_the_namespace_lets_it() {
    let create = in_shop(&core("create", "pods")).replace("namespace: shop", "namespace: tools");
    let tools = |level: &str| {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: tools, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}\n---\n"
        )
    };
    assert!(reaches(&(tools("privileged") + &create), Sink::NodeRoot));
    assert!(!reaches(&(tools("baseline") + &create), Sink::NodeRoot));
    let volume = of("''", "create", "persistentvolumes");
    let more = everywhere(&volume);
    assert!(reaches(&format!("{}{create}{more}", tools("baseline")), Sink::NodeRoot));
    assert!(!reaches(
        &format!("{}{create}{more}", tools("restricted")),
        Sink::NodeRoot
    ));
    assert!(!reaches(&(tools("baseline") + &more), Sink::NodeRoot));
    let relabel = in_shop(&core("create", "pods")).replace(
        "resources: [pods]}]",
        "resources: [pods]}, {verbs: [patch], apiGroups: [''], resources: [namespaces]}]",
    );
    let relabel = relabel.replace("namespace: shop", "namespace: tools");
    assert!(reaches(&(tools("restricted") + &relabel), Sink::NodeRoot));
}

#[test]
fn a_container_that_nothing_holds_in_is_root() {
    let privileged = "
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {nodeName: n1, containers: [{name: c, image: i, securityContext: {privileged: true}}]}
---
";
    let exec = in_shop(&core("create", "pods/exec"));
    assert!(reaches(&format!("{NODE}{privileged}{exec}"), Sink::NodeRoot));
    let plain = privileged.replace("privileged: true", "privileged: false");
    assert!(!reaches(&format!("{NODE}{plain}{exec}"), Sink::NodeRoot));
    // Root on a node has the tokens of its other pods, and of a node of the control plane the cluster.
    assert!(becomes_admin(&format!("{NODE}{privileged}{BOSS_POD}{exec}")));
    let elsewhere = BOSS_POD.replace("n1", "n2");
    let only_agent = in_shop(&named(&core("create", "pods/exec"), "agent"));
    assert!(!becomes_admin(&format!("{NODE}{privileged}{elsewhere}{only_agent}")));
    let control = NODE.replace(
        "{name: n1}",
        "{name: n1, labels: {node-role.kubernetes.io/control-plane: ''}}",
    );
    assert!(becomes_admin(&format!("{control}{privileged}{only_agent}")));
}

#[test]
fn pods_are_driven_onto_a_node_that_is_owned() {
    let agent = "
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {nodeName: n1, containers: [{name: c, image: i, securityContext: {privileged: true}}]}
---
";
    let far = BOSS_POD.replace("n1", "n2");
    let enter = named(&core("create", "pods/exec"), "agent");
    let all = [enter, core("delete", "pods"), core("patch", "nodes")];
    let with = |rules: &[String]| becomes_admin(&format!("{NODE}{agent}{far}{}", everywhere(&rules.join(", "))));
    assert!(with(&all));
    for missing in 0..3 {
        let mut some = all.to_vec();
        some.remove(missing);
        assert!(!with(&some), "{}", all[missing]);
    }
}

#[test]
fn requests_of_others_are_changed_on_their_way() {
    let admission = |verbs: &str, resources: &str| everywhere(&of("admissionregistration.k8s.io", verbs, resources));
    assert!(becomes_admin(&admission("create", "mutatingwebhookconfigurations")));
    assert!(!becomes_admin(&admission("create", "validatingwebhookconfigurations")));
    // There is none to be changed.
    assert!(!becomes_admin(&admission("update", "mutatingwebhookconfigurations")));
    assert!(becomes_admin(&admission(
        "create",
        "mutatingadmissionpolicies, mutatingadmissionpolicybindings"
    )));
    assert!(!becomes_admin(&admission("create", "mutatingadmissionpolicies")));
}

#[test]
fn code_runs_in_kube_system() {
    let create = in_shop(&core("create", "pods")).replace("namespace: shop", "namespace: kube-system");
    assert!(reaches(&create, Sink::KubeSystemCode));
    let exec = in_shop(&core("create", "pods/exec")).replace("namespace: shop", "namespace: kube-system");
    assert!(!reaches(&exec, Sink::KubeSystemCode));
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: dns, namespace: kube-system}\nspec: {containers: [{name: c}]}\n---\n";
    assert!(reaches(&format!("{pod}{exec}"), Sink::KubeSystemCode));
}

#[test]
fn the_map_of_aws_identities_makes_administrators_where_it_is() {
    let rule = named(&core("patch", "configmaps"), "aws-auth");
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\n---\n";
    assert!(becomes_admin(&format!("{map}{}", everywhere(&rule))));
    assert!(!becomes_admin(&everywhere(&rule)));
    assert!(!becomes_admin(&format!("{map}{}", in_shop(&rule))));
}

#[test]
fn a_role_that_is_yet_to_be_made_is_made_and_bound() {
    let make = rbac("create, escalate", "roles");
    let bind = format!("{}, {}", rbac("create", "rolebindings"), rbac("bind", "roles"));
    let both = in_shop(&format!("{make}, {bind}")).replace("namespace: shop", "namespace: kube-system");
    assert!(reaches(&both, Sink::KubeSystemCode));
    let made_only = in_shop(&make).replace("namespace: shop", "namespace: kube-system");
    assert!(!reaches(&made_only, Sink::KubeSystemCode));
    let everywhere_made = rbac("create, escalate", "clusterroles");
    let binding = rbac("create", "clusterrolebindings");
    let bind_mine = named(&rbac("bind", "clusterroles"), "mine");
    assert!(becomes_admin(&everywhere(&format!(
        "{everywhere_made}, {binding}, {bind_mine}"
    ))));
    // The name is taken, and what it grants is nothing.
    let bind_given = named(&rbac("bind", "clusterroles"), "given");
    assert!(!becomes_admin(&everywhere(&format!("{everywhere_made}, {bind_given}"))));
}

#[test]
fn a_binding_to_a_role_that_is_not_there_waits_for_whoever_makes_it() {
    let waits = bound("ClusterRoleBinding", "{name: waits}", "ClusterRole", "gone", ANN);
    let make = rbac("create, escalate", "clusterroles");
    assert!(becomes_admin(&format!("{}{waits}", everywhere(&make))));
    assert!(!becomes_admin(&format!(
        "{}{waits}",
        everywhere(&rbac("create", "clusterroles"))
    )));
    assert!(!becomes_admin(&everywhere(&make)));
}

#[test]
fn stolen_pods_leave_the_node_that_they_ran_on() {
    let own = "
apiVersion: v1
kind: Node
metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ''}}
---
apiVersion: v1
kind: Node
metadata: {name: w1}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {nodeName: w1, automountServiceAccountToken: false, containers: [{name: c, image: i, securityContext: {privileged: true}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: far, namespace: tools}
spec: {nodeName: cp, automountServiceAccountToken: false, containers: [{name: c, image: i, securityContext: {privileged: true}}]}
---
";
    let rules = format!(
        "{}, {}, {}",
        named(&core("create", "pods/exec"), "agent"),
        core("patch", "nodes"),
        core("create", "pods/eviction")
    );
    let found = live(&format!("{own}{}", everywhere(&rules)));
    assert_eq!(sinks(&found, "ann"), [Sink::NodeRoot]);
}

#[test]
fn an_account_that_a_binding_names_in_advance_is_made() {
    let ghost = bound(
        "ClusterRoleBinding",
        "{name: ghost}",
        "ClusterRole",
        "all",
        "{kind: ServiceAccount, name: ghost, namespace: shop}",
    );
    let ask = core("create", "serviceaccounts/token");
    let both = in_shop(&format!("{}, {ask}", core("create", "serviceaccounts")));
    let of = |given: &str| sinks(&live(&format!("{ALL}{given}{ghost}")), "ann");
    assert!(of(&both).contains(&Sink::ClusterAdmin));
    assert!(of(&in_shop(&ask)).is_empty());
    assert!(of(&in_shop(&core("create", "serviceaccounts"))).is_empty());
}

const ALL: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]
---
";
