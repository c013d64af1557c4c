//! Whether somebody may do something, and why.

use std::ops::ControlFlow;

use shared::object::ObjectRef;

use super::matcher::Probe;
use super::{Access, Grant, Granted, Identity, Request};
use crate::model::Kind;

/// What the roles and bindings that were read say to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is allowed.
    Yes,
    /// It is denied: nothing allows it, and everything that could was read.
    No,
    /// Nothing that was read allows it, but something of these kinds, which could not be read, may.
    Undecided(Vec<Kind>),
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub verdict: Verdict,
    /// A chain that allows it; none where it is not, and for `system:masters`, which needs none.
    pub grant: Option<Grant>,
}

impl Access {
    /// Whether somebody may do something.
    pub fn can_i(&self, who: &Identity, request: &Request<'_>) -> Decision {
        if who.is_root() {
            return Decision {
                verdict: Verdict::Yes,
                grant: None,
            };
        }
        let grant = self.visit(who, request, ControlFlow::Break).break_value();
        let verdict = match grant {
            Some(_) => Verdict::Yes,
            None => match self.undecided(who, &request.target) {
                kinds if kinds.is_empty() => Verdict::No,
                kinds => Verdict::Undecided(kinds),
            },
        };
        Decision { verdict, grant }
    }

    /// Every chain that allows it: each binding, role and rule.
    pub fn why(&self, who: &Identity, request: &Request<'_>) -> Vec<Grant> {
        let mut grants = Vec::new();
        let _all: ControlFlow<()> = self.visit(who, request, |grant| {
            grants.push(grant);
            ControlFlow::Continue(())
        });
        grants.sort_unstable();
        grants.dedup();
        grants
    }

    /// Bindings that would apply to the request if their role existed. The authoriser reports them as errors and looks on.
    pub fn dangling(&self, who: &Identity, request: &Request<'_>) -> Vec<ObjectRef> {
        let namespace = self.namespace_of(&request.target);
        let bindings = self
            .subjects_of(who)
            .flat_map(|subject| self.subjects[subject as usize].bound.within(namespace));
        self.missing_of(bindings)
    }

    /// Those of these bindings whose role does not exist.
    pub(super) fn missing_of(&self, bindings: impl Iterator<Item = u32>) -> Vec<ObjectRef> {
        let bindings = bindings.map(|binding| &self.bindings[binding as usize]);
        let missing = bindings.filter(|binding| binding.grants == Granted::Missing);
        let mut missing: Vec<ObjectRef> = missing.map(|binding| binding.object.reference()).collect();
        missing.sort();
        missing.dedup();
        missing
    }

