//! A question about access: what is asked, as the address, the form and the search know it.

use shared::page::At;
use shared::rbac::query::{CanIQuery, WhatCanQuery, WhoCanQuery};
use shared::rbac::{Subject, SubjectKind};

use crate::here::{Here, encode};

/// The three questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Who can do something.
    Who,
    /// What somebody can do.
    What,
    /// Whether somebody can do something.
    Can,
}

impl Ask {
    pub(crate) const ALL: [Self; 3] = [Self::Who, Self::What, Self::Can];

    /// Its word in the address.
    pub(crate) fn param(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::What => "what",
            Self::Can => "can",
        }
    }

    /// The question of that word.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ask| ask.param() == word)
    }

    /// How the question begins.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Who => "Who can",
            Self::What => "What can",
            Self::Can => "Can",
        }
    }

    /// Whether the question has that part.
    pub(crate) fn has(self, part: Part) -> bool {
        match part {
            Part::Subject | Part::Groups => self != Self::Who,
            Part::Verb | Part::Resource | Part::Name => self != Self::What,
            Part::Namespace => true,
        }
    }
}

/// A part of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Subject,
    Groups,
    Verb,
    Resource,
    Namespace,
    Name,
}

impl Part {
    /// Them, as a question is spoken.
    pub(crate) const ALL: [Self; 6] = [
        Self::Subject,
        Self::Groups,
        Self::Verb,
        Self::Resource,
        Self::Namespace,
        Self::Name,
    ];

    /// Its word in the address; in what the API complains of it is the same, but for the subject.
    pub(crate) fn param(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Groups => "groups",
            Self::Verb => "verb",
            Self::Resource => "resource",
            Self::Namespace => "namespace",
            Self::Name => "name",
        }
    }
}

/// A question, perhaps not a whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// Which.
    pub(crate) ask: Ask,
    parts: [String; 6],
}

impl Question {
    pub(crate) fn new(ask: Ask) -> Self {
        Self {
            ask,
            parts: Default::default(),
        }
    }

    /// The question of the address; none where nothing is asked.
    pub(super) fn of(here: Here) -> Option<Self> {
        let word = here.param("ask")?;
        let mut question = Self::new(Ask::of(&word)?);
        for part in Part::ALL {
            question.set(part, here.param(part.param()).unwrap_or_default());
        }
        Some(question)
    }

    /// A part; empty where nothing is said.
    pub(crate) fn get(&self, part: Part) -> &str {
        &self.parts[part as usize]
    }

    pub(crate) fn set(&mut self, part: Part, text: impl Into<String>) {
        self.parts[part as usize] = text.into();
    }

    /// A part of this question, where this kind of question has it.
    fn said(&self, part: Part) -> String {
        let said = if self.ask.has(part) { self.get(part).trim() } else { "" };
        said.to_owned()
    }

    /// The address at which it is asked.
    pub(crate) fn path(&self) -> String {
        let mut path = format!("/access?ask={}", self.ask.param());
        for part in Part::ALL {
            let said = self.said(part);
            if !said.is_empty() {
                path.push_str(&format!("&{}={}", part.param(), encode(&said)));
            }
        }
        path
    }

    /// It in words, without a mark: `Who can get secrets in payments`.
    pub(crate) fn words(&self) -> String {
        let mut words = vec![self.ask.words().to_owned()];
        let mut add = |before: &str, part: Part, empty: &str| {
            let said = self.said(part);
            match (said.is_empty(), empty) {
                (true, "") => {}
                (true, empty) => words.push(empty.to_owned()),
                (false, _) => words.push(format!("{before}{said}")),
            }
        };
        add("", Part::Subject, "");
        add("in the groups ", Part::Groups, "");
        if self.ask == Ask::What {
            add("do in ", Part::Namespace, "do");
        } else {
            add("", Part::Verb, "…");
            add("", Part::Resource, "…");
            add("named ", Part::Name, "");
            add("in ", Part::Namespace, "in the whole cluster");
        }
        words.join(" ")
    }

