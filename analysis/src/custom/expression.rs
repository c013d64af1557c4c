//! Expressions in CEL: read once, with bounds, and run on many objects.
//!
//! CEL has no recursion and no loop without an end, but loops in loops, texts that double, and copies of the object can take long and
//! fill the memory all the same. So whatever is gone through, copied or compared draws on an allowance by its size while the expression
//! runs: one for an object, and one for all that a check judges in a run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use cel::common::ast::operators::{
    ADD, CONDITIONAL, DIVIDE, INDEX, LOGICAL_AND, LOGICAL_NOT, LOGICAL_OR, MODULO, MULTIPLY, NEGATE,
    NOT_STRICTLY_FALSE, SUBSTRACT,
};
use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue};
use cel::common::types::{CelBytes, CelList, CelMap, CelOptional, CelString};
use cel::common::value::{CowVal, Val};
use cel::extractors::This;
use cel::parser::PrattParser;
use cel::{Context, ExecutionError, FunctionContext, Value};
use regex::{Regex, RegexBuilder};

use super::fields::{self, FieldPath};
use super::limits::{self, Problem};

/// How long an expression may be, in bytes.
const MAX_LENGTH: usize = 4096;
/// How deep it may nest.
const MAX_DEPTH: u16 = 48;
/// How many steps it may take on one object. A value is one step, and a text one more for each [`TEXT`] bytes of it.
const ALLOWANCE: u64 = 500_000;
/// How many steps the expressions of a check may take on all the objects of a run.
const RUN_ALLOWANCE: u64 = 50_000_000;
/// How many bytes of a text are a step.
const TEXT: u64 = 16;
/// What a pattern costs, in steps: it may have to be read anew.
const PATTERN: u64 = 500;
/// How much a pattern may take, read, in bytes, and as much again while it is matched.
const PATTERN_SIZE: usize = 1 << 18;
/// How many patterns are kept read.
const PATTERNS: usize = 64;
/// How much of an error is told, in characters.
const TOLD: usize = 200;

/// Named so that no expression can call it: gives what it is given, and draws its size.
const PAY: &str = "@pay";
/// What costs the same whatever it is given.
const FREE: &[&str] = &[
    CONDITIONAL,
    DIVIDE,
    LOGICAL_AND,
    LOGICAL_NOT,
    LOGICAL_OR,
    MODULO,
    MULTIPLY,
    NEGATE,
    NOT_STRICTLY_FALSE,
    SUBSTRACT,
];

/// An expression that can be run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression {
    tree: IdedExpr,
    /// The fields that it reads.
    pub(super) fields: Vec<FieldPath>,
}

impl Expression {
    /// Reads an expression over these variables.
    ///
    /// # Errors
    /// It is no CEL, too long or too deep, or names what does not exist.
    pub(super) fn compile(source: &str, variables: &'static [&'static str]) -> Result<Self, Problem> {
        if source.len() > MAX_LENGTH {
            return Err(Problem::Long(MAX_LENGTH));
        }
        let parser = PrattParser::new()
            .max_recursion_depth(MAX_DEPTH)
            .error_reporting_limit(1);
        let mut tree = parser.parse(source).map_err(|errors| syntax(&errors))?;
        limits::hold(&tree, variables)?;
        let fields = fields::read(&tree, variables);
        meter(&mut tree);
        Ok(Self { tree, fields })
    }
}

fn syntax(errors: &cel::ParseErrors) -> Problem {
    match errors.errors.first() {
        Some(first) => Problem::Syntax {
            line: first.pos.0,
            column: first.pos.1,
            message: first.msg.clone(),
        },
        None => Problem::Syntax {
            line: 1,
            column: 1,
            message: "it can't be read".into(),
        },
    }
}

