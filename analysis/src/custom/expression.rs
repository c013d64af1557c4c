//! Expressions in CEL: read once, with bounds, and run on many objects.
//!
//! CEL has no recursion and no loop without an end, but loops in loops and texts that double can take long all the same. So each
//! step of a loop and each addition draws on an allowance that is counted while the expression runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cel::common::ast::operators::{ADD, CONDITIONAL};
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue};
use cel::extractors::This;
use cel::parser::PrattParser;
use cel::{Context, ExecutionError, Value};
use regex::RegexBuilder;

use super::fields::{self, FieldPath};
use super::limits::{self, Problem};

/// How long an expression may be, in bytes.
const MAX_LENGTH: usize = 4096;
/// How deep it may nest.
const MAX_DEPTH: u16 = 48;
/// How many steps it may take on one object.
const ALLOWANCE: u64 = 200_000;
/// What a pattern costs, in steps: it is read anew each time.
const PATTERN: u64 = 200;
/// How much a pattern may take, read, in bytes.
const PATTERN_SIZE: usize = 1 << 18;
/// How much of an error is told, in characters.
const TOLD: usize = 200;

/// Named so that no expression can call it: takes a step.
const STEP: &str = "@step";
/// Named so that no expression can call it: adds, and pays for it.
const PLUS: &str = "@plus";

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

/// Lets each loop and each addition draw on the allowance.
fn meter(expr: &mut IdedExpr) {
    match &mut expr.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => {}
        Expr::Select(select) => meter(&mut select.operand),
        Expr::List(list) => list.elements.iter_mut().for_each(meter),
        Expr::Map(map) => map.entries.iter_mut().for_each(|entry| meter_entry(&mut entry.expr)),
        Expr::Struct(made) => made.entries.iter_mut().for_each(|entry| meter_entry(&mut entry.expr)),
        Expr::Comprehension(each) => meter_loop(each),
        Expr::Call(call) => {
            call.target.iter_mut().for_each(|target| meter(target));
            call.args.iter_mut().for_each(meter);
            if call.func_name == ADD && !collects(call) {
                call.func_name = PLUS.to_owned();
            }
        }
    }
}

fn meter_entry(entry: &mut EntryExpr) {
    match entry {
        EntryExpr::StructField(field) => meter(&mut field.value),
        EntryExpr::MapEntry(entry) => {
            meter(&mut entry.key);
            meter(&mut entry.value);
        }
    }
}

/// Whether an addition is that of a macro to its result, which the interpreter knows and does in place.
fn collects(call: &CallExpr) -> bool {
    matches!(call.args.first().map(|first| &first.expr), Some(Expr::Ident(name)) if name.starts_with('@'))
}

fn meter_loop(each: &mut ComprehensionExpr) {
    let parts = [
        &mut each.iter_range,
        &mut each.accu_init,
        &mut each.loop_cond,
        &mut each.loop_step,
        &mut each.result,
    ];
    parts.into_iter().for_each(meter);
    // `map` and `filter` are done in place as long as their condition is a literal: there the step is taken within.
    match &mut each.loop_step.expr {
        Expr::Call(call) if call.func_name == CONDITIONAL => call.args.iter_mut().take(1).for_each(gate),
        Expr::Call(call) if call.func_name == ADD => call.args.iter_mut().skip(1).for_each(gate_elements),
        _ => gate(&mut each.loop_cond),
    }
}

fn gate_elements(list: &mut IdedExpr) {
    if let Expr::List(list) = &mut list.expr {
        list.elements.iter_mut().for_each(gate);
    }
}

/// Takes a step before the expression is run. A conditional, since an error of its condition can't be absorbed.
fn gate(expr: &mut IdedExpr) {
    let id = expr.id;
    let node = |expr| IdedExpr { id, expr };
    let call = |name: &str, args| {
        node(Expr::Call(CallExpr {
            func_name: name.to_owned(),
            target: None,
            args,
        }))
    };
    let never = node(Expr::Literal(LiteralValue::Boolean(false.into())));
    let gated = std::mem::take(expr);
    *expr = call(CONDITIONAL, vec![call(STEP, Vec::new()), gated, never]);
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
                Err(ExecutionError::function_error(STEP, Fault::Long))
            }
        }
    }
}

/// Why an expression gave no value for an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It is more work than it may be.
    #[error("the expression takes more than {ALLOWANCE} steps")]
    Long,
    /// It failed.
    #[error("{0}")]
    Failed(String),
}

/// Runs expressions.
pub(super) struct Interpreter {
    root: Context<'static, 'static>,
    allowance: Allowance,
}

impl Interpreter {
    pub(super) fn new() -> Self {
        let (mut root, allowance) = (Context::default(), Allowance::default());
        let (steps, sums, patterns) = (allowance.clone(), allowance.clone(), allowance.clone());
        let step = move || steps.draw(1).map(|()| true);
        let plus = move |left: Value, right: Value| {
            sums.draw(1 + size(&left) + size(&right))?;
            left + right
        };
        let matches = move |This(text): This<Arc<String>>, pattern: Arc<String>| {
            patterns.draw(PATTERN + text.len() as u64)?;
            is_match(&text, &pattern)
        };
        // A name that is taken is an error; none of these is.
        _ = root.add_function(STEP, step);
        _ = root.add_function(PLUS, plus);
        _ = root.add_function("matches", matches);
        Self { root, allowance }
    }

    /// A scope to put variables into.
    pub(super) fn scope(&self) -> Context<'_, 'static> {
        self.root.new_inner_scope()
    }

    /// What an expression gives in a scope.
    pub(super) fn run(&self, expression: &Expression, scope: &Context<'_, 'static>) -> Result<Value, Fault> {
        // One more than it may take: if nothing is left, it wanted more.
        self.allowance.0.store(ALLOWANCE + 1, Ordering::Relaxed);
        let value = Value::resolve(&expression.tree, scope);
        // `||` and `exists` absorb errors, but not this one.
        if self.allowance.0.load(Ordering::Relaxed) == 0 {
            return Err(Fault::Long);
        }
        value.map_err(|error| Fault::Failed(error.to_string().chars().take(TOLD).collect()))
    }
}

fn is_match(text: &str, pattern: &str) -> Result<bool, ExecutionError> {
    let pattern = RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build();
    let pattern = pattern.map_err(|error| ExecutionError::function_error("matches", error))?;
    Ok(pattern.is_match(text))
}

/// How much is copied where a value is added to another.
fn size(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64,
        Value::Bytes(bytes) => bytes.len() as u64,
        Value::List(list) => list.iter().map(|item| 1 + size(item)).sum(),
        Value::Map(map) => map.map.values().map(|item| 1 + size(item)).sum(),
        _ => 0,
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
        interpreter.run(&expression, &scope)
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
        refused("@step() ? object : object");
        refused("'\u{0}\u{ffff}' +");
    }
}
