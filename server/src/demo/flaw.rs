//! What can be wrong with a workload, and from when until when it is.

use super::clock::LAST_DAY;
use super::rng::Rng;

/// One thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Flaw {
    /// Its pods mount a service account token that they don't need.
    Automounts,
    /// Its container has no limits.
    NoLimits,
    /// Its image is named by tag, without a digest.
    TagOnly,
    /// Its image is named by a tag that moves.
    Floating,
    /// Its pods may run as root, write to their file system and gain privileges.
    Relaxed,
    /// Its container is privileged.
    Privileged,
    /// Its pods use the node's network.
    HostNetwork,
    /// Its pods see the node's processes.
    HostPid,
    /// It mounts the paths of the node that the catalogue names.
    HostPath,
    /// Its ingress has no TLS.
    PlainHttp,
}

/// A set of flaws.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Flaws(u16);

impl Flaws {
    /// Whether it has one.
    pub(super) fn has(self, flaw: Flaw) -> bool {
        self.0 & (1 << flaw as u16) != 0
    }

    /// Adds or removes one.
    pub(super) fn set(&mut self, flaw: Flaw, on: bool) {
        let bit = 1 << flaw as u16;
        self.0 = if on { self.0 | bit } else { self.0 & !bit };
    }
}

/// A flaw, and the days from the first on which it is there to the first on which it no longer is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// What is wrong.
    pub(super) flaw: Flaw,
    /// The first day; 0 where it was there before.
    pub(super) from: u32,
    /// The day on which it is gone; past the last day where it stays.
    pub(super) until: u32,
}

/// How often a flaw is found among workloads that nothing else is told of, per thousand.
struct Rate {
    flaw: Flaw,
    /// There all the time.
    stays: u32,
    /// There at first, and fixed on some day.
    fixed: u32,
    /// Appears on some day and stays.
    appears: u32,
    /// Appears, and is fixed within three weeks.
    passes: u32,
}

/// The mix of the demo: most things are right.
const RATES: &[Rate] = &[
    Rate {
        flaw: Flaw::Automounts,
        stays: 170,
        fixed: 70,
        appears: 25,
        passes: 55,
    },
    Rate {
        flaw: Flaw::NoLimits,
        stays: 140,
        fixed: 60,
        appears: 20,
        passes: 55,
    },
    Rate {
        flaw: Flaw::TagOnly,
        stays: 40,
        fixed: 22,
        appears: 8,
        passes: 0,
    },
    Rate {
        flaw: Flaw::Floating,
        stays: 40,
        fixed: 16,
        appears: 10,
        passes: 40,
    },
    Rate {
        flaw: Flaw::Relaxed,
        stays: 130,
        fixed: 60,
        appears: 20,
        passes: 0,
    },
    Rate {
        flaw: Flaw::PlainHttp,
        stays: 110,
        fixed: 90,
        appears: 30,
        passes: 60,
    },
];

/// The flaws that chance gives to a workload.
pub(super) fn drawn(namespace: &str, name: &str) -> impl Iterator<Item = Window> {
    RATES.iter().filter_map(move |rate| {
        let mut rng = Rng::of(&["flaw", namespace, name, &format!("{:?}", rate.flaw)]);
        let draw = rng.below(1000);
        let (from, until) = window(rate, draw, &mut rng)?;
        Some(Window {
            flaw: rate.flaw,
            from,
            until,
        })
    })
}

fn window(rate: &Rate, draw: u32, rng: &mut Rng) -> Option<(u32, u32)> {
    let day = 1 + rng.below(LAST_DAY);
    let mut bound = rate.stays;
    if draw < bound {
        return Some((0, LAST_DAY + 1));
    }
    bound += rate.fixed;
    if draw < bound {
        return Some((0, day));
    }
    bound += rate.appears;
    if draw < bound {
        return Some((day, LAST_DAY + 1));
    }
    bound += rate.passes;
    (draw < bound).then(|| (day, day + 2 + rng.below(20)))
}
