//! Identity: the keys that lead to an article, and what one fetch changes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Article, SourceState};

/// The store's own number of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArticleId(pub i64);

/// A 16-byte hash that leads to an article; its scope (source or outlet) is part of what is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

/// A map from keys, which are hashes already: no second one is made of them.
///
/// Nobody can choose keys that fall together: they are parts of a cryptographic hash.
pub type KeyMap<V> = HashMap<Key, V, BuildHasherDefault<KeyHasher>>;

/// Takes a key's first bytes for its hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.first_chunk().map_or(self.0, |first| u64::from_ne_bytes(*first));
    }

    /// The length of what follows.
    fn write_usize(&mut self, _length: usize) {}
}

/// 32 lower-case hexadecimal digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 32 lower-case hexadecimal digits")]
pub struct NotAKey;

/// Takes what `Display` writes, nothing else.
impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(is_digit) {
            return Err(NotAKey);
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| NotAKey)?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The keys of one item, in the order in which they are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Source and guid.
    pub guid: Option<Key>,
    /// The URL as found.
    pub url: Option<Key>,
    /// The canonical URL; `None` where its key is that of the URL as found.
    pub canonical: Option<Key>,
    /// Source, title and day.
    pub title_day: Option<Key>,
}

impl Keys {
    /// The keys that are there, in order.
    pub fn iter(&self) -> impl Iterator<Item = Key> {
        [self.guid, self.url, self.canonical, self.title_day].into_iter().flatten()
    }
}

/// What a key led to: the little that deciding needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub article: ArticleId,
    /// The outlet that published it first.
    pub outlet: Arc<str>,
    /// Whether the asking source is known to carry it.
    pub carried: bool,
    /// The fingerprint that the asking source's copy last had; 0 where it does not carry it.
    pub fingerprint: u64,
    /// A hash of the folded title.
    pub title_hash: u64,
    /// Publication time, seconds since 1970.
    pub published: Option<i64>,
    /// Hidden for ever by the operator.
    pub hidden: bool,
}

/// What the store knows when a source's document has been read.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub hits: KeyMap<Hit>,
    /// The articles that the source's last document held.
    pub listed: Vec<ArticleId>,
}

/// Candidates for an article's permanent id, best first; the store takes the first that is free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uids {
    /// URIs of the outlet's own.
    pub uris: Vec<String>,
    /// Without URIs: its outlet and what the outlet calls it, a line each, where it has a name at all.
    pub name: Option<String>,
    /// A hash of all that is known of it.
    pub hash: u128,
}

impl Uids {
    /// The candidates without end: the URIs, then a `urn:uuid` of the name, and such of the hash. All but
    /// the URIs are made when they are asked for, which is seldom.
    pub fn candidates(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let named = self.name.iter().map(|name| urn(name).into());
        let hashed = (1_u64..).map(|number| urn(&format!("{:032x} {number}", self.hash)).into());
        self.uris.iter().map(|uri| Cow::Borrowed(uri.as_str())).chain(named).chain(hashed)
    }

    /// The best one.
    #[must_use]
    pub fn first(&self) -> Cow<'_, str> {
        self.candidates().next().unwrap_or_default()
    }

    /// Those that somebody may call it by: all that come before the hash, or the hash's first.
    pub fn speaking(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.candidates().take((self.uris.len() + usize::from(self.name.is_some())).max(1))
    }
}

/// The namespace of ids made here: UUID v5 of `feedmill:article` in the namespace of addresses.
const NAMESPACE: Uuid = Uuid::from_u128(0x7b5e_1f86_2c4d_5a39_9e0b_6d18_43f2_a7c5);

fn urn(name: &str) -> String {
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).urn().to_string()
}

/// An article that nobody knew.
#[derive(Clone, Debug)]
pub struct NewArticle {
    pub uids: Uids,
    pub article: Box<Article>,
    pub keys: Vec<Key>,
    /// Of the raw article, as this source has it.
    pub fingerprint: u64,
    pub title_hash: u64,
    /// Bytes of stored text, for byte budgets.
    pub size: u32,
    /// `false`: stored so that it is known, but in no feed, now and later.
    pub announced: bool,
    /// Numbers of the feeds it becomes a member of.
    pub feeds: Vec<u32>,
}

/// A known article whose outlet now says something else.
#[derive(Clone, Debug)]
pub struct UpdatedArticle {
    pub id: ArticleId,
    /// The new content; `None` where only the fingerprint moved.
    pub article: Option<Box<Article>>,
    pub keys: Vec<Key>,
    /// Of the raw article, as this source has it.
    pub fingerprint: u64,
    pub title_hash: u64,
    pub size: u32,
    /// Feeds whose selection it meets now.
    pub feeds: Vec<u32>,
}

/// A known article that one more source carries, that is known by more keys, or whose copy changed
/// where it is not the one that counts.
#[derive(Clone, Debug)]
pub struct Carried {
    pub id: ArticleId,
    pub keys: Vec<Key>,
    /// Whether this source is new to it.
    pub new_source: bool,
    /// Of the raw article, as this source has it.
    pub fingerprint: u64,
    /// Feeds whose selection it meets now.
    pub feeds: Vec<u32>,
}

/// Everything that one fetch of one source changes; one transaction.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    pub state: SourceState,
    pub outlet: Arc<str>,
    pub new: Vec<NewArticle>,
    pub updated: Vec<UpdatedArticle>,
    pub carried: Vec<Carried>,
    /// Known articles of the document, whether changed or not; `None` where no document was read.
    pub listed: Option<Vec<ArticleId>>,
    pub now: DateTime<Utc>,
}

/// A stored article with what the store knows about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub id: ArticleId,
    pub uid: String,
    pub outlet: Arc<str>,
    /// Every source that carried it, the first one first.
    pub sources: Vec<Arc<str>>,
    pub first_seen: DateTime<Utc>,
    pub article: Article,
    pub keys: Vec<Key>,
    /// Stored unannounced: no feed takes it.
    pub quiet: bool,
    /// Only its names are left: its content went, or published history does not tell it.
    pub is_gone: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_digits_and_read_back() {
        let mut bytes = [0; 16];
        (bytes[0], bytes[15]) = (0x0a, 0xf1);
        for (key, text) in [
            (Key([0; 16]), "00000000000000000000000000000000"),
            (Key([0xff; 16]), "ffffffffffffffffffffffffffffffff"),
            (Key(bytes), "0a0000000000000000000000000000f1"),
        ] {
            assert_eq!(key.to_string(), text);
            assert_eq!(text.parse(), Ok(key));
        }
    }

    #[test]
    fn other_texts_are_no_keys() {
        let signed = format!("+{}", "0".repeat(31));
        let upper = "F".repeat(32);
        let wide = "é".repeat(16);
        for text in ["", "0", &"0".repeat(31), &"0".repeat(33), &"g".repeat(32), &signed, &upper, &wide] {
            assert_eq!(text.parse::<Key>(), Err(NotAKey), "{text:?}");
        }
    }
}
