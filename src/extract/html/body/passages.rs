//! Which of many beginnings of lines stand in a text: one pass over the text, however many there are.

use std::collections::HashMap;

/// Base of the rolling hash; any odd number with bits all over does.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// For each beginning whether the text holds it.
pub(super) fn found(beginnings: &[&str], text: &str) -> Vec<bool> {
    let mut found = vec![false; beginnings.len()];
    let mut lengths: Vec<usize> = beginnings.iter().map(|beginning| beginning.len()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    for length in lengths.into_iter().filter(|length| (1..=text.len()).contains(length)) {
        of_length(length, (beginnings, text.as_bytes()), &mut found);
    }
    found
}

/// Marks the beginnings of one length (Rabin and Karp's search for many words).
fn of_length(length: usize, (beginnings, text): (&[&str], &[u8]), found: &mut [bool]) {
    let mut wanted: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut filter = Filter::new(beginnings.len());
    for (place, beginning) in beginnings.iter().enumerate().filter(|(_, beginning)| beginning.len() == length) {
        let hash = beginning.bytes().fold(0, push);
        wanted.entry(hash).or_default().push(place);
        filter.add(hash);
    }
    let power = (0..length).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = text[..length].iter().copied().fold(0, push);
    for start in 0.. {
        if filter.may_hold(hash)
            && let Some(places) = wanted.get(&hash)
            && places.iter().any(|place| beginnings[*place].as_bytes() == &text[start..start + length])
        {
            for place in wanted.remove(&hash).unwrap_or_default() {
                found[place] |= beginnings[place].as_bytes() == &text[start..start + length];
            }
        }
        let Some(next) = text.get(start + length) else { return };
        hash = push(hash, *next).wrapping_sub(power.wrapping_mul(code(text[start])));
    }
}

/// No byte counts nothing: what a text begins with would not matter.
fn code(byte: u8) -> u64 {
    u64::from(byte) + 1
}

fn push(hash: u64, byte: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(code(byte))
}

/// Settles nearly all places of a text without a look into the map: a bit for each hash.
struct Filter {
    words: Vec<u64>,
    /// How far a hash is shifted: its low bits depend on few bytes only.
    shift: u32,
}

impl Filter {
    /// With some thirty bits for each of so many hashes.
    fn new(hashes: usize) -> Self {
        let bits = (hashes.max(64) * 32).next_power_of_two().ilog2();
        Self { words: vec![0; 1 << (bits - 6)], shift: u64::BITS - bits }
    }

    fn slot(&self, hash: u64) -> (usize, u64) {
        let high = hash >> self.shift;
        (usize::try_from(high >> 6).unwrap_or(0), 1 << (high & 63))
    }

    fn add(&mut self, hash: u64) {
        let (word, bit) = self.slot(hash);
        self.words[word] |= bit;
    }

    fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = self.slot(hash);
        self.words[word] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_plain_search_finds() {
        let text = "The ferry sails at noon. The ferry sails at night. Дорога открыта, и поезда идут.";
        let beginnings =
            ["The ferry", "sails at nigh", "no such line", "Дорога", "поезда идут.", "", "the ferry", "The ferry"];
        let plain: Vec<bool> = beginnings.iter().map(|wanted| !wanted.is_empty() && text.contains(wanted)).collect();
        assert_eq!(found(&beginnings, text), plain);
        assert_eq!(found(&beginnings, "The"), [false; 8]);
        assert_eq!(found(&["same", "same", "sane"], "some same"), [true, true, false]);
        assert_eq!(found(&[], text), Vec::<bool>::new());
    }
}