    fn visit<T>(
        &self,
        who: &Identity,
        request: &Request<'_>,
        mut visitor: impl FnMut(Grant) -> ControlFlow<T>,
    ) -> ControlFlow<T> {
        let probe = Probe::new(&self.names, request);
        let namespace = self.namespace_of(&request.target);
        for subject in self.subjects_of(who) {
            for binding in self.subjects[subject as usize].bound.within(namespace) {
                let Granted::Role(role) = self.bindings[binding as usize].grants else {
                    continue;
                };
                for (rule, compiled) in self.rules_of(role) {
                    if compiled.allows(&self.names, &probe) {
                        visitor(Grant {
                            subject,
                            binding,
                            role,
                            rule,
                        })?;
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use shared::snapshots::Collected;

    use super::super::Origin;
    use super::super::fixture::{access, allowed, get, role_and_binding};
    use super::*;
    use crate::fixture::snapshot;
    use crate::rbac::access::Target;

    fn reads(binding: &str, namespace: &str, who: &str) -> bool {
        let access = access(&role_and_binding(
            "[{verbs: [get], apiGroups: [''], resources: [pods]}]",
            binding,
        ));
        allowed(&access, who, &get("pods", namespace))
    }

    #[test]
    fn a_binding_of_a_namespace_grants_there_and_one_of_the_cluster_everywhere() {
        let ann = "subjects: [{kind: User, name: ann}]";
        let within = format!("kind: RoleBinding\nmetadata: {{name: b, namespace: shop}}\n{ann}");
        let whole = format!("kind: ClusterRoleBinding\nmetadata: {{name: b}}\n{ann}");
        assert!(reads(&within, "shop", "ann") && !reads(&within, "tools", "ann") && !reads(&within, "", "ann"));
        assert!(reads(&whole, "shop", "ann") && reads(&whole, "", "ann") && !reads(&whole, "", "bob"));
    }

    #[test]
    fn a_service_account_is_its_user_name_and_has_the_namespace_of_its_binding() {
        let web = "system:serviceaccount:shop:web";
        let within =
            |subject: &str| format!("kind: RoleBinding\nmetadata: {{name: b, namespace: shop}}\nsubjects: [{subject}]");
        let whole = |subject: &str| format!("kind: ClusterRoleBinding\nmetadata: {{name: b}}\nsubjects: [{subject}]");
        assert!(reads(&within("{kind: ServiceAccount, name: web}"), "shop", web));
        assert!(!reads(
            &within("{kind: ServiceAccount, name: web, namespace: tools}"),
            "shop",
            web
        ));
        assert!(reads(&whole(&format!("{{kind: User, name: '{web}'}}")), "shop", web));
        assert!(reads(
            &whole("{kind: Group, name: 'system:serviceaccounts:shop'}"),
            "shop",
            web
        ));
        assert!(!reads(&whole("{kind: ServiceAccount, name: web}"), "shop", web));
        assert!(!reads(&whole("{kind: Robot, name: ann}"), "shop", "ann"));
    }

    #[test]
    fn paths_are_granted_in_the_whole_cluster_only() {
        let rules = "[{verbs: [get], nonResourceURLs: ['/metrics/*']}]";
        let path = |path| Request {
            verb: "get",
            target: Target::Url { path },
        };
        let within = "kind: RoleBinding\nmetadata: {name: b, namespace: shop}\nsubjects: [{kind: User, name: ann}]";
        let whole = "kind: ClusterRoleBinding\nmetadata: {name: b}\nsubjects: [{kind: User, name: ann}]";
        assert!(!allowed(
            &access(&role_and_binding(rules, within)),
            "ann",
            &path("/metrics/a")
        ));
        assert!(allowed(
            &access(&role_and_binding(rules, whole)),
            "ann",
            &path("/metrics/a")
        ));
        assert!(!allowed(
            &access(&role_and_binding(rules, whole)),
            "ann",
            &path("/metrics")
        ));
    }

    #[test]
    fn masters_need_no_role() {
        let who = Identity {
            user: String::new(),
            groups: vec!["system:masters".into()],
        };
        let decision = access("").can_i(&who, &get("pods", ""));
        assert_eq!((decision.verdict, decision.grant), (Verdict::Yes, None));
    }

    const DANGLING: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: Role, name: gone}
subjects: [{kind: User, name: ann}]
";

    #[test]
    fn a_binding_to_a_missing_role_grants_nothing_and_is_said() {
        let (access, who) = (access(DANGLING), Identity::with_implied_groups("ann", &[]));
        assert_eq!(access.can_i(&who, &get("pods", "shop")).verdict, Verdict::No);
        assert_eq!(access.dangling(&who, &get("pods", "shop")).len(), 1);
        assert_eq!(access.dangling(&who, &get("pods", "tools")), []);
    }

    fn verdict(unread: Kind, who: &str, namespace: &str) -> Verdict {
        let mut snapshot = snapshot(DANGLING);
        let denied = Collected::Denied { reason: "no".into() };
        let objects = snapshot
            .of(unread)
            .iter()
            .map(|object| object.as_ref().clone())
            .collect();
        snapshot.set(unread, denied, objects);
        let access = Access::new(&snapshot, Origin::Live);
        let who = Identity::with_implied_groups(who, &[]);
        access.can_i(&who, &get("pods", namespace)).verdict
    }

    #[test]
    fn what_was_not_read_leaves_undecided_what_depends_on_it_and_nothing_else() {
        let undecided = |kind| Verdict::Undecided(vec![kind]);
        assert_eq!(verdict(Kind::Role, "ann", "shop"), undecided(Kind::Role));
        assert_eq!(verdict(Kind::Role, "ann", "tools"), Verdict::No);
        assert_eq!(verdict(Kind::Role, "bob", "shop"), Verdict::No);
        assert_eq!(verdict(Kind::ClusterRole, "ann", "shop"), Verdict::No);
        assert_eq!(verdict(Kind::RoleBinding, "bob", "shop"), undecided(Kind::RoleBinding));
        assert_eq!(verdict(Kind::RoleBinding, "bob", ""), Verdict::No);
        assert_eq!(
            verdict(Kind::ClusterRoleBinding, "bob", ""),
            undecided(Kind::ClusterRoleBinding)
        );
    }

    #[test]
    fn a_yes_of_what_was_read_stays_a_yes() {
        let binding = "kind: ClusterRoleBinding\nmetadata: {name: b}\nsubjects: [{kind: User, name: ann}]";
        let mut snapshot = snapshot(&role_and_binding(
            "[{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]",
            binding,
        ));
        for kind in [Kind::Role, Kind::RoleBinding] {
            snapshot.set(kind, Collected::Denied { reason: String::new() }, Vec::new());
        }
        assert!(allowed(
            &Access::new(&snapshot, Origin::Live),
            "ann",
            &get("pods", "shop")
        ));
    }

    #[test]
    fn defaults_of_the_api_server_are_assumed_for_manifests_and_give_way_to_those_of_the_same_name() {
        let admin = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: ann}]
";
        let own = format!(
            "{admin}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: cluster-admin}}\n"
        );
        let can = |manifests: &str, defaults| {
            let access = Access::new(&snapshot(manifests), Origin::Files { defaults });
            allowed(&access, "ann", &get("pods", ""))
        };
        assert!(can(admin, true) && !can(admin, false) && !can(&own, true));
    }

    #[test]
    fn names_that_are_longer_than_any_is_kept_are_still_told_apart() {
        let (long, other) = ("a".repeat(600), format!("{}b", "a".repeat(599)));
        let binding =
            format!("kind: ClusterRoleBinding\nmetadata: {{name: b}}\nsubjects: [{{kind: User, name: {long}}}]");
        assert!(reads(&binding, "", &long) && !reads(&binding, "", &other));
    }

    #[test]
    fn every_chain_is_told() {
        let text = role_and_binding(
            "[{verbs: [get], apiGroups: [''], resources: [pods]}, {verbs: ['*'], apiGroups: ['*'], resources: ['*']}]",
            "kind: RoleBinding\nmetadata: {name: b, namespace: shop}\nsubjects: [{kind: User, name: ann}, {kind: Group, name: dev}]",
        );
        let access = access(&text);
        let who = Identity::with_implied_groups("ann", &["dev".into()]);
        let told: Vec<String> = access
            .why(&who, &get("pods", "shop"))
            .iter()
            .map(|grant| access.describe(grant))
            .map(|grant| format!("{} {} {} {}", grant.subject, grant.binding, grant.role, grant.rule))
            .collect();
        let chain = |subject, rule| format!("{subject} RoleBinding shop/b ClusterRole r {rule}");
        assert_eq!(
            told,
            [
                chain("User ann", 0),
                chain("User ann", 1),
                chain("Group dev", 0),
                chain("Group dev", 1)
            ]
        );
    }
}
