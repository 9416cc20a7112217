//! Which keys are surely not in the tree: a blocked Bloom filter.
//!
//! Most keys that are asked for are unknown, and finding that out in the tree costs a page that is
//! not in memory. Block and bits are parts of the key, which is a hash already.

use crate::model::Key;

/// Words in a block: 64 bytes, one cache line.
const WORDS: usize = 8;

/// Bits per key at most: one unknown key in a hundred is looked for in vain.
const BITS: usize = 12;

/// Bits set for a key: nine bits of it for each.
const PROBES: u32 = 6;

/// A set of keys that may say yes wrongly, never no.
pub(super) struct Filter {
    /// Whole blocks, as many as a power of two.
    words: Vec<u64>,
}

impl Filter {
    /// An empty filter for so many keys.
    pub(super) fn with_room(keys: usize) -> Self {
        let blocks = (keys * BITS).div_ceil(WORDS * 64).next_power_of_two();
        Self { words: vec![0; blocks * WORDS] }
    }

    /// How many keys it is good for.
    pub(super) fn room(&self) -> usize {
        self.words.len() * 64 / BITS
    }

    /// The filter of [`bytes`](Self::bytes), if they are such.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let words: Vec<u64> = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
        let sound = bytes.len().is_multiple_of(64) && (words.len() / WORDS).is_power_of_two();
        sound.then_some(Self { words })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    pub(super) fn insert(&mut self, key: Key) {
        let (block, bits) = self.place(key);
        for bit in bits {
            self.words[block + bit / 64] |= 1 << (bit % 64);
        }
    }

    /// Whether the key may have been inserted.
    pub(super) fn may_hold(&self, key: Key) -> bool {
        let (block, mut bits) = self.place(key);
        bits.all(|bit| self.words[block + bit / 64] & 1 << (bit % 64) != 0)
    }

    /// The first word of a key's block, and its bits in there.
    fn place(&self, Key(key): Key) -> (usize, impl Iterator<Item = usize> + use<>) {
        let [low, high] = [0, 8].map(|at| u64::from_le_bytes(std::array::from_fn(|index| key[at + index])));
        let blocks = (self.words.len() / WORDS) as u64;
        // below the number of blocks, which a Vec holds; nine bits each
        let index = |value: u64| usize::try_from(value).unwrap_or(0);
        (index(low & (blocks - 1)) * WORDS, (0..PROBES).map(move |probe| index(high >> (9 * probe) & 511)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> Key {
        Key(blake3::hash(&number.to_le_bytes()).as_bytes()[..16].try_into().unwrap())
    }

    #[test]
    fn a_key_that_is_in_is_never_denied() {
        let mut filter = Filter::with_room(10_000);
        assert!(filter.room() >= 10_000);
        (0..10_000).map(key).for_each(|key| filter.insert(key));
        let read = Filter::from_bytes(&filter.bytes()).unwrap();
        assert!((0..10_000).all(|number| read.may_hold(key(number))));
        let wrong = (10_000..20_000).filter(|number| read.may_hold(key(*number))).count();
        assert!(wrong < 200, "{wrong} of 10,000");
    }

    #[test]
    fn other_bytes_are_no_filter() {
        for bytes in [&[][..], &[0; 63], &[0; 65], &[0; 192]] {
            assert!(Filter::from_bytes(bytes).is_none(), "{}", bytes.len());
        }
        assert!(!Filter::with_room(0).may_hold(key(1)));
    }
}
