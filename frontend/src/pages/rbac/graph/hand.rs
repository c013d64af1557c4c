//! Moving about in the graph: by pointer, wheel and keys. Nothing is drawn anew: classes, the scroll position and the size of the
//! picture change in place.

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::ev::{KeyboardEvent, MouseEvent, WheelEvent};
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use shared::rbac::graph::{Graph, GraphNode, Layer};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::drawing::{scaled, transform};
use super::geometry::{WIDTH, corner, height, top};
use super::opened;
use super::paths::{Way, next, through};
use crate::components::object::{object_path, subject_path};
use crate::here::Here;

/// How far zooming goes.
const SCALES: (f64, f64) = (0.2, 2.5);
/// The scale at which the words of nodes can just be read.
const LEGIBLE: f64 = 0.55;
/// One press of a zoom key.
const STEP: f64 = 1.2;
/// How long zooming rests until it has ended.
const REST: Duration = Duration::from_millis(200);
/// How far a pointer may slip in a click, in pixels.
const SLIP: i32 = 4;

/// The graph at hand.
#[derive(Clone, Copy)]
pub(super) struct Hand {
    here: Here,
    /// The box in which the picture scrolls.
    pub(super) frame: NodeRef<html::Div>,
    held: StoredValue<Held>,
    /// The node that keys have moved to.
    pub(super) at: RwSignal<Option<usize>>,
}

/// What is held without being followed.
struct Held {
    graph: Graph,
    scale: f64,
    /// How far zooming has moved the drawing on its sheet, until the frame is scrolled there instead.
    shift: (f64, f64),
    /// Where the pointer went down, and where the frame was scrolled to.
    grip: Option<[i32; 4]>,
    dragged: bool,
    /// The group that was opened: its layer, how far it stood below the frame's top, and the nodes that were there before.
    opened: Option<(Layer, i32, BTreeSet<String>)>,
    /// What is lit.
    marked: Marked,
    /// What ends zooming.
    rest: Option<TimeoutHandle>,
}

/// Nothing at hand yet.
pub(super) fn hand(here: Here) -> Hand {
    Hand {
        here,
        frame: NodeRef::new(),
        held: StoredValue::new(Held {
            graph: Graph::default(),
            scale: 1.0,
            shift: (0.0, 0.0),
            grip: None,
            dragged: false,
            opened: None,
            marked: Marked::default(),
            rest: None,
        }),
        at: RwSignal::new(None),
    }
}

impl Hand {
    /// Takes a graph that is about to be drawn, and gives its scale. Where keys had moved to stays, if it is still there.
    pub(super) fn take(self, graph: &Graph) -> f64 {
        let before = self.node_at().map(|node| node.id);
        let now = before.and_then(|id| graph.nodes.iter().position(|node| node.id == id));
        let is_first = self.held.with_value(|held| held.graph.nodes.is_empty());
        if is_first {
            // Where there are many permissions, the subjects begin further down.
            let start = top(graph, Layer::Subjects) - SHOWN;
            request_animation_frame(move || _ = self.frame.get_untracked().map(|frame| frame.set_scroll_top(start)));
        }
        self.held.update_value(|held| {
            held.graph = graph.clone();
            // It is drawn anew, with nothing lit.
            held.marked = Marked::default();
        });
        self.at.set(self.stay(graph).or(now));
        self.scale()
    }

    /// Where a group was opened, the first node that came out of it stands where the group stood, and is gone on from.
    fn stay(self, graph: &Graph) -> Option<usize> {
        let opened = self.held.try_update_value(|held| held.opened.take()).flatten();
        let (layer, below, before) = opened?;
        let came = graph
            .nodes
            .iter()
            .position(|node| node.layer == layer && !before.contains(&node.id))?;
        let place = (f64::from(corner(&graph.nodes[came]).1) * self.scale()) as i32;
        request_animation_frame(move || {
            _ = self
                .frame
                .get_untracked()
                .map(|frame| frame.set_scroll_top(place - below))
        });
        Some(came)
    }

    fn scale(self) -> f64 {
        self.held.with_value(|held| held.scale)
    }

    fn grip(self) -> Option<[i32; 4]> {
        self.held.with_value(|held| held.grip)
    }

    fn node_at(self) -> Option<GraphNode> {
        let at = self.at.get_untracked()?;
        self.held.with_value(|held| held.graph.nodes.get(at).cloned())
    }

    /// The node that keys have moved to, in words.
    pub(super) fn words(self) -> Option<String> {
        self.at.track();
        let node = self.node_at()?;
        let act = if node.is_group { ", Enter opens it" } else { "" };
        Some(format!("{}: {} {}{act}", node.layer.title(), node.kind, node.name))
    }

    fn svg(self) -> Option<Element> {
        self.frame
            .get_untracked()?
            .query_selector("svg[role=img]")
            .ok()
            .flatten()
    }

