//! Sets of connections: for each protocol, intervals of destination ports.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A transport protocol that policies know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// All of them, in the order in which [`Connections`] are listed.
    pub const ALL: [Self; 3] = [Self::Tcp, Self::Udp, Self::Sctp];

    /// As the API writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }

    /// The protocol of this name; the API knows no other spelling.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name)
    }
}

/// The lowest port there is.
pub const FIRST: u16 = 1;
/// The highest port there is.
pub const LAST: u16 = u16::MAX;

/// A set of ports: intervals with both ends in them, in order, between which at least one port is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ports(Vec<(u16, u16)>);

impl Ports {
    /// No port.
    pub const NONE: Self = Self(Vec::new());

    /// Every port.
    pub fn all() -> Self {
        Self(vec![(FIRST, LAST)])
    }

    /// The ports from `first` to `last`; none where they are the wrong way round. Port 0 is none.
    pub fn range(first: u16, last: u16) -> Self {
        let first = first.max(FIRST);
        if first > last {
            Self::NONE
        } else {
            Self(vec![(first, last)])
        }
    }

    /// The intervals, in order.
    pub fn intervals(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no port is missing.
    pub fn is_all(&self) -> bool {
        self.0 == [(FIRST, LAST)]
    }

    /// Whether a port is among them.
    pub fn contains(&self, port: u16) -> bool {
        let next = self.0.partition_point(|(_, last)| *last < port);
        self.0.get(next).is_some_and(|(first, _)| *first <= port)
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|(first, last)| u32::from(last - first) + 1).sum()
    }

    /// The ports of both.
    pub fn union(&self, other: &Self) -> Self {
        let mut all: Vec<(u16, u16)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match joined.last_mut() {
                Some(before) if u32::from(first) <= u32::from(before.1) + 1 => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// The ports that are in both.
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut common, mut left, mut right) = (Vec::new(), 0, 0);
        while let (Some(one), Some(two)) = (self.0.get(left), other.0.get(right)) {
            let (first, last) = (one.0.max(two.0), one.1.min(two.1));
            if first <= last {
                common.push((first, last));
            }
            if one.1 <= two.1 {
                left += 1;
            } else {
                right += 1;
            }
        }
        Self(common)
    }

    /// The ports that are not in the other.
    pub fn difference(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    fn complement(&self) -> Self {
        let (mut missing, mut next) = (Vec::with_capacity(self.0.len() + 1), Some(FIRST));
        for (first, last) in &self.0 {
            if let Some(start) = next.filter(|start| start < first) {
                missing.push((start, first - 1));
            }
            next = last.checked_add(1);
        }
        missing.extend(next.map(|start| (start, LAST)));
        Self(missing)
    }
}

/// What may pass: the ports of each protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Connections([Ports; 3]);

impl Connections {
    /// Nothing.
    pub const NONE: Self = Self([Ports::NONE, Ports::NONE, Ports::NONE]);

    /// Everything.
    pub fn all() -> Self {
        Self([Ports::all(), Ports::all(), Ports::all()])
    }

    /// These ports of one protocol.
    pub fn of(protocol: Protocol, ports: Ports) -> Self {
        let mut connections = Self::NONE;
        connections.0[protocol as usize] = ports;
        connections
    }

    /// The ports of a protocol.
    pub fn ports(&self, protocol: Protocol) -> &Ports {
        &self.0[protocol as usize]
    }

    /// The protocols of which something may pass, with their ports.
    pub fn each(&self) -> impl Iterator<Item = (Protocol, &Ports)> {
        Protocol::ALL
            .into_iter()
            .zip(&self.0)
            .filter(|(_, ports)| !ports.is_empty())
    }

    /// Whether nothing may pass.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Ports::is_empty)
    }

    /// Whether everything may pass.
    pub fn is_all(&self) -> bool {
        self.0.iter().all(Ports::is_all)
    }

    /// What passes by either.
    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, Ports::union)
    }

    /// What passes by both.
    pub fn intersection(&self, other: &Self) -> Self {
        self.zip(other, Ports::intersection)
    }

    /// What passes, but not by the other.
    pub fn difference(&self, other: &Self) -> Self {
        self.zip(other, Ports::difference)
    }

    fn zip(&self, other: &Self, join: fn(&Ports, &Ports) -> Ports) -> Self {
        Self(std::array::from_fn(|place| join(&self.0[place], &other.0[place])))
    }
}

impl fmt::Display for Ports {
    /// `80, 8000-9000`; `all ports` where none is missing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("all ports");
        }
        for (place, (first, last)) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            match first == last {
                true => write!(f, "{comma}{first}")?,
                false => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Connections {
    /// `TCP 80, 443; UDP 53`; `all` where nothing is missing, `none` where all is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("all");
        }
        if self.is_empty() {
            return f.write_str("none");
        }
        for (place, (protocol, ports)) in self.each().enumerate() {
            let semicolon = if place == 0 { "" } else { "; " };
            write!(f, "{semicolon}{} {ports}", protocol.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(intervals: &[(u16, u16)]) -> Ports {
        let each = intervals.iter().map(|(first, last)| Ports::range(*first, *last));
        each.fold(Ports::NONE, |all, one| all.union(&one))
    }

    #[test]
    fn intervals_that_touch_are_one() {
        assert_eq!(ports(&[(81, 90), (70, 80), (85, 100)]).intervals(), [(70, 100)]);
        assert_eq!(ports(&[(1, 79), (81, 65535)]).intervals(), [(1, 79), (81, 65535)]);
        assert!(ports(&[(1, 80), (81, 65535)]).is_all());
    }

    #[test]
    fn a_range_the_wrong_way_round_and_port_0_are_nothing() {
        assert!(Ports::range(90, 80).is_empty() && Ports::range(0, 0).is_empty());
        assert_eq!(Ports::range(0, 5).intervals(), [(1, 5)]);
    }

    #[test]
    fn sets_of_ports_agree_with_what_they_say_of_each_port() {
        let sets = [
            ports(&[]),
            Ports::all(),
            ports(&[(1, 1), (65535, 65535)]),
            ports(&[(80, 80), (443, 443), (8000, 9000)]),
            ports(&[(79, 81), (8500, 8500), (9000, 9001)]),
        ];
        for (one, two) in sets.iter().flat_map(|one| sets.iter().map(move |two| (one, two))) {
            let (both, common, rest) = (one.union(two), one.intersection(two), one.difference(two));
            for port in FIRST..=LAST {
                let (left, right) = (one.contains(port), two.contains(port));
                assert_eq!(both.contains(port), left || right, "{one} and {two}: {port}");
                assert_eq!(common.contains(port), left && right, "{one} and {two}: {port}");
                assert_eq!(rest.contains(port), left && !right, "{one} and {two}: {port}");
            }
        }
    }

    #[test]
    fn they_are_told_as_people_write_them() {
        let web = Connections::of(Protocol::Tcp, ports(&[(80, 80), (8000, 9000)]));
        let both = web.union(&Connections::of(Protocol::Udp, Ports::all()));
        assert_eq!(both.to_string(), "TCP 80, 8000-9000; UDP all ports");
        assert_eq!(Connections::all().to_string(), "all");
        assert_eq!(Connections::NONE.to_string(), "none");
    }
}