    /// As the API takes it.
    pub(super) fn who(&self, At { cluster, at }: At) -> WhoCanQuery {
        let (resource, path) = self.target();
        WhoCanQuery {
            cluster,
            at,
            verb: self.said(Part::Verb),
            resource,
            namespace: self.said(Part::Namespace),
            name: self.said(Part::Name),
            path,
        }
    }

    /// As the API takes it.
    pub(super) fn what(&self, At { cluster, at }: At) -> WhatCanQuery {
        let (user, groups) = self.identity();
        WhatCanQuery {
            cluster,
            at,
            user,
            groups,
            namespace: Some(self.said(Part::Namespace)).filter(|namespace| !namespace.is_empty()),
        }
    }

    /// As the API takes it.
    pub(super) fn can(&self, at: At) -> CanIQuery {
        let (user, groups) = self.identity();
        let who = self.who(at);
        CanIQuery {
            cluster: who.cluster,
            at: who.at,
            user,
            groups,
            verb: who.verb,
            resource: who.resource,
            namespace: who.namespace,
            name: who.name,
            path: who.path,
        }
    }

    /// The resource, or the path for what begins with a slash.
    fn target(&self) -> (String, Option<String>) {
        let resource = self.said(Part::Resource);
        if resource.starts_with('/') {
            (String::new(), Some(resource))
        } else {
            (resource, None)
        }
    }

    /// The user, and the groups as a list.
    fn identity(&self) -> (String, String) {
        let (subject, groups) = (subject(self.said(Part::Subject).as_str()), self.said(Part::Groups));
        match subject.kind {
            SubjectKind::User => (subject.name, groups),
            SubjectKind::ServiceAccount => (
                format!("system:serviceaccount:{}:{}", subject.namespace, subject.name),
                groups,
            ),
            SubjectKind::Group if groups.is_empty() => (String::new(), subject.name),
            SubjectKind::Group => (String::new(), format!("{},{groups}", subject.name)),
        }
    }
}

/// The subject that a text means: `ServiceAccount shop/web`, `shop/web`, `Group ops`; a user, where it says nothing else.
fn subject(text: &str) -> Subject {
    let subject = |kind, namespace: &str, name: &str| Subject {
        kind,
        namespace: namespace.trim().into(),
        name: name.trim().into(),
    };
    let (word, rest) = text.split_once(' ').unwrap_or(("", text));
    let (word, rest) = match word {
        "User" | "Group" | "ServiceAccount" => (word, rest),
        _ => ("", text),
    };
    match (word, rest.split_once('/')) {
        ("Group", _) => subject(SubjectKind::Group, "", rest),
        ("ServiceAccount" | "", Some((namespace, name))) => subject(SubjectKind::ServiceAccount, namespace, name),
        _ => subject(SubjectKind::User, "", rest),
    }
}

/// The question that somebody writes in words: `who can get secrets in payments`, `what can shop/web do`, `can Group ops get
/// pods/exec in shop`.
pub(crate) fn spoken(text: &str) -> Option<Question> {
    let begins = |begin: &&str| text.get(..begin.len()).is_some_and(|is| is.eq_ignore_ascii_case(begin));
    let begin = ["who can ", "what can ", "can "].into_iter().find(begins)?;
    let rest = text[begin.len()..].trim_end_matches('?');
    let words: Vec<&str> = begin.split_whitespace().chain(rest.split_whitespace()).collect();
    let mut question = match words.as_slice() {
        ["who", "can", verb, resource, ..] => {
            let mut question = Question::new(Ask::Who);
            question.set(Part::Verb, *verb);
            question.set(Part::Resource, *resource);
            question
        }
        ["what", "can", who @ .., "do"] | ["what", "can", who @ .., "do", "in", _] if !who.is_empty() => {
            let mut question = Question::new(Ask::What);
            question.set(Part::Subject, cased(who));
            question
        }
        ["can", who @ .., verb, resource, "in", _] | ["can", who @ .., verb, resource] if !who.is_empty() => {
            let mut question = Question::new(Ask::Can);
            question.set(Part::Subject, cased(who));
            question.set(Part::Verb, *verb);
            question.set(Part::Resource, *resource);
            question
        }
        _ => return None,
    };
    if let [.., "in", namespace] = words.as_slice() {
        question.set(Part::Namespace, *namespace);
    }
    Some(question)
}

