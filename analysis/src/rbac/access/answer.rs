//! Answers in the form in which the command line, the API and the page give them.

use shared::rbac::{BatchAnswer, BatchError, CanI, Holder, Question, Reason, Subject, SubjectKind, WhatCan, WhoCan};

use super::{Access, Decision, Grant, Identity, Request, Target, Verdict};
use crate::rbac::binding;

/// The request of a question, and who asks; groups as they stand.
pub fn request(question: &Question) -> (Identity, Request<'_>) {
    let who = Identity {
        user: question.user.clone(),
        groups: question.groups.clone(),
    };
    let target = match &question.path {
        Some(path) => Target::Url { path },
        None => Target::Resource {
            group: &question.group,
            resource: &question.resource,
            subresource: &question.subresource,
            namespace: &question.namespace,
            name: &question.name,
        },
    };
    let verb = &question.verb;
    (who, Request { verb, target })
}

/// What is wrong with a question, by the name of the field; nothing where it can be asked.
pub fn flaw(question: &Question) -> Option<(&'static str, &'static str)> {
    let of_resource = [
        ("group", &question.group),
        ("resource", &question.resource),
        ("subresource", &question.subresource),
        ("namespace", &question.namespace),
        ("name", &question.name),
    ];
    if question.user.is_empty() && question.groups.is_empty() {
        return Some(("user", "is missing, and there are no groups"));
    }
    if question.verb.is_empty() {
        return Some(("verb", "is missing"));
    }
    match &question.path {
        None if question.resource.is_empty() => Some(("resource", "is missing, and there is no path")),
        None => None,
        Some(path) if path.is_empty() => Some(("path", "is empty")),
        Some(_) => {
            let beside = of_resource.into_iter().find(|(_, text)| !text.is_empty());
            beside.map(|(field, _)| (field, "does not go with a path"))
        }
    }
}

impl Access {
    /// The answer to one of many questions.
    pub fn answer_one(&self, question: &Question) -> BatchAnswer {
        if let Some((field, flaw)) = flaw(question) {
            let error = format!("{field} {flaw}");
            return BatchAnswer::Error(BatchError { error });
        }
        let (who, request) = request(question);
        BatchAnswer::Answer(Box::new(self.answer(&who, &request, false)))
    }

    /// The answer to a request: with `all`, every chain that allows it, and every binding that leads nowhere.
    pub fn answer(&self, who: &Identity, request: &Request<'_>, all: bool) -> CanI {
        let Decision { verdict, grant } = self.can_i(who, request);
        let (grants, dangling) = if all {
            (self.why(who, request), self.dangling(who, request))
        } else {
            (Vec::new(), Vec::new())
        };
        CanI {
            allowed: match &verdict {
                Verdict::Yes => Some(true),
                Verdict::No => Some(false),
                Verdict::Undecided(_) => None,
            },
            reason: (verdict == Verdict::Yes).then(|| self.reason(grant)),
            grants: grants.iter().map(|grant| self.describe(grant)).collect(),
            undecided: match &verdict {
                Verdict::Undecided(kinds) => self.coverage(kinds),
                _ => Vec::new(),
            },
            unknown: self.resources.unknown(request),
            inert: verdict == Verdict::Yes && self.resources.is_inert_request(request),
            dangling,
        }
    }

    fn reason(&self, grant: Option<Grant>) -> Reason {
        match grant {
            None => Reason::Group {
                group: "system:masters".into(),
            },
            Some(grant) => Reason::Rule {
                binding: self.bindings[grant.binding as usize].object.reference().to_string(),
                role: self.role(grant.rule.role).to_string(),
                rule: grant.rule.rule,
            },
        }
    }

    /// Everyone who can do something, `system:masters` first.
    pub fn holders(&self, request: &Request<'_>) -> WhoCan {
        let found = self.who_can(request);
        let mut holders = vec![masters()];
        for (subject, grants) in self.by_subject(&found.grants) {
            let holder = self.holder(self.subject(subject as usize), &grants);
            if holder.subject == holders[0].subject {
                holders[0].grants = holder.grants;
            } else {
                holders.push(holder);
            }
        }
        holders[1..].sort_by(|a, b| a.subject.cmp(&b.subject));
        WhoCan {
            subjects: holders,
            complete: found.undecided.is_empty(),
            undecided: self.coverage(&found.undecided),
            unknown: self.resources.unknown(request),
            inert: self.resources.is_inert_request(request),
        }
    }

