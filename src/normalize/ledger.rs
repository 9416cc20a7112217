//! Where each value came from and why it won, noted while it is chosen.

use std::borrow::Cow;

use crate::model::{Claim, Field, Lost, Provenance};

/// Longer texts that lost are kept by their beginning, in bytes.
const LONGEST_LOST: usize = 240;

/// The provenance of an article's fields.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) notes: Vec<Provenance>,
    /// Whether all of them are wanted; else only those of dates, which later steps go by.
    explains: bool,
}

/// The kind of evidence that won, and why.
pub(super) struct Winner {
    pub from: &'static str,
    pub why: Cow<'static, str>,
}

impl Winner {
    pub(super) fn new(from: &'static str, why: impl Into<Cow<'static, str>>) -> Self {
        Self { from, why: why.into() }
    }

    /// The first claim of a list that is in the order of trust.
    pub(super) fn first(from: &'static str, lost: &[Lost]) -> Self {
        Self::new(from, if lost.is_empty() { ONLY } else { MOST_TRUSTED })
    }
}

/// There was nothing to choose.
pub(super) const ONLY: &str = "nothing else claims it";

/// The order of trust decided.
pub(super) const MOST_TRUSTED: &str = "the most trusted claim that can be believed";

impl Ledger {
    /// An empty one; it notes every field where it `explains`.
    pub(super) fn new(explains: bool) -> Self {
        Self { notes: Vec::with_capacity(if explains { 10 } else { 2 }), explains }
    }

    /// Notes a value, its text as found, and what lost against it.
    pub(super) fn record(&mut self, field: Field, winner: Winner, (raw, lost): (Option<String>, Vec<Lost>)) {
        if self.explains || matches!(field, Field::DatePublished | Field::DateModified) {
            let Winner { from, why } = winner;
            self.notes.push(Provenance { field, from: Cow::Borrowed(from), raw, why, lost });
        }
    }
}

/// A claim as one that lost.
pub(super) fn lost(from: &'static str, mut raw: String) -> Lost {
    if raw.len() > LONGEST_LOST {
        raw.truncate(raw.floor_char_boundary(LONGEST_LOST));
        raw.shrink_to_fit();
    }
    Lost { from: Cow::Borrowed(from), raw }
}

/// All that is left of a list of claims, as losers.
pub(super) fn all_lost(claims: impl Iterator<Item = Claim>) -> Vec<Lost> {
    claims.filter(|claim| !claim.text.is_blank()).map(|claim| lost(claim.from, claim.text.text)).collect()
}