/// Lets each part whose value is gone through, copied or compared draw on the allowance.
fn meter(expr: &mut IdedExpr) {
    match &mut expr.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => {}
        Expr::Select(select) => meter(&mut select.operand),
        Expr::List(list) => list.elements.iter_mut().for_each(metered),
        Expr::Map(map) => map.entries.iter_mut().for_each(|entry| meter_entry(&mut entry.expr)),
        Expr::Struct(made) => made.entries.iter_mut().for_each(|entry| meter_entry(&mut entry.expr)),
        Expr::Comprehension(each) => {
            // Each step copies an element of the range into its variable; that there are steps is paid so, too.
            [&mut each.iter_range, &mut each.accu_init]
                .into_iter()
                .for_each(metered);
            let parts = [&mut each.loop_cond, &mut each.loop_step, &mut each.result];
            parts.into_iter().for_each(meter);
        }
        Expr::Call(call) => {
            let visit = if is_free(call) { meter } else { metered };
            call.target.iter_mut().for_each(|target| visit(target));
            call.args.iter_mut().for_each(visit);
        }
    }
}

fn meter_entry(entry: &mut EntryExpr) {
    match entry {
        EntryExpr::StructField(field) => metered(&mut field.value),
        EntryExpr::MapEntry(entry) => {
            metered(&mut entry.key);
            metered(&mut entry.value);
        }
    }
}

/// Meters an expression within, and its value.
fn metered(expr: &mut IdedExpr) {
    meter(expr);
    let (id, inner) = (expr.id, std::mem::take(expr));
    let call = CallExpr {
        func_name: PAY.to_owned(),
        target: None,
        args: vec![inner],
    };
    *expr = IdedExpr {
        id,
        expr: Expr::Call(call),
    };
}

/// Whether a call costs the same whatever it is given.
fn is_free(call: &CallExpr) -> bool {
    let part = |index: usize| call.args.get(index).map(|part| &part.expr);
    match call.func_name.as_str() {
        // A macro's addition to its result: the interpreter knows it and does it in place, if it is left as it is.
        ADD => matches!(part(0), Some(Expr::Ident(name)) if name.starts_with('@')),
        INDEX => matches!(part(1), Some(Expr::Literal(LiteralValue::String(_)))),
        name => FREE.contains(&name),
    }
}

/// What is left of the allowance.
#[derive(Debug, Clone, Default)]
struct Allowance(Arc<AtomicU64>);

impl Allowance {
    fn draw(&self, steps: u64) -> Result<(), ExecutionError> {
        let drawn = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(steps));
        match drawn {
            Ok(_) => Ok(()),
            Err(_) => {
                self.0.store(0, Ordering::Relaxed);
                Err(ExecutionError::function_error(PAY, Fault::Long))
            }
        }
    }
}

/// What a check may still take in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(RUN_ALLOWANCE)
    }
}

/// Why an expression gave no value for an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It is more work than it may be.
    #[error("the expression takes more than {ALLOWANCE} steps")]
    Long,
    /// The objects before this one were more work than all may be.
    #[error("the check takes more than {RUN_ALLOWANCE} steps on all objects together")]
    Spent,
    /// It failed.
    #[error("{0}")]
    Failed(String),
}

/// A function as the interpreter calls it, which gives back what it was given without a copy.
type Function =
    Box<dyn for<'b, 'v> Fn(&mut FunctionContext<'b, 'v>) -> Result<CowVal<'b, 'v>, ExecutionError> + Send + Sync>;

/// Runs expressions.
pub(super) struct Interpreter {
    root: Context<'static, 'static>,
    allowance: Allowance,
}

impl Interpreter {
    pub(super) fn new() -> Self {
        let (mut root, allowance) = (Context::default(), Allowance::default());
        let (values, matched) = (allowance.clone(), allowance.clone());
        let pay: Function = Box::new(move |call| {
            let value = call.args.pop().ok_or_else(|| call.error("nothing to pay for"))?;
            // What is spent is not even measured.
            values.draw(1)?;
            values.draw(within(value.as_ref()))?;
            Ok(value)
        });
        let patterns = Patterns::default();
        let matches = move |This(text): This<Arc<String>>, pattern: Arc<String>| {
            matched.draw(PATTERN)?;
            patterns.is_match(&text, &pattern)
        };
        // A name that is taken is an error; none of these is.
        _ = root.add_function::<Function, Function>(PAY, pay);
        _ = root.add_function("matches", matches);
        Self { root, allowance }
    }