    /// Lights the paths through a node, or through the one that keys have moved to.
    pub(super) fn light(self, node: Option<usize>) {
        let (Some(svg), at) = (self.svg(), self.at.get_untracked()) else {
            return;
        };
        let lit = node
            .or(at)
            .map(|node| self.held.with_value(|held| through(&held.graph, node)));
        _ = svg.class_list().toggle_with_force("dim", lit.is_some());
        let (nodes, edges) = lit
            .map(|lit| (places(&lit.nodes), places(&lit.edges)))
            .unwrap_or_default();
        let at = at.into_iter().collect();
        let now = Marked { nodes, edges, at };
        let before = self
            .held
            .try_update_value(|held| std::mem::replace(&mut held.marked, now.clone()));
        let before = before.unwrap_or_default();
        mark(&svg, ".edge", "lit", (&before.edges, &now.edges));
        mark(&svg, ".node", "lit", (&before.nodes, &now.nodes));
        mark(&svg, ".node", "at", (&before.at, &now.at));
    }

    /// Opens a group, or goes to what a node stands for.
    fn open(self, node: usize) {
        let Some(node) = self.held.with_value(|held| held.graph.nodes.get(node).cloned()) else {
            return;
        };
        match (&node.subject, &node.object) {
            _ if node.is_group => {
                self.held.update_value(|held| {
                    let before = held.graph.nodes.iter().map(|node| node.id.clone()).collect();
                    let place = (f64::from(corner(&node).1) * held.scale) as i32;
                    let top = self.frame.get_untracked().map_or(0, |frame| frame.scroll_top());
                    held.opened = Some((node.layer, place - top, before));
                });
                opened::open(self.here, &node.id);
            }
            (Some(subject), _) => self.here.go(&subject_path(subject)),
            (None, Some(object)) => self.here.go(&object_path(object)),
            (None, None) => {}
        }
    }

    pub(super) fn over(self, event: &MouseEvent) {
        if self.grip().is_none() {
            self.light(pointed_at(event));
        }
    }

    pub(super) fn click(self, event: &MouseEvent) {
        let node = pointed_at(event).filter(|_| !self.held.with_value(|held| held.dragged));
        if let Some(node) = node {
            self.at.set(Some(node));
            self.open(node);
        }
    }

    pub(super) fn press(self, event: &MouseEvent) {
        self.held.update_value(|held| held.dragged = false);
        if let Some(frame) = self.frame.get_untracked().filter(|_| event.button() == 0) {
            let grip = [
                event.client_x(),
                event.client_y(),
                frame.scroll_left(),
                frame.scroll_top(),
            ];
            self.held.update_value(|held| held.grip = Some(grip));
        }
    }

    pub(super) fn drag(self, event: &MouseEvent) {
        let (Some([x, y, left, top]), Some(frame)) = (self.grip(), self.frame.get_untracked()) else {
            return;
        };
        if event.buttons() == 0 {
            return self.release();
        }
        let (right, down) = (event.client_x() - x, event.client_y() - y);
        if right.abs().max(down.abs()) > SLIP {
            self.held.update_value(|held| held.dragged = true);
        }
        frame.set_scroll_left(left - right);
        frame.set_scroll_top(top - down);
    }

    pub(super) fn release(self) {
        self.held.update_value(|held| held.grip = None);
    }

