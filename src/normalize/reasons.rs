//! Why a date won: what was weighed, in words.

use std::borrow::Cow;

use super::dated::is_visible;
use super::ledger::{MOST_TRUSTED, ONLY};

/// What decided for a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The order of trust.
    Trust,
    /// It says the same as a more trusted claim, and more.
    MoreExact,
    /// Another claim tells the zone of the same moment.
    ZoneOfOther,
    /// The visible line beats metadata that lies.
    LineBeatsMetadata,
    /// The address or the page names the day.
    NamedDay,
    /// The address names a day weeks before.
    OldAddress,
    /// The language is at home in one zone.
    OnlyZone,
    /// The outlet's own articles show the zone.
    OutletZone,
}

impl Reason {
    const fn words(self) -> &'static str {
        match self {
            Self::Trust => MOST_TRUSTED,
            Self::MoreExact => "says the same as a more trusted claim, and more exactly",
            Self::ZoneOfOther => "another claim tells the zone of the same moment",
            Self::LineBeatsMetadata => "the visible line beats metadata that lies",
            Self::NamedDay => "moved to the day that the address or the page names",
            Self::OldAddress => "the address names a day weeks before: the story was moved or refreshed",
            Self::OnlyZone => "its language is at home in one zone",
            Self::OutletZone => "the zone is the one that the outlet's own articles show",
        }
    }
}

/// The reasons with the kinds of evidence that name the same day: "…; agrees with the address and the
/// visible line". `agreeing` are those of the other claims that do; `others` tells whether there are any.
pub(super) fn words(reasons: &[Reason], (winner, agreeing): (&str, &[&str]), has_others: bool) -> Cow<'static, str> {
    if !has_others && reasons == [Reason::Trust] {
        return Cow::Borrowed(ONLY);
    }
    let kinds = [Kind::Metadata, Kind::Line, Kind::Address];
    let witnesses: Vec<&str> = kinds
        .into_iter()
        .filter(|kind| *kind != Kind::of(winner) && agreeing.iter().any(|from| Kind::of(from) == *kind))
        .map(Kind::words)
        .collect();
    // what decided comes first; that the order of trust did needs no saying beside a better reason
    let mut said: Vec<Cow<'static, str>> = reasons.iter().map(|reason| Cow::Borrowed(reason.words())).collect();
    if reasons.len() > 1 {
        said.retain(|words| words != Reason::Trust.words());
    }
    if !witnesses.is_empty() {
        said.push(Cow::Owned(format!("agrees with {}", witnesses.join(" and "))));
    }
    match said.as_mut_slice() {
        [one] => std::mem::take(one),
        _ => Cow::Owned(said.join("; ")),
    }
}

/// Who says something: one hand writes all of a page's metadata.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Metadata,
    Line,
    Address,
}

impl Kind {
    fn of(from: &str) -> Self {
        match from {
            "url" => Self::Address,
            _ if is_visible(from) => Self::Line,
            _ => Self::Metadata,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Metadata => "the metadata",
            Self::Line => "the visible line",
            Self::Address => "the address",
        }
    }
}
