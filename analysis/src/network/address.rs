//! Sets of addresses, of IPv4 and IPv6, and how CIDR blocks divide them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};
use serde::{Deserialize, Serialize};

/// The addresses from `first` to `last`, of one family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    is_v6: bool,
    first: u128,
    last: u128,
}

impl Range {
    /// Every address of IPv4.
    pub const V4: Self = Self {
        is_v6: false,
        first: 0,
        last: u32::MAX as u128,
    };
    /// Every address of IPv6.
    pub const V6: Self = Self {
        is_v6: true,
        first: 0,
        last: u128::MAX,
    };

    /// The addresses of a block. What stands in it behind its prefix does not count: 10.10.1.12/24 is 10.10.1.0/24.
    fn of(block: IpNet) -> Self {
        let (is_v6, first) = number(block.network());
        let (_, last) = number(block.broadcast());
        Self { is_v6, first, last }
    }

    fn contains(&self, (is_v6, address): (bool, u128)) -> bool {
        self.is_v6 == is_v6 && self.first <= address && address <= self.last
    }

    /// The fewest blocks that make it up, in order.
    fn blocks(self) -> Vec<IpNet> {
        if self.is_v6 {
            let (first, last) = (Ipv6Addr::from(self.first), Ipv6Addr::from(self.last));
            return Ipv6Subnets::new(first, last, 0).map(IpNet::V6).collect();
        }
        // IPv4 addresses are numbers of 32 bits, whatever holds them.
        let v4 = |address: u128| Ipv4Addr::from(u32::try_from(address).unwrap_or(u32::MAX));
        Ipv4Subnets::new(v4(self.first), v4(self.last), 0)
            .map(IpNet::V4)
            .collect()
    }
}

fn number(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(address.to_bits())),
        IpAddr::V6(address) => (true, address.to_bits()),
    }
}

/// A set of addresses: ranges in order, which do not touch. Elsewhere it is written as its blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Addresses(Vec<Range>);

impl Addresses {
    /// Every address.
    pub fn all() -> Self {
        Self(vec![Range::V4, Range::V6])
    }

    /// The addresses of a block.
    pub fn block(block: IpNet) -> Self {
        Self(vec![Range::of(block)])
    }

    /// The addresses of several blocks.
    pub fn blocks_of(blocks: impl IntoIterator<Item = IpNet>) -> Self {
        Self::joined(blocks.into_iter().map(Range::of).collect())
    }

    /// The addresses of all of these.
    pub fn of_all<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::joined(all.into_iter().flat_map(|one| one.0.iter().copied()).collect())
    }

    /// Whether all of its addresses are in the other.
    pub fn is_within(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    /// The addresses that are in both.
    pub fn intersection(&self, other: &Self) -> Self {
        self.difference(&self.difference(other))
    }

    fn joined(mut ranges: Vec<Range>) -> Self {
        ranges.sort_unstable();
        let mut joined: Vec<Range> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match joined.last_mut() {
                Some(before) if before.is_v6 == range.is_v6 && range.first <= before.last.saturating_add(1) => {
                    before.last = before.last.max(range.last);
                }
                _ => joined.push(range),
            }
        }
        Self(joined)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every address of IPv4 is among them.
    pub fn holds_all_of_v4(&self) -> bool {
        self.0.contains(&Range::V4)
    }

    /// Whether an address is among them.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(number(address)))
    }

    /// The addresses of either.
    pub fn union(&self, other: &Self) -> Self {
        Self::joined(self.0.iter().chain(&other.0).copied().collect())
    }

    /// The addresses that are not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        let mut left = self.0.clone();
        for cut in &other.0 {
            left = left.into_iter().flat_map(|range| without(range, *cut)).collect();
        }
        Self(left)
    }

    /// The fewest blocks that make them up, in order, IPv4 first.
    pub fn blocks(&self) -> Vec<IpNet> {
        self.0.iter().flat_map(|range| range.blocks()).collect()
    }
}

impl From<Addresses> for Vec<String> {
    fn from(addresses: Addresses) -> Self {
        addresses.blocks().iter().map(IpNet::to_string).collect()
    }
}

impl TryFrom<Vec<String>> for Addresses {
    type Error = ipnet::AddrParseError;

    fn try_from(blocks: Vec<String>) -> Result<Self, Self::Error> {
        let blocks: Result<Vec<IpNet>, _> = blocks.iter().map(|block| block.parse()).collect();
        blocks.map(Self::blocks_of)
    }
}

fn without(range: Range, cut: Range) -> impl Iterator<Item = Range> {
    let apart = range.is_v6 != cut.is_v6 || cut.last < range.first || range.last < cut.first;
    let before = (!apart && range.first < cut.first).then(|| Range {
        last: cut.first - 1,
        ..range
    });
    let after = (!apart && cut.last < range.last).then(|| Range {
        first: cut.last + 1,
        ..range
    });
    apart.then_some(range).into_iter().chain(before).chain(after)
}

/// How sets of addresses divide all there are: into parts of which no set holds only a piece.
#[derive(Debug, Clone, Default)]
pub struct Division {
    /// Where ranges begin, each up to the next, and the part that they belong to; in order.
    beginnings: Vec<((bool, u128), usize)>,
    parts: Vec<Part>,
}

