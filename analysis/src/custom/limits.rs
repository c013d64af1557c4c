//! What an expression may be: as deep as the interpreter's stack bears, and over names that exist.

use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr};

use crate::near::{near, suggestion};

/// How deep the tree may be. The interpreter goes down a stack frame for each level.
const MAX_LEVELS: usize = 64;
/// How many loops may run inside each other, or over what another one made.
const MAX_LOOPS: usize = 3;

/// The functions, beside operators. What they cost grows with what they are given and no faster.
const FUNCTIONS: &[&str] = &[
    "bool",
    "bytes",
    "contains",
    "double",
    "dyn",
    "endsWith",
    "int",
    "matches",
    "size",
    "startsWith",
    "string",
    "type",
    "uint",
];

/// The names of types.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
];

/// Why an expression can't be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    /// It is too long.
    #[error("is longer than {0} bytes")]
    Long(usize),
    /// It is no CEL.
    #[error("is no CEL: at line {line}, column {column} of it: {message}")]
    Syntax {
        line: isize,
        column: isize,
        message: String,
    },
    /// It nests too deep.
    #[error("nests deeper than {MAX_LEVELS} levels")]
    Deep,
    /// Its loops nest too deep.
    #[error("has more than {MAX_LOOPS} loops (all, exists, map, filter) inside each other")]
    Loops,
    /// It makes a message of protobuf.
    #[error("makes a {0}, but there are no such types")]
    Struct(String),
    /// It names what is not there.
    #[error("names {name}, which does not exist{suggestion}")]
    Name { name: String, suggestion: String },
    /// It calls what is not there.
    #[error("calls {name}, which does not exist{suggestion}")]
    Function { name: String, suggestion: String },
}

/// Whether an expression keeps within the limits.
pub(super) fn hold(expr: &IdedExpr, variables: &'static [&'static str]) -> Result<(), Problem> {
    let mut walk = Walk {
        variables,
        bound: Vec::new(),
    };
    walk.visit(expr, Place { level: 0, loops: 0 })
}

struct Walk<'a> {
    variables: &'static [&'static str],
    /// The variables of the loops around.
    bound: Vec<&'a str>,
}

#[derive(Clone, Copy)]
struct Place {
    level: usize,
    loops: usize,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, expr: &'a IdedExpr, at: Place) -> Result<(), Problem> {
        if at.level > MAX_LEVELS {
            return Err(Problem::Deep);
        }
        let below = Place {
            level: at.level + 1,
            ..at
        };
        match &expr.expr {
            Expr::Unspecified | Expr::Literal(_) => Ok(()),
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => self.visit(&select.operand, below),
            Expr::List(list) => list.elements.iter().try_for_each(|item| self.visit(item, below)),
            Expr::Map(map) => map.entries.iter().try_for_each(|entry| self.entry(entry, below)),
            Expr::Struct(made) => Err(Problem::Struct(made.type_name.clone())),
            Expr::Call(call) => {
                function(&call.func_name)?;
                let parts = call.target.as_deref().into_iter().chain(&call.args);
                parts.into_iter().try_for_each(|part| self.visit(part, below))
            }
            Expr::Comprehension(each) => {
                let within = Place {
                    loops: at.loops + 1,
                    ..below
                };
                if within.loops > MAX_LOOPS {
                    return Err(Problem::Loops);
                }
                self.visit(&each.iter_range, within)?;
                self.bound.push(&each.iter_var);
                let parts = [&each.accu_init, &each.loop_cond, &each.loop_step, &each.result];
                let held = parts.into_iter().try_for_each(|part| self.visit(part, within));
                self.bound.pop();
                held
            }
        }
    }

    fn entry(&mut self, entry: &'a IdedEntryExpr, below: Place) -> Result<(), Problem> {
        match &entry.expr {
            EntryExpr::StructField(field) => self.visit(&field.value, below),
            EntryExpr::MapEntry(entry) => {
                self.visit(&entry.key, below)?;
                self.visit(&entry.value, below)
            }
        }
    }

    fn name(&self, name: &str) -> Result<(), Problem> {
        // What begins so was put there by a macro.
        let known = name.starts_with('@') || self.bound.contains(&name);
        if known || self.variables.contains(&name) || TYPES.contains(&name) {
            return Ok(());
        }
        let names = self.variables.iter().copied().chain(self.bound.iter().copied());
        Err(Problem::Name {
            name: name.to_owned(),
            suggestion: suggestion(&near(name, names)),
        })
    }
}

fn function(name: &str) -> Result<(), Problem> {
    let is_operator = name.contains('_') && !name.starts_with(char::is_alphabetic) || name.starts_with('@');
    if is_operator || FUNCTIONS.contains(&name) {
        return Ok(());
    }
    Err(Problem::Function {
        name: name.to_owned(),
        suggestion: suggestion(&near(name, FUNCTIONS.iter().copied())),
    })
}

#[cfg(test)]
mod tests {
    use super::super::expression::Expression;

    fn problem(source: &str) -> String {
        Expression::compile(source, &["object", "pod"]).unwrap_err().to_string()
    }

    #[test]
    fn what_does_not_exist_is_told_with_what_may_have_been_meant() {
        assert_eq!(
            problem("objct.spec == 1"),
            "names objct, which does not exist; did you mean object?"
        );
        assert_eq!(
            problem("object.all(c, d)"),
            "names d, which does not exist; did you mean c?"
        );
        assert_eq!(
            problem("object.startWith('a')"),
            "calls startWith, which does not exist; did you mean startsWith?"
        );
        assert_eq!(problem("now()"), "calls now, which does not exist");
    }

    #[test]
    fn loops_nest_three_deep_in_each_other_and_over_each_other() {
        let limit = "has more than 3 loops (all, exists, map, filter) inside each other";
        assert!(Expression::compile("object.all(a, a.all(b, b.all(c, c)))", &["object"]).is_ok());
        assert_eq!(problem("object.all(a, a.all(b, b.all(c, c.all(d, d))))"), limit);
        assert_eq!(problem("object.map(a, a).map(a, a).map(a, a).map(a, a) == []"), limit);
    }

    #[test]
    fn a_loop_variable_ends_with_its_loop() {
        assert_eq!(problem("object.all(c, c) && c"), "names c, which does not exist");
    }

    #[test]
    fn a_chain_is_as_deep_as_it_is_long() {
        let chain = |length: usize| vec!["object"; length].join(" == ");
        assert!(Expression::compile(&chain(40), &["object"]).is_ok());
        assert_eq!(problem(&chain(100)), "nests deeper than 64 levels");
    }
}
