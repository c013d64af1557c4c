//! What is drawn: which namespaces, in which order, and how dark each square is.

use shared::network::coverage::Coverage;

use crate::format;

/// More namespaces are no picture; the table has them all.
const MOST: usize = 120;

/// In which order they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Those that most can reach come first.
    Open,
    /// By their names.
    Name,
}

impl Order {
    /// The order of that word in the address.
    pub(super) fn of(word: Option<&str>) -> Self {
        match word {
            Some("name") => Self::Name,
            _ => Self::Open,
        }
    }
}

/// Namespaces in the order in which they are drawn, and how dark each square is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawing {
    /// Their names.
    pub(super) names: Vec<String>,
    /// Row by row, from 0 to 5.
    pub(super) shades: Vec<u8>,
    /// Row by row: pairs that are open wholly, those in part, and all.
    pairs: Vec<(u64, u64, u64)>,
    /// How many namespaces have no room.
    pub(super) left_out: usize,
}

impl Drawing {
    /// A square in words.
    pub(super) fn told(&self, (row, column): (usize, usize)) -> Option<String> {
        let (open, part, all) = self.pairs.get(row * self.names.len() + column)?;
        let (from, to) = (self.names.get(row)?, self.names.get(column)?);
        let (open, part) = (format::number(*open), format::number(*part));
        let all = format::count(*all, "pair of pods", "pairs of pods");
        Some(format!("From {from} to {to}: {open} of {all} open, {part} in part"))
    }

    /// The place of two namespaces.
    pub(super) fn place(&self, from: &str, to: &str) -> Option<(usize, usize)> {
        let place = |of: &str| self.names.iter().position(|name| name == of);
        place(from).zip(place(to))
    }
}

/// The drawing of the namespaces with pods; those whose name has `text` come first, so that there is room for them.
pub(super) fn drawing(coverage: &Coverage, order: Order, text: &str) -> Drawing {
    let all = &coverage.namespaces;
    let mut places: Vec<usize> = (0..all.len()).filter(|place| all[*place].protection.pods > 0).collect();
    if order == Order::Open {
        let mut measured: Vec<(usize, f64)> = places.iter().map(|place| (*place, open_to(coverage, *place))).collect();
        measured.sort_by(|(a, open_a), (b, open_b)| open_b.total_cmp(open_a).then(a.cmp(b)));
        places = measured.into_iter().map(|(place, _)| place).collect();
    }
    places.sort_by_key(|place| !all[*place].name.contains(text));
    let left_out = places.len().saturating_sub(MOST);
    places.truncate(MOST);
    let squares = places.iter().flat_map(|from| places.iter().map(move |to| (*from, *to)));
    let pairs: Vec<_> = squares.map(|(from, to)| pairs(coverage, from, to)).collect();
    Drawing {
        names: places.iter().map(|place| all[*place].name.clone()).collect(),
        shades: pairs.iter().map(|(open, part, all)| shade(open + part, *all)).collect(),
        pairs,
        left_out,
    }
}

/// Pairs from a namespace to another that are open wholly, those in part, and all.
fn pairs(coverage: &Coverage, from: usize, to: usize) -> (u64, u64, u64) {
    let all = &coverage.namespaces;
    let pods = |place: usize| u64::from(all[place].protection.pods);
    let (one, other) = (pods(from), pods(to));
    let pairs = match from == to {
        true => one * one.saturating_sub(1),
        false => one * other,
    };
    let of = |cells: &[u64]| cells.get(from * all.len() + to).copied().unwrap_or_default();
    (of(&coverage.matrix.open), of(&coverage.matrix.part), pairs)
}

/// The share of pairs to a namespace that is open, if only in part.
fn open_to(coverage: &Coverage, to: usize) -> f64 {
    let each = (0..coverage.namespaces.len()).map(|from| pairs(coverage, from, to));
    let (open, all) = each.fold((0, 0), |(open, all), (whole, part, pairs)| {
        (open + whole + part, all + pairs)
    });
    open as f64 / (all as f64).max(1.0)
}

/// How dark a share is: none, to a tenth, a quarter, a half, nine tenths, more.
fn shade(open: u64, all: u64) -> u8 {
    let share = open as f64 / (all as f64).max(1.0);
    match share {
        none if none <= 0.0 => 0,
        share if share <= 0.1 => 1,
        share if share <= 0.25 => 2,
        share if share <= 0.5 => 3,
        share if share <= 0.9 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use shared::network::coverage::{Matrix, NamespaceCoverage, Protection};

    use super::*;

    /// So many namespaces of a pod each, of which each can be reached by as many as its number says.
    fn coverage(n: usize) -> Coverage {
        let namespace = |number: usize| NamespaceCoverage {
            name: format!("n{number}"),
            protection: Protection {
                pods: 1,
                ..Protection::default()
            },
        };
        let squares = (0..n).flat_map(|from| (0..n).map(move |to| u64::from(from < to)));
        Coverage {
            namespaces: (0..n).map(namespace).collect(),
            matrix: Matrix {
                open: squares.collect(),
                part: vec![0; n * n],
            },
            ..Coverage::default()
        }
    }

    #[test]
    fn only_nothing_is_as_light_as_nothing() {
        let shades =
            [(0, 10), (0, 0), (1, 10), (2, 10), (5, 10), (9, 10), (10, 10)].map(|(open, all)| shade(open, all));
        assert_eq!(shades, [0, 0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_most_can_reach_comes_first_unless_names_are_wanted() {
        let names = |order, text| drawing(&coverage(3), order, text).names;
        assert_eq!(names(Order::Open, ""), ["n2", "n1", "n0"]);
        assert_eq!(names(Order::Name, ""), ["n0", "n1", "n2"]);
        assert_eq!(names(Order::Open, "1"), ["n1", "n2", "n0"]);
    }

    #[test]
    fn what_is_looked_for_has_room_among_hundreds() {
        let drawn = drawing(&coverage(500), Order::Open, "n7");
        assert_eq!((drawn.names.len(), drawn.left_out), (MOST, 380));
        let sought = [
            "n79", "n78", "n77", "n76", "n75", "n74", "n73", "n72", "n71", "n70", "n7",
        ];
        assert_eq!(drawn.names[..sought.len()], sought);
        let told = drawn.told(drawn.place("n7", "n70").unwrap());
        assert_eq!(
            told.as_deref(),
            Some("From n7 to n70: 1 of 1 pair of pods open, 0 in part")
        );
    }
}