/// Addresses that no set tells apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub addresses: Addresses,
    /// The sets that hold them, by their places, in order.
    pub sets: Vec<usize>,
}

impl Division {
    /// Divides all addresses, those of IPv4 apart from those of IPv6.
    pub fn by(sets: &[&Addresses]) -> Self {
        let (mut division, mut known) = (Self::default(), BTreeMap::new());
        let mut inside = BTreeSet::new();
        for (beginning, mut turns) in turns(sets) {
            // What ends with IPv4 is left before the same set begins again with IPv6.
            turns.sort_unstable_by_key(|(_, enters)| *enters);
            for (set, enters) in turns {
                match enters {
                    true => inside.insert(set),
                    false => inside.remove(&set),
                };
            }
            let key = (beginning.0, inside.clone());
            let part = *known.entry(key).or_insert_with(|| {
                division.parts.push(Part {
                    sets: inside.iter().copied().collect(),
                    ..Part::default()
                });
                division.parts.len() - 1
            });
            division.beginnings.push((beginning, part));
        }
        division.fill();
        division
    }

    fn fill(&mut self) {
        let ends = self.beginnings.iter().skip(1).map(|(beginning, _)| Some(*beginning));
        for (((is_v6, first), part), end) in self.beginnings.iter().zip(ends.chain([None])) {
            let last = match end.filter(|(end_is_v6, _)| end_is_v6 == is_v6) {
                Some((_, end)) => end - 1,
                None if *is_v6 => Range::V6.last,
                None => Range::V4.last,
            };
            let range = Range {
                is_v6: *is_v6,
                first: *first,
                last,
            };
            self.parts[*part].addresses.0.push(range);
        }
    }

    /// The parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The part that holds an address.
    pub fn part_of(&self, address: IpAddr) -> usize {
        let address = number(address);
        let after = self.beginnings.partition_point(|(beginning, _)| *beginning <= address);
        self.beginnings
            .get(after.saturating_sub(1))
            .map_or(0, |(_, part)| *part)
    }
}

/// The addresses at which sets are entered and left.
fn turns(sets: &[&Addresses]) -> BTreeMap<(bool, u128), Vec<(usize, bool)>> {
    let mut turns = BTreeMap::from([((false, 0), Vec::new()), ((true, 0), Vec::new())]);
    for (set, range) in sets
        .iter()
        .enumerate()
        .flat_map(|(set, addresses)| addresses.0.iter().map(move |range| (set, range)))
    {
        turns.entry((range.is_v6, range.first)).or_default().push((set, true));
        let end = match range.is_v6 {
            true => range.last.checked_add(1).map(|end| (true, end)),
            false if range.last == Range::V4.last => Some((true, 0)),
            false => Some((false, range.last + 1)),
        };
        if let Some(end) = end {
            turns.entry(end).or_default().push((set, false));
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Addresses {
        Addresses::block(text.parse().unwrap())
    }

    fn told(addresses: &Addresses) -> Vec<String> {
        addresses.blocks().iter().map(IpNet::to_string).collect()
    }

    #[test]
    fn what_stands_behind_a_prefix_does_not_count() {
        assert_eq!(told(&block("10.10.1.12/24")), ["10.10.1.0/24"]);
        assert_eq!(told(&block("2001:db8::1/32")), ["2001:db8::/32"]);
    }

    #[test]
    fn what_is_left_of_a_block_is_told_in_the_fewest_blocks() {
        let left = block("10.0.0.0/30").difference(&block("10.0.0.1/32"));
        assert_eq!(told(&left), ["10.0.0.0/32", "10.0.0.2/31"]);
        let all = Addresses::all().difference(&block("0.0.0.0/1"));
        assert_eq!(told(&all), ["128.0.0.0/1", "::/0"]);
        assert!(block("::/0").difference(&block("::/0")).is_empty());
        let whole = block("0.0.0.0/1").union(&block("128.0.0.0/1")).union(&block("::/0"));
        assert_eq!(whole, Addresses::all());
    }

    #[test]
    fn no_set_holds_a_piece_of_a_part() {
        let sets = [
            block("10.0.0.0/8").difference(&block("10.1.0.0/16")),
            block("10.1.0.0/24"),
            block("0.0.0.0/0"),
            Addresses::all(),
            block("2001:db8::/32"),
            block("255.255.255.255/32"),
        ];
        let division = Division::by(&sets.iter().collect::<Vec<_>>());
        for address in [
            "0.0.0.0",
            "10.0.0.0",
            "10.0.255.255",
            "10.1.0.0",
            "10.1.0.255",
            "10.1.1.0",
            "10.2.0.0",
            "11.0.0.0",
            "255.255.255.254",
            "255.255.255.255",
            "::",
            "2001:db8::",
            "2001:db8:ffff::",
            "2001:db9::",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ] {
            let address = address.parse().unwrap();
            let part = &division.parts()[division.part_of(address)];
            let holding: Vec<usize> = (0..sets.len()).filter(|set| sets[*set].contains(address)).collect();
            assert_eq!(part.sets, holding, "{address}");
            assert!(part.addresses.contains(address), "{address}");
        }
        let all = division
            .parts()
            .iter()
            .fold(Addresses::default(), |all, part| all.union(&part.addresses));
        assert_eq!(all, Addresses::all());
    }
}