/// A subject in words, its kind written as bindings write it.
fn cased(words: &[&str]) -> String {
    let kinds = [SubjectKind::User, SubjectKind::Group, SubjectKind::ServiceAccount].map(SubjectKind::as_str);
    let kind = kinds
        .into_iter()
        .find(|kind| words.len() > 1 && words[0].eq_ignore_ascii_case(kind));
    let rest = &words[usize::from(kind.is_some())..];
    kind.into_iter()
        .chain(rest.iter().copied())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(ask: Ask, parts: &[(Part, &str)]) -> Question {
        let mut question = Question::new(ask);
        parts.iter().for_each(|(part, text)| question.set(*part, *text));
        question
    }

    #[test]
    fn an_address_holds_only_the_parts_of_its_question() {
        let parts = [
            (Part::Subject, "ann"),
            (Part::Verb, "get"),
            (Part::Resource, "pods/exec"),
        ];
        assert_eq!(
            question(Ask::Who, &parts).path(),
            "/access?ask=who&verb=get&resource=pods%2Fexec"
        );
        assert_eq!(question(Ask::What, &parts).path(), "/access?ask=what&subject=ann");
    }

    #[test]
    fn questions_are_told_in_words() {
        let parts = [
            (Part::Subject, "Group ops"),
            (Part::Verb, "get"),
            (Part::Resource, "secrets"),
            (Part::Namespace, "payments"),
            (Part::Name, "db"),
        ];
        assert_eq!(
            question(Ask::Who, &parts).words(),
            "Who can get secrets named db in payments"
        );
        assert_eq!(question(Ask::What, &parts).words(), "What can Group ops do in payments");
        assert_eq!(
            question(Ask::Can, &parts).words(),
            "Can Group ops get secrets named db in payments"
        );
        assert_eq!(
            question(Ask::Who, &parts[1..3]).words(),
            "Who can get secrets in the whole cluster"
        );
    }

    #[test]
    fn a_subject_is_a_user_unless_it_says_otherwise() {
        let identity = |text: &str, groups: &str| {
            let question = question(Ask::Can, &[(Part::Subject, text), (Part::Groups, groups)]);
            let CanIQuery { user, groups, .. } = question.can(At::default());
            (user, groups)
        };
        let of = |user: &str, groups: &str| (user.to_owned(), groups.to_owned());
        assert_eq!(identity("ann", "ops"), of("ann", "ops"));
        assert_eq!(identity("User a/b", ""), of("a/b", ""));
        assert_eq!(identity("shop/web", ""), of("system:serviceaccount:shop:web", ""));
        assert_eq!(
            identity("ServiceAccount shop/web", ""),
            of("system:serviceaccount:shop:web", "")
        );
        assert_eq!(identity("Group a/b", "ops"), of("", "a/b,ops"));
    }

    #[test]
    fn what_begins_with_a_slash_is_a_path() {
        let asked = question(Ask::Who, &[(Part::Verb, "get"), (Part::Resource, "/metrics")]).who(At::default());
        assert_eq!((asked.resource.as_str(), asked.path.as_deref()), ("", Some("/metrics")));
    }

    #[test]
    fn spoken_questions_are_understood() {
        let path = |text: &str| spoken(text).map(|question| question.path());
        assert_eq!(
            path("Who can get secrets in payments?").as_deref(),
            Some("/access?ask=who&verb=get&resource=secrets&namespace=payments")
        );
        assert_eq!(
            path("what can serviceaccount shop/web do").as_deref(),
            Some("/access?ask=what&subject=ServiceAccount%20shop%2Fweb")
        );
        assert_eq!(
            path("can ann get pods/exec in shop").as_deref(),
            Some("/access?ask=can&subject=ann&verb=get&resource=pods%2Fexec&namespace=shop")
        );
        assert_eq!(path("who can get"), None);
        assert_eq!(path("payments"), None);
    }
}
