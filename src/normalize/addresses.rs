//! The address of an article's page, and its canonical form.

use super::Ledger;
use super::ledger::{Winner, all_lost, lost};
use crate::address;
use crate::model::{Claim, Field, Lost};

/// The first address that is one, as found, and the canonical one.
///
/// What a page calls canonical counts only on the same site, and not where it is the front page of
/// it: templates often forget to fill it in.
pub(super) fn choose(
    (urls, canonical_urls): (Vec<Claim>, Vec<Claim>),
    ledger: &mut Ledger,
) -> (Option<String>, Option<String>) {
    let mut urls = urls.into_iter();
    let mut passed: Vec<Lost> = Vec::new();
    let mut own = None;
    for claim in urls.by_ref() {
        match address::canonical(&claim.text.text) {
            Some(canonical) => {
                own = Some((claim, canonical));
                break;
            }
            None => passed.push(lost(claim.from, claim.text.text)),
        }
    }
    let (url, own_canonical) = match own {
        Some((claim, canonical)) => {
            passed.extend(all_lost(urls));
            ledger.record(Field::Url, Winner::first(claim.from, &passed), (None, passed));
            (Some(claim.text.text), Some(canonical))
        }
        None => (None, None),
    };

    let mut passed = Vec::new();
    let mut canonical_urls = canonical_urls.into_iter();
    for claim in canonical_urls.by_ref() {
        let canonical = address::canonical(&claim.text.text).filter(|canonical| {
            own_canonical.as_ref().is_none_or(|own| {
                address::same_site(own, canonical) && (is_front_page(own) || !is_front_page(canonical))
            })
        });
        let Some(canonical) = canonical else {
            passed.push(lost(claim.from, claim.text.text));
            continue;
        };
        passed.extend(all_lost(canonical_urls));
        let raw = (canonical != claim.text.text).then_some(claim.text.text);
        let winner = Winner::new(claim.from, "the most trusted one on the same site");
        ledger.record(Field::CanonicalUrl, winner, (raw, passed));
        return (url, Some(canonical));
    }
    if own_canonical.is_some() {
        let winner = Winner::new("url", "nothing else names one on the same site");
        ledger.record(Field::CanonicalUrl, winner, (None, passed));
    }
    (url, own_canonical)
}

/// Whether a canonical address has neither path nor query.
fn is_front_page(url: &str) -> bool {
    url.splitn(4, '/').nth(3).is_none_or(str::is_empty)
}
