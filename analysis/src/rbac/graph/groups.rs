//! Which groups of the graph are open: those that were asked for, and small ones as long as there is room.

use std::collections::{BTreeMap, BTreeSet};

use shared::rbac::graph::{Layer, Mark};

use super::objects::{Group, Item, Objects};

/// How many nodes a layer has at most before somebody opens a group.
const ROOM: usize = 12;
/// How many objects of a layer stand by themselves since they are special.
const PINNED: usize = 6;

/// What stands for an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    /// Itself: the place of the item.
    Item(usize),
    /// A group, by its id.
    Group(String),
}

/// What stands for each object, in the order of the objects.
pub(super) fn shown(objects: &Objects, asked: &BTreeSet<&str>) -> Vec<Shown> {
    let pinned = pinned(&objects.items);
    let mut open: BTreeSet<String> = asked.iter().map(|id| (*id).to_owned()).collect();
    for layer in Layer::ALL {
        make_room(&objects.items, layer, &pinned, &mut open);
    }
    let all = objects.items.iter().enumerate();
    all.map(|(place, item)| stand_in(place, item, &pinned, &open)).collect()
}

/// Special objects, the most special first.
fn pinned(items: &[Item]) -> BTreeSet<usize> {
    let of = |layer: Layer| {
        let mut special: Vec<usize> = (0..items.len())
            .filter(|n| items[*n].layer == layer && items[*n].mark != Mark::None)
            .collect();
        special.sort_by_key(|n| (std::cmp::Reverse(items[*n].mark), &items[*n].id));
        special.truncate(PINNED);
        special
    };
    Layer::ALL.into_iter().flat_map(of).collect()
}

fn stand_in(place: usize, item: &Item, pinned: &BTreeSet<usize>, open: &BTreeSet<String>) -> Shown {
    if pinned.contains(&place) {
        return Shown::Item(place);
    }
    let closed = item.groups.iter().find(|group| !open.contains(&group.id));
    closed.map_or(Shown::Item(place), |group| Shown::Group(group.id.clone()))
}

/// Opens the group that adds the fewest nodes, as long as they fit.
fn make_room(items: &[Item], layer: Layer, pinned: &BTreeSet<usize>, open: &mut BTreeSet<String>) {
    loop {
        let mut nodes = BTreeSet::new();
        let mut behind: BTreeMap<String, BTreeSet<Shown>> = BTreeMap::new();
        for (place, item) in items.iter().enumerate().filter(|(_, item)| item.layer == layer) {
            let shown = stand_in(place, item, pinned, open);
            if let Shown::Group(id) = &shown {
                let next = next_behind(place, item, id);
                behind.entry(id.clone()).or_default().insert(next);
            }
            nodes.insert(shown);
        }
        let smallest = behind.into_iter().min_by_key(|(id, next)| (next.len(), id.clone()));
        match smallest {
            Some((id, next)) if next.len() == 1 || nodes.len() - 1 + next.len() <= ROOM => open.insert(id),
            _ => return,
        };
    }
}

/// What would stand for the object if that group were open.
fn next_behind(place: usize, item: &Item, id: &str) -> Shown {
    let mut inner = item.groups.iter().skip_while(|group| group.id != id).skip(1);
    inner
        .next()
        .map_or(Shown::Item(place), |group: &Group| Shown::Group(group.id.clone()))
}
