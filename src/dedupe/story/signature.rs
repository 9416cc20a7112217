//! Signatures that estimate how many word triples two texts share (one-permutation `MinHash`).

use std::fmt;

/// Values of a signature; 128 estimate a similarity to within about 0.04.
const VALUES: usize = 128;

/// Values of a band: texts are compared where one whole band is equal.
const BAND: usize = 4;

/// Shorter texts have too few triples to tell anything: a teaser, a caption.
const FEWEST_TRIPLES: usize = 24;

/// Longer texts are judged by their beginning.
const LONGEST: usize = 64 * 1024;

/// The size of a stored signature.
pub const BYTES: usize = VALUES * 4;

/// The smallest hash of word triples in each of 128 classes.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(Box<[u32; VALUES]>);

impl Signature {
    /// Reads a text once; `None` where it is too short to be compared.
    ///
    /// Words are runs of letters and digits without case; in scripts without spaces, characters.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut values = [u32::MAX; VALUES];
        let mut triples = 0_usize;
        let mut words = [0_u64; 2];
        let mut seen = 0_usize;
        let mut add = |word: u64| {
            seen += 1;
            if seen > 2 {
                let hash = mix(words[0].rotate_left(21) ^ words[1].rotate_left(42) ^ word);
                // the upper bits choose the class, the lower ones compete in it
                let class = &mut values[usize::try_from(hash >> 57).unwrap_or_default()];
                *class = (*class).min(low_half(hash));
                triples += 1;
            }
            words = [words[1], word];
        };
        let mut word = 0;
        for c in text[..text.floor_char_boundary(LONGEST)].chars() {
            if c.is_ascii_alphanumeric() {
                word = step(word, u32::from(c.to_ascii_lowercase()));
            } else if c.is_ascii() || !c.is_alphanumeric() {
                // marks inside a word, such as vowel signs and soft hyphens, do not end it
                if word != 0 && !is_mark(c) {
                    add(mix(word));
                    word = 0;
                }
            } else if weight(c) > 1 {
                if word != 0 {
                    add(mix(word));
                    word = 0;
                }
                add(mix(u64::from(c)));
            } else {
                word = c.to_lowercase().fold(word, |word, c| step(word, u32::from(c)));
            }
        }
        if word != 0 {
            add(mix(word));
        }
        if triples < FEWEST_TRIPLES {
            return None;
        }
        densify(&mut values);
        Some(Self(Box::new(values)))
    }

    /// The share of word triples that two texts have in common, 0 to 1, estimated.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        let equal = self.0.iter().zip(&*other.0).filter(|(a, b)| a == b).count();
        f32::from(u8::try_from(equal).unwrap_or(u8::MAX)) / 128.0
    }

    /// One hash for each band.
    pub(super) fn bands(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.chunks_exact(BAND).map(|band| band.iter().fold(0, |hash, value| mix(hash ^ u64::from(*value))))
    }

    /// As stored: little-endian values, [`BYTES`] in all.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// Reads what [`Signature::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != BYTES {
            return None;
        }
        let mut values = [0; VALUES];
        for (value, chunk) in values.iter_mut().zip(bytes.chunks_exact(4)) {
            *value = u32::from_le_bytes(chunk.try_into().ok()?);
        }
        Some(Self(Box::new(values)))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({:08x}, …)", self.0[0])
    }
}

/// How many letters a character counts for: those of scripts without spaces are words.
pub(super) fn weight(c: char) -> usize {
    let is_word = matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    if is_word { 3 } else { 1 }
}

/// Characters that stand inside words without being letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{200B}'..='\u{200D}')
}

fn step(word: u64, c: u32) -> u64 {
    // FNV-1a on whole characters; the offset keeps words apart that begin with others' ends
    (if word == 0 { 0xcbf2_9ce4_8422_2325 } else { word } ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3)
}

/// Spreads a number over all 64 bits (the finalizer of `SplitMix64`).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn low_half(hash: u64) -> u32 {
    hash as u32
}

/// Fills classes that no triple fell into from others, the same ones in every text.
///
/// Each empty class asks a fixed random sequence of classes until one has a value of its own
/// (Shrivastava, "Optimal Densification for Fast and Accurate Minwise Hashing", 2017).
fn densify(values: &mut [u32; VALUES]) {
    let own = *values;
    if own.iter().all(|value| *value == u32::MAX) {
        return;
    }
    for (class, value) in values.iter_mut().enumerate().filter(|(class, _)| own[*class] == u32::MAX) {
        let mut turn = class as u64;
        while *value == u32::MAX {
            turn = mix(turn);
            *value = own[usize::try_from(turn >> 57).unwrap_or_default()];
        }
    }
}
