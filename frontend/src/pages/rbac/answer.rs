//! The answer to a question, and what it leaves open.

mod verdict;
mod who;

use leptos::prelude::*;
use shared::page::{At, Stamped};
use shared::rbac::{CanI, WhatCan, WhoCan};

use super::permissions::permissions;
use super::question::{Ask, Question};
use crate::api::{self, ApiError};
use crate::components::card::card;
use crate::components::load::{Load, load_if, loaded, table_skeleton};
use crate::format;
use crate::here::Here;

/// The answers that the page may have; only that to the question of the address is asked for.
#[derive(Clone, Copy)]
pub(super) struct Answers {
    here: Here,
    who: Load<Stamped<WhoCan>>,
    /// The same as it stands now, where the past is looked at.
    who_now: Load<Stamped<WhoCan>>,
    can_now: Load<Stamped<CanI>>,
    what: Load<Stamped<WhatCan>>,
    can: Load<Stamped<CanI>>,
}

/// Asks what the address asks.
pub(super) fn answers(here: Here) -> Answers {
    let of = move |ask: Ask| Question::of(here).filter(|asked| asked.ask == ask);
    // An instant that is past is compared with now.
    let then = move |ask: Ask| of(ask).filter(|_| here.instant().is_some());
    let now = move || At { at: None, ..here.at() };
    Answers {
        here,
        who_now: load_if(move || then(Ask::Who).map(|asked| api::rbac::who_can(&asked.who(now())))),
        can_now: load_if(move || then(Ask::Can).map(|asked| api::rbac::can_i(&asked.can(now())))),
        who: load_if(move || of(Ask::Who).map(|asked| api::rbac::who_can(&asked.who(here.at())))),
        what: load_if(move || of(Ask::What).map(|asked| api::rbac::what_can(&asked.what(here.at())))),
        can: load_if(move || of(Ask::Can).map(|asked| api::rbac::can_i(&asked.can(here.at())))),
    }
}

impl Answers {
    fn ask(self) -> Option<Ask> {
        Question::of(self.here).map(|asked| asked.ask)
    }

    /// What the server says against the question itself.
    pub(super) fn problem(self) -> Option<String> {
        let error = match self.ask()? {
            Ask::Who => self.who.error(),
            Ask::What => self.what.error(),
            Ask::Can => self.can.error(),
        };
        error
            .filter(|error| error.status() == Some(400))
            .as_ref()
            .map(ApiError::message)
    }

    /// The size of the answer, for those who hear the page.
    pub(super) fn remark(self) -> Option<String> {
        if self.problem().is_some() {
            return None;
        }
        match self.ask()? {
            Ask::Who => self
                .who
                .map(|who| format::count(who.body.subjects.len() as u64, "subject", "subjects")),
            Ask::What => self.what.map(|what| {
                let rules: usize = what.body.places.iter().map(|place| place.permissions.len()).sum();
                format::count(rules as u64, "permission", "permissions")
            }),
            Ask::Can => self.can.map(|can| verdict::word(can.body.allowed).to_owned()),
        }
    }

    /// The card of the answer; nothing where nothing is asked, or the question can't be.
    pub(super) fn card(self) -> AnyView {
        let here = self.here;
        let shown = Memo::new(move |_| here.param("ask").filter(|_| self.problem().is_none()));
        let skeleton = || table_skeleton(6);
        let view = move || match shown.get().as_deref().and_then(Ask::of) {
            None => ().into_any(),
            Some(Ask::Who) => loaded(self.who, "answer", skeleton, move |who| {
                let now = self
                    .who_now
                    .map(|now| now.body.subjects.iter().map(|holder| holder.subject.clone()).collect());
                self.titled(who, who::who(here, &who.body, now.as_ref()))
            }),
            Some(Ask::What) => loaded(self.what, "answer", skeleton, move |what| {
                self.titled(what, permissions(here, &what.body))
            }),
            Some(Ask::Can) => loaded(self.can, "answer", skeleton, move |can| {
                let now = self.can_now.map(|now| now.body.allowed);
                self.titled(can, verdict::verdict(here, &can.body, now))
            }),
        };
        view.into_any()
    }

    fn titled<T>(self, answer: &Stamped<T>, body: AnyView) -> AnyView {
        let question = untrack(|| Question::of(self.here)).as_ref().map(Question::words);
        titled(question.unwrap_or_default(), answer.as_of.is_some(), body)
    }
}

fn titled(question: String, was_read: bool, body: AnyView) -> AnyView {
    let body = match was_read {
        true => body,
        false => {
            view! { <p class="card-body muted">"The cluster was not read yet, so nothing is known."</p> }.into_any()
        }
    };
    let content = view! {
        {body}
        <div class="card-foot">
            <span>"What RBAC says. The Node authoriser, webhooks and the cloud's own may allow more."</span>
        </div>
    };
    card("answer", (&question, ""), None, content.into_any())
}
