//! The demo's chance: reproducible numbers, names and digests, each drawn from the words that it is asked with.
//!
//! Nothing is drawn from a sequence that others draw from too, so that a new line in the catalogue moves nothing else.

/// splitmix64, seeded by words.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    /// The generator of these words.
    pub(super) fn of(words: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for word in words {
            for byte in word.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        Self(hash)
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).unwrap_or_default()
    }

    /// One of the items.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        let place = usize::try_from(self.below(u32::try_from(items.len()).ok()?.max(1))).ok()?;
        items.get(place).copied()
    }
}

/// A digest as a registry writes it.
pub(super) fn digest(words: &[&str]) -> String {
    let mut rng = Rng::of(words);
    format!(
        "sha256:{:016x}{:016x}{:016x}{:016x}",
        rng.next(),
        rng.next(),
        rng.next(),
        rng.next()
    )
}

/// A uid as the API server gives it.
pub(super) fn uid(words: &[&str]) -> String {
    let mut rng = Rng::of(words);
    let (high, low) = (rng.next(), rng.next());
    let (variant, node) = (0x8000 | (low >> 48 & 0x3fff), low & 0xffff_ffff_ffff);
    format!(
        "{:08x}-{:04x}-4{:03x}-{variant:04x}-{node:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff
    )
}

/// A suffix as controllers append to names, of letters that form no words.
pub(super) fn suffix(words: &[&str], length: usize) -> String {
    const LETTERS: &[char] = &[
        'b', 'c', 'd', 'f', 'g', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'z', '2', '4',
        '5', '6', '7', '8', '9',
    ];
    let mut rng = Rng::of(words);
    (0..length).filter_map(|_| rng.pick(LETTERS)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_draw_the_same_and_other_words_others() {
        assert_eq!(digest(&["web", "1"]), digest(&["web", "1"]));
        assert_ne!(digest(&["web", "1"]), digest(&["web1", ""]));
        assert_eq!(digest(&["web"]).len(), "sha256:".len() + 64);
        assert_eq!(suffix(&["web"], 5).len(), 5);
    }
}