    fn holder(&self, subject: Subject, grants: &[Grant]) -> Holder {
        let is_group = subject.kind == SubjectKind::Group;
        Holder {
            members: is_group.then(|| binding::members(&subject.name)).flatten(),
            service_accounts: if is_group {
                self.accounts_in(&subject.name)
            } else {
                None
            },
            is_missing: self.is_missing(&subject),
            grants: grants.iter().map(|grant| self.describe(grant)).collect(),
            subject,
        }
    }

    /// How many service accounts the API server puts into a group.
    fn accounts_in(&self, group: &str) -> Option<u32> {
        let accounts = self.accounts.as_ref()?;
        let count = match group {
            "system:authenticated" | "system:serviceaccounts" => accounts.values().map(|names| names.len()).sum(),
            _ => {
                let namespace = group.strip_prefix("system:serviceaccounts:")?;
                accounts.get(namespace).map_or(0, |names| names.len())
            }
        };
        u32::try_from(count).ok()
    }

    fn is_missing(&self, subject: &Subject) -> Option<bool> {
        let accounts = self
            .accounts
            .as_ref()
            .filter(|_| subject.kind == SubjectKind::ServiceAccount)?;
        let names = accounts.get(&subject.namespace);
        Some(!names.is_some_and(|names| names.contains(&subject.name)))
    }

    /// Everything that somebody may do; in `namespace` only, where there is one.
    pub fn permissions(&self, who: &Identity, namespace: Option<&str>) -> WhatCan {
        let held = self.what_can(who, namespace);
        let bindings = self
            .subjects_of(who)
            .flat_map(|subject| self.subjects[subject as usize].bound.all());
        let is_root = who.is_root();
        WhatCan {
            user: who.user.clone(),
            groups: who.groups.clone(),
            is_root,
            places: held.places,
            complete: is_root || held.undecided.is_empty(),
            undecided: if is_root {
                Vec::new()
            } else {
                self.coverage(&held.undecided)
            },
            dangling: self.missing_of(bindings),
        }
    }
}

fn masters() -> Holder {
    Holder {
        subject: Subject {
            kind: SubjectKind::Group,
            namespace: String::new(),
            name: "system:masters".into(),
        },
        members: Some("everyone who is let through before any role is looked at".into()),
        service_accounts: None,
        is_missing: None,
        grants: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{access, role_and_binding};
    use super::*;

    fn question(json: &str) -> Question {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn an_answer_names_the_binding_the_role_and_the_rule() {
        let binding = "kind: RoleBinding\nmetadata: {name: b, namespace: shop}\nsubjects: [{kind: User, name: u}]";
        let access = access(&role_and_binding(
            "[{verbs: [list], apiGroups: ['']}, {verbs: [get], apiGroups: [''], resources: [nodes]}]",
            binding,
        ));
        let asked = question(r#"{"user": "u", "verb": "get", "resource": "nodes", "namespace": "shop"}"#);
        let (who, request) = request(&asked);
        let answer = serde_json::to_value(access.answer(&who, &request, false)).unwrap();
        let reason = serde_json::json!({"binding": "RoleBinding shop/b", "role": "ClusterRole r", "rule": 1});
        assert_eq!(
            answer,
            serde_json::json!({"allowed": true, "reason": reason, "inert": true})
        );
    }

    #[test]
    fn a_question_that_can_not_be_asked_names_the_field() {
        for (field, json) in [
            ("user", r#"{"verb": "get", "resource": "pods"}"#),
            ("verb", r#"{"user": "u", "resource": "pods"}"#),
            ("resource", r#"{"user": "u", "verb": "get"}"#),
            ("path", r#"{"user": "u", "verb": "get", "path": ""}"#),
            (
                "namespace",
                r#"{"user": "u", "verb": "get", "path": "/x", "namespace": "n"}"#,
            ),
        ] {
            assert_eq!(flaw(&question(json)).map(|(field, _)| field), Some(field), "{json}");
        }
        assert_eq!(
            flaw(&question(r#"{"groups": ["g"], "verb": "get", "path": "/x"}"#)),
            None
        );
    }
}