    /// A pinch, which browsers tell as a wheel with Ctrl. The wheel by itself scrolls.
    pub(super) fn wheel(self, event: &WheelEvent) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        event.prevent_default();
        let shape = frame.get_bounding_client_rect();
        let at = (
            f64::from(event.client_x()) - shape.left(),
            f64::from(event.client_y()) - shape.top(),
        );
        self.zoom(1.0 - event.delta_y().clamp(-100.0, 100.0) / 400.0, at);
    }

    /// Zooms so that what is at that place of the frame stays there. While it lasts only the drawing is transformed, which browsers
    /// do with what they have painted; the size of the sheet would have all of it laid out for each picture.
    fn zoom(self, by: f64, (x, y): (f64, f64)) {
        let (Some(frame), Some(sheet), Some(drawn)) =
            (self.frame.get_untracked(), self.part(".sheet"), self.part(".drawn"))
        else {
            return;
        };
        let (frame, sheet) = (frame.get_bounding_client_rect(), sheet.get_bounding_client_rect());
        let (old, (right, down)) = self.held.with_value(|held| (held.scale, held.shift));
        let new = (old * by).clamp(SCALES.0, SCALES.1);
        let moved = |kept: f64, shift: f64| kept - (kept - shift) * new / old;
        let shift = (
            moved(frame.left() + x - sheet.left(), right),
            moved(frame.top() + y - sheet.top(), down),
        );
        self.held.update_value(|held| (held.scale, held.shift) = (new, shift));
        _ = drawn.class_list().add_1("moves");
        _ = drawn.style().set_property("transform", &transform(new, shift));
        self.rest_after(set_timeout_with_handle(move || self.settle(), REST).ok());
    }

    /// Once zooming rests, the sheet takes the drawing's size, the frame is scrolled to where it was moved, and it is painted sharply.
    fn settle(self) {
        self.rest_after(None);
        let (Some(frame), Some(sheet), Some(drawn)) =
            (self.frame.get_untracked(), self.part(".sheet"), self.part(".drawn"))
        else {
            return;
        };
        let (scale, (right, down)) = self.held.with_value(|held| (held.scale, held.shift));
        let height = self.held.with_value(|held| height(&held.graph));
        self.held.update_value(|held| held.shift = (0.0, 0.0));
        let before = sheet.get_bounding_client_rect();
        _ = drawn.class_list().remove_1("moves");
        _ = drawn.style().set_property("transform", &transform(scale, (0.0, 0.0)));
        _ = sheet.style().set_property("width", &scaled(WIDTH, scale));
        _ = sheet.style().set_property("height", &scaled(height, scale));
        let after = sheet.get_bounding_client_rect();
        frame.set_scroll_left(frame.scroll_left() + (after.left() - before.left() - right) as i32);
        frame.set_scroll_top(frame.scroll_top() + (after.top() - before.top() - down) as i32);
    }

    /// Takes what will end zooming, in place of what would have.
    fn rest_after(self, rest: Option<TimeoutHandle>) {
        let before = self
            .held
            .try_update_value(|held| std::mem::replace(&mut held.rest, rest))
            .flatten();
        if let Some(before) = before {
            before.clear();
        }
    }

    fn part(self, class: &str) -> Option<HtmlElement> {
        let part = self.frame.get_untracked()?.query_selector(class).ok().flatten()?;
        part.dyn_into().ok()
    }

    /// All of it in the frame.
    pub(super) fn fit(self) {
        let Some(frame) = self.frame.get_untracked() else {
            return;
        };
        let height = self.held.with_value(|held| height(&held.graph));
        // Less the frame's padding.
        let across = f64::from(frame.client_width() - 24) / f64::from(WIDTH);
        let down = f64::from(frame.client_height() - 16) / f64::from(height);
        // Smaller, nothing could be read.
        self.zoom(across.min(down).max(LEGIBLE) / self.scale(), (0.0, 0.0));
        self.settle();
    }

    /// A step nearer, or away.
    pub(super) fn nearer(self, is_nearer: bool) {
        self.zoom(if is_nearer { STEP } else { 1.0 / STEP }, (0.0, 0.0));
        self.settle();
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        match event.key().as_str() {
            "ArrowUp" => self.step(Way::Up),
            "ArrowDown" => self.step(Way::Down),
            "ArrowLeft" => self.step(Way::Left),
            "ArrowRight" => self.step(Way::Right),
            "Enter" => {
                if let Some(at) = self.at.get_untracked() {
                    self.open(at);
                }
            }
            "Escape" if self.at.get_untracked().is_some() => self.at.set(None),
            "+" | "=" => self.nearer(true),
            "-" => self.nearer(false),
            "0" => self.fit(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn step(self, way: Way) {
        let to = match self.at.get_untracked() {
            Some(at) => self.held.with_value(|held| next(&held.graph, at, way)),
            None => Some(0),
        };
        if let Some(to) = to {
            self.at.set(Some(to));
            self.show(to);
        }
    }

    /// Scrolls to a node.
    fn show(self, node: usize) {
        let corner = self.held.with_value(|held| held.graph.nodes.get(node).map(corner));
        let (Some(frame), Some((x, y))) = (self.frame.get_untracked(), corner) else {
            return;
        };
        let scale = self.scale();
        let middle = |at: i32, room: i32| (f64::from(at) * scale) as i32 - room / 2 + SHOWN;
        frame.set_scroll_left(middle(x, frame.client_width()));
        frame.set_scroll_top(middle(y, frame.client_height()));
    }
}

/// From the corner of a node to what is kept in the middle.
const SHOWN: i32 = 100;

/// The elements that have a class, by their place in the drawing.
#[derive(Clone, Default)]
struct Marked {
    nodes: BTreeSet<usize>,
    edges: BTreeSet<usize>,
    at: BTreeSet<usize>,
}

fn places(is_lit: &[bool]) -> BTreeSet<usize> {
    let lit = is_lit.iter().enumerate().filter(|(_, is_lit)| **is_lit);
    lit.map(|(place, _)| place).collect()
}

/// Moves a class from the elements that had it to those that are to have it. Only these are touched, of however many there are.
fn mark(svg: &Element, selector: &str, class: &str, (before, now): (&BTreeSet<usize>, &BTreeSet<usize>)) {
    let changed: Vec<usize> = before.symmetric_difference(now).copied().collect();
    if changed.is_empty() {
        return;
    }
    let Ok(all) = svg.query_selector_all(selector) else {
        return;
    };
    for place in changed {
        let element = u32::try_from(place).ok().and_then(|place| all.get(place));
        if let Some(element) = element.and_then(|node| node.dyn_into::<Element>().ok()) {
            _ = element.class_list().toggle_with_force(class, now.contains(&place));
        }
    }
}

/// The node below the pointer.
fn pointed_at(event: &MouseEvent) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-n]").ok()??.get_attribute("data-n")?.parse().ok()
}
