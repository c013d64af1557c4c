//! Answers for people.

use std::io::{self, Write};

use shared::escalations::{Cut, Escalation, Escalations, Fix, Removal, Step};
use shared::object::ObjectRef;
use shared::rbac::{CanI, Grant, Permission, Reason, Rule, Unknown, WhatCan, WhoCan};

use crate::cli::print::plain;

pub(super) fn can_i(answer: &CanI, out: &mut dyn Write) -> io::Result<()> {
    let word = match answer.allowed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not decided",
    };
    writeln!(out, "{word}")?;
    if let Some(Reason::Group { group }) = &answer.reason {
        writeln!(out, "  as {group}, which is let through before any role is looked at")?;
    }
    for grant in &answer.grants {
        writeln!(out, "  {}", plain(&chain(grant)))?;
    }
    dangling(&answer.dangling, out)?;
    notes(&answer.unknown, answer.inert, out)
}

/// `Group dev by RoleBinding shop/b, ClusterRole view, rules[0]`.
fn chain(grant: &Grant) -> String {
    format!("{} by {}", grant.subject, by(grant))
}

fn by(grant: &Grant) -> String {
    let through = grant.aggregated.as_ref();
    let through = through.map_or(String::new(), |role| format!(" through {role}"));
    format!("{}, {}{through}, rules[{}]", grant.binding, grant.role, grant.rule)
}

fn dangling(bindings: &[ObjectRef], out: &mut dyn Write) -> io::Result<()> {
    for binding in bindings {
        let binding = plain(&binding.to_string());
        writeln!(out, "note: {binding} grants nothing, since its role does not exist")?;
    }
    Ok(())
}

fn notes(unknown: &[Unknown], inert: bool, out: &mut dyn Write) -> io::Result<()> {
    for unknown in unknown {
        let what = match unknown {
            Unknown::Verb => "no request has this verb",
            Unknown::Resource => "the cluster is not known to have this resource",
            Unknown::Subresource => "the resource has no such subresource",
            Unknown::Namespace => "the cluster has no such namespace",
        };
        writeln!(out, "note: {what}")?;
    }
    if inert {
        writeln!(
            out,
            "note: no request is like this: what stands in no namespace is asked for without one"
        )?;
    }
    Ok(())
}

pub(super) fn who_can(answer: &WhoCan, out: &mut dyn Write) -> io::Result<()> {
    for holder in &answer.subjects {
        write!(out, "{}", plain(&holder.subject.to_string()))?;
        if let Some(members) = &holder.members {
            write!(out, " ({})", plain(members))?;
        }
        if let Some(count) = holder.service_accounts {
            write!(out, ", {count} service accounts")?;
        }
        if holder.is_missing == Some(true) {
            write!(out, ", which does not exist")?;
        }
        writeln!(out)?;
        for grant in &holder.grants {
            writeln!(out, "  by {}", plain(&by(grant)))?;
        }
    }
    notes(&answer.unknown, answer.inert, out)
}

pub(super) fn what_can(answer: &WhatCan, out: &mut dyn Write) -> io::Result<()> {
    if answer.is_root {
        writeln!(
            out,
            "everything: system:masters is let through before any role is looked at"
        )?;
    }
    for place in &answer.places {
        match place.namespace.as_str() {
            "" => writeln!(out, "In the whole cluster:")?,
            namespace => writeln!(out, "In namespace {}:", plain(namespace))?,
        }
        for permission in &place.permissions {
            writeln!(out, "  {}", plain(&sentence(permission)))?;
        }
    }
    if answer.places.is_empty() && !answer.is_root {
        writeln!(out, "nothing")?;
    }
    dangling(&answer.dangling, out)
}

/// `get,list on pods,pods/log`, `* on deployments.apps`, `get on secrets named tls`, `get on /metrics`.
fn sentence(permission: &Permission) -> String {
    let Rule {
        verbs,
        api_groups,
        resources,
        resource_names,
        non_resource_urls,
    } = &permission.rule;
    let mut objects = non_resource_urls.clone();
    for group in api_groups {
        objects.extend(resources.iter().map(|resource| match group.as_str() {
            "" => resource.clone(),
            group => format!("{resource}.{group}"),
        }));
    }
    let mut sentence = format!("{} on {}", verbs.join(","), objects.join(","));
    if !resource_names.is_empty() {
        sentence = format!("{sentence} named {}", resource_names.join(","));
    }
    if permission.inert {
        sentence.push_str(" (never asked for in a namespace)");
    }
    sentence
}

pub(super) fn escalations(answer: &Escalations, out: &mut dyn Write) -> io::Result<()> {
    for count in &answer.sinks {
        let mut ways = answer.items.iter().filter(|way| way.sink == count.sink).peekable();
        if ways.peek().is_some() {
            let others = count.expected;
            let subjects = count.subjects;
            writeln!(
                out,
                "{}: {subjects}, and {others} whom Kubernetes means to",
                count.sink.as_str()
            )?;
        }
        ways.try_for_each(|way| escalation(way, out))?;
    }
    if answer.items.is_empty() {
        writeln!(out, "nobody")?;
    }
    cut(&answer.cut, out)?;
    answer
        .blind
        .iter()
        .try_for_each(|blind| writeln!(out, "note: {}", blind.text))
}

fn cut(cut: &Cut, out: &mut dyn Write) -> io::Result<()> {
    let Cut {
        fixes,
        closes,
        of,
        lower_bound,
    } = cut;
    match fixes.len() {
        0 => return Ok(()),
        1 => writeln!(out, "This change closes {closes} of {of}:")?,
        count => writeln!(
            out,
            "These {count} changes close {closes} of {of}; no fewer than {lower_bound} can:"
        )?,
    }
    fixes
        .iter()
        .try_for_each(|fix| writeln!(out, "  {}", plain(&change(fix))))
}

fn escalation(way: &Escalation, out: &mut dyn Write) -> io::Result<()> {
    let expected = if way.expected { " (Kubernetes means it so)" } else { "" };
    writeln!(out, "  {}{expected}", plain(&way.subject.to_string()))?;
    way.steps.iter().try_for_each(|step| taken(step, out))?;
    way.fix
        .iter()
        .try_for_each(|fix| writeln!(out, "    to stop it: {}", plain(&change(fix))))
}

fn taken(step: &Step, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "    {}", plain(&step.sentence))?;
    let mut grants = step.needs.iter().filter_map(|need| need.grant.as_ref());
    grants.try_for_each(|grant| writeln!(out, "      {}", plain(&chain(grant))))
}

fn change(fix: &Fix) -> String {
    let what = match &fix.removal {
        Removal::Subject { binding, subject } => format!("take {subject} off {binding}"),
        Removal::Binding { binding } => format!("delete {binding}"),
        Removal::Rule { role, rule } => format!("take rules[{rule}] out of {role}"),
    };
    format!("{what}, which closes {}", fix.closes)
}
