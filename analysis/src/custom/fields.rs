//! The fields that an expression reads: the evidence of a finding where its check names none.

use std::collections::BTreeSet;

use cel::common::ast::operators::INDEX;
use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue};
/// How many fields are shown.
const SHOWN: usize = 5;

/// A field: the variable that it is reached from, and its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FieldPath {
    /// The variable: `object`.
    pub(super) root: &'static str,
    /// The fields from there on.
    pub(super) keys: Vec<String>,
}

/// The fields of `variables` that an expression reads, without those that others lie within.
pub(super) fn read(expr: &IdedExpr, variables: &'static [&'static str]) -> Vec<FieldPath> {
    let mut found = BTreeSet::new();
    visit(expr, variables, &mut found);
    let is_within = |outer: &FieldPath, inner: &FieldPath| {
        outer.root == inner.root && inner.keys.len() > outer.keys.len() && inner.keys.starts_with(&outer.keys)
    };
    let innermost = found
        .iter()
        .filter(|path| !found.iter().any(|other| is_within(path, other)));
    innermost.take(SHOWN).cloned().collect()
}

fn visit(expr: &IdedExpr, variables: &'static [&'static str], found: &mut BTreeSet<FieldPath>) {
    if let Some(path) = path(expr, variables) {
        if !path.keys.is_empty() {
            found.insert(path);
        }
        return;
    }
    match &expr.expr {
        Expr::Unspecified | Expr::Literal(_) | Expr::Ident(_) | Expr::Struct(_) => {}
        Expr::Select(select) => visit(&select.operand, variables, found),
        Expr::List(list) => list.elements.iter().for_each(|item| visit(item, variables, found)),
        Expr::Map(map) => map.entries.iter().for_each(|entry| {
            if let EntryExpr::MapEntry(entry) = &entry.expr {
                visit(&entry.key, variables, found);
                visit(&entry.value, variables, found);
            }
        }),
        Expr::Call(call) => {
            let parts = call.target.as_deref().into_iter().chain(&call.args);
            parts.for_each(|part| visit(part, variables, found));
        }
        Expr::Comprehension(each) => {
            let parts = [&each.iter_range, &each.accu_init, &each.loop_step];
            parts.into_iter().for_each(|part| visit(part, variables, found));
        }
    }
}

/// The path of a field, if the expression is one.
fn path(expr: &IdedExpr, variables: &'static [&'static str]) -> Option<FieldPath> {
    let longer = |operand: &IdedExpr, key: &str| {
        let mut path = path(operand, variables)?;
        path.keys.push(key.to_owned());
        Some(path)
    };
    match &expr.expr {
        Expr::Ident(name) => {
            let root = variables.iter().copied().find(|variable| variable == name)?;
            Some(FieldPath { root, keys: Vec::new() })
        }
        Expr::Select(select) => longer(&select.operand, &select.field),
        Expr::Call(call) if call.func_name == INDEX => match (call.args.first(), call.args.get(1).map(|key| &key.expr))
        {
            (Some(operand), Some(Expr::Literal(LiteralValue::String(key)))) => longer(operand, key.inner()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::expression::Expression;
    use crate::field::join;

    #[test]
    fn the_innermost_fields_are_the_evidence() {
        let source = "has(object.metadata.labels) && object.metadata.labels['example.com/team'] != '' \
            && object.spec.containers.all(c, has(c.image))";
        let expression = Expression::compile(source, &["object"]).unwrap();
        let paths = expression
            .fields
            .iter()
            .map(|path| join(path.keys.iter().map(String::as_str)));
        assert_eq!(
            paths.collect::<Vec<_>>(),
            ["metadata.labels[example.com/team]", "spec.containers"]
        );
    }
}