    /// A scope to put variables into.
    pub(super) fn scope(&self) -> Context<'_, 'static> {
        self.root.new_inner_scope()
    }

    /// What an expression gives in a scope, for what its check may still take.
    pub(super) fn run(
        &self,
        expression: &Expression,
        scope: &Context<'_, 'static>,
        budget: &mut Budget,
    ) -> Result<Value, Fault> {
        let granted = budget.0.min(ALLOWANCE);
        // One more than it may take: if nothing is left, it wanted more.
        self.allowance.0.store(granted + 1, Ordering::Relaxed);
        let value = Value::resolve(&expression.tree, scope);
        let left = self.allowance.0.load(Ordering::Relaxed);
        budget.0 = budget.0.saturating_sub(granted + 1 - left);
        // `||` and `exists` absorb errors, but not these.
        match left {
            0 if granted < ALLOWANCE => Err(Fault::Spent),
            0 => Err(Fault::Long),
            _ => value.map_err(|error| Fault::Failed(error.to_string().chars().take(TOLD).collect())),
        }
    }
}

/// Patterns that were read, by their text: most are the same for each object.
#[derive(Debug, Default)]
struct Patterns(Mutex<HashMap<String, Regex>>);

impl Patterns {
    fn is_match(&self, text: &str, pattern: &str) -> Result<bool, ExecutionError> {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = read.get(pattern) {
            return Ok(known.is_match(text));
        }
        let built = RegexBuilder::new(pattern)
            .size_limit(PATTERN_SIZE)
            .dfa_size_limit(PATTERN_SIZE)
            .build()
            .map_err(|error| ExecutionError::function_error("matches", error))?;
        if read.len() == PATTERNS {
            read.clear();
        }
        Ok(read.entry(pattern.to_owned()).or_insert(built).is_match(text))
    }
}

/// How much of a value there is to copy or to compare, in steps.
fn size(value: &dyn Val) -> u64 {
    1 + within(value)
}

