//! Where each value came from, noted while it is chosen.

use std::borrow::Cow;

use crate::model::{Claim, Field, Lost, Provenance};

/// Longer texts that lost are kept by their beginning, in bytes.
const LONGEST_LOST: usize = 240;

/// The provenance of an article's fields.
#[derive(Default)]
pub(super) struct Ledger(pub(super) Vec<Provenance>);

impl Ledger {
    pub(super) fn record(&mut self, field: Field, from: &'static str, raw: Option<String>) {
        self.record_with(field, from, (raw, Vec::new()));
    }

    /// With what lost against the value.
    pub(super) fn record_with(&mut self, field: Field, from: &'static str, (raw, lost): (Option<String>, Vec<Lost>)) {
        self.0.push(Provenance { field, from: Cow::Borrowed(from), raw, lost });
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