/// How much of that is within it.
fn within(value: &dyn Val) -> u64 {
    let of_text = |bytes: usize| bytes as u64 / TEXT;
    if let Some(text) = value.downcast_ref::<CelString>() {
        of_text(text.inner().len())
    } else if let Some(bytes) = value.downcast_ref::<CelBytes>() {
        of_text(bytes.inner().len())
    } else if let Some(list) = value.downcast_ref::<CelList>() {
        list.inner().iter().map(|item| size(item.as_ref())).sum()
    } else if let Some(map) = value.downcast_ref::<CelMap>() {
        let entries = map.inner().iter();
        entries.map(|(key, item)| size(key.inner()) + size(item.as_ref())).sum()
    } else if let Some(optional) = value.downcast_ref::<CelOptional>() {
        optional.inner().map_or(0, size)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(source: &str) -> Result<Value, Fault> {
        let interpreter = Interpreter::new();
        let mut scope = interpreter.scope();
        scope.add_variable_from_value("object", (0..200_i64).collect::<Vec<_>>());
        let expression = Expression::compile(source, &["object"]).unwrap();
        interpreter.run(&expression, &scope, &mut Budget::default())
    }

    #[test]
    fn the_language_is_the_one_that_people_know() {
        for source in [
            "object.all(i, i < 200) && object.exists(i, i == 7) && !object.exists_one(i, i > 7)",
            "object.filter(i, i > 197).map(i, i * 2) == [396, 398]",
            "size('a' + 'b') == 2 && 1 + 2 == 3 && [1] + [2] == [1, 2]",
            "'registry.example.com/a:1'.matches('^registry[.]example[.]com/') && 'b'.startsWith('b')",
            "has({'a': 1}.a) && !has({'a': 1}.b) && ('x' in ['x'] ? true : false)",
        ] {
            assert_eq!(run(source), Ok(Value::Bool(true)), "{source}");
        }
    }

    #[test]
    fn what_takes_too_long_gives_no_value_whatever_is_made_of_it() {
        for source in [
            "object.all(a, object.all(b, object.all(c, true)))",
            "object.all(a, object.all(b, object.all(c, true))) || true",
            "object.map(a, object.map(b, object.filter(c, true))).size() > 0",
            "object.exists_one(a, object.exists_one(b, object.exists_one(c, true)))",
            "object.all(a, object.all(b, 'a'.matches('^a')))",
        ] {
            assert_eq!(run(source), Err(Fault::Long), "{source}");
        }
    }

    #[test]
    fn a_text_that_doubles_runs_out_of_steps_before_it_fills_the_memory() {
        let sum = ["a"; 40].join(" + ");
        let source = format!("['0123456789'].map(a, {sum}).map(a, {sum}).map(a, {sum}).size() == 1");
        assert_eq!(run(&source), Err(Fault::Long));
    }

    #[test]
    fn what_is_copied_or_compared_is_paid_for_by_its_size() {
        let numbers = (0..58).map(|number| number.to_string()).collect::<Vec<_>>().join(", ");
        let text = "x".repeat(1000);
        for body in [
            "object",
            "{'a': object}",
            "[object]",
            "object + object",
            "object == object",
            "object in [object]",
            "object[c] == 0",
            &format!("'{text}'"),
            &format!("'{text}' < '{text}'"),
            &format!("'{text}'.contains('y')"),
        ] {
            let source = format!("[{numbers}].map(a, [{numbers}].map(b, [{numbers}].map(c, {body}))).size() == 0");
            assert_eq!(run(&source), Err(Fault::Long), "{body}");
        }
    }

    #[test]
    fn the_deepest_expression_that_is_read_can_be_run() {
        let chain = |length: usize| format!("size({}) > 0", vec!["'a'"; length].join(" + "));
        let deepest = (1..100)
            .rev()
            .find(|length| Expression::compile(&chain(*length), &["object"]).is_ok());
        assert_eq!(run(&chain(deepest.unwrap())), Ok(Value::Bool(true)));
    }

    #[test]
    fn what_a_check_takes_on_all_objects_has_an_end() {
        let interpreter = Interpreter::new();
        let mut scope = interpreter.scope();
        scope.add_variable_from_value("object", "x".repeat(7_000_000));
        let expression = Expression::compile("size(object) > 0", &["object"]).unwrap();
        let mut budget = Budget::default();
        let runs = (0..200).map(|_| interpreter.run(&expression, &scope, &mut budget));
        let runs: Vec<_> = runs.collect();
        let good = runs.iter().take_while(|run| **run == Ok(Value::Bool(true))).count();
        assert_eq!(good as u64, RUN_ALLOWANCE / (7_000_000 / TEXT + 1));
        assert!(runs[good..].iter().all(|run| *run == Err(Fault::Spent)));
    }

    #[test]
    fn what_fails_says_why() {
        let fault = run("object.missing == 1").unwrap_err();
        assert!(matches!(fault, Fault::Failed(_)), "{fault}");
        assert!(run("'a'.matches('(')").is_err());
        assert!(run("'a'.matches('((a{1000}){1000}){1000}')").is_err());
    }

    #[test]
    fn absurd_input_is_refused_without_harm() {
        let refused = |source: &str| assert!(Expression::compile(source, &["object"]).is_err(), "{source}");
        refused("");
        refused("object.");
        refused(&"(".repeat(4000));
        refused(&"!".repeat(4000));
        refused(&"[".repeat(4000));
        refused(&"a.".repeat(2000));
        refused(&format!("object == '{}'", "x".repeat(5000)));
        refused("@pay(object)");
        refused("'\u{0}\u{ffff}' +");
    }
}
