//! What one page shows of its outlet's clock.

use chrono::{TimeDelta, Timelike};

use super::Context;
use super::dated::{Dating, is_visible};
use crate::dates::When;
use crate::model::{RawArticle, Sighting};

/// How far the clock that readers see is ahead of UTC, where the page's metadata tells the same moment.
///
/// ```text
/// 08:00Z        and "9:00 a.m." in the byline     one hour ahead
/// 08:00+01:00   and "8:00 a.m."                   one hour ahead
/// 08:00+01:00   and "9:00 a.m."                   nothing: one of them lies
/// 01:41Z        and "1:41 p.m."                   nothing: half the day was lost
/// ```
#[must_use]
pub fn sighting(raw: &RawArticle, context: &Context<'_>) -> Option<Sighting> {
    const FARTHEST: i64 = 14 * 60;
    const HALF_A_DAY: i64 = 12 * 60;
    let language = raw.languages.first().map(|claim| claim.text.text.as_str());
    let dating = Dating::new(context, language);
    let read = |is_wanted: fn(&str) -> bool| {
        raw.published.iter().filter(move |claim| is_wanted(claim.from)).filter_map(|claim| dating.read(claim))
    };
    // nearly all items have no such line
    let local = read(is_line).find_map(|when| match when {
        When::Local(local) => Some(local),
        _ => None,
    })?;
    let instant = read(|from| !is_line(from)).find_map(|when| match when {
        When::Instant(at) => Some(at),
        _ => None,
    })?;
    let minutes = |time: chrono::NaiveDateTime| time.with_second(0)?.with_nanosecond(0);
    let ahead: TimeDelta = minutes(local)? - minutes(instant.naive_utc())?;
    let ahead = ahead.num_minutes();
    let own = i64::from(instant.offset().local_minus_utc() / 60);
    let is_clock = ahead.abs() <= FARTHEST && ahead % 15 == 0 && ahead.abs() != HALF_A_DAY;
    let agrees = own == 0 || own == ahead;
    (is_clock && agrees).then(|| Some(Sighting { at: instant.timestamp(), ahead: i16::try_from(ahead).ok()? }))?
}

/// Whether a kind of evidence is a line that readers see, and not an attribute in it.
fn is_line(from: &str) -> bool {
    is_visible(from) && from != "html:time[datetime]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Claim, Text};

    #[test]
    fn a_page_shows_its_clock_where_metadata_and_line_agree() {
        let context = Context {
            source: None,
            feed: None,
            now: "2026-11-24T12:00:00Z".parse().unwrap(),
            clock: None,
            outlet_names: &[],
            explains: true,
        };
        for (metadata, line, expected) in [
            ("2023-03-01T08:00:00Z", "March 1, 2023, 9:00 a.m.", Some(60)),
            ("2023-03-01T08:00:41+01:00", "March 1, 2023, 8:00 a.m.", Some(60)),
            ("2023-03-01T20:00:00Z", "March 2, 2023 01:30", Some(330)),
            ("2023-03-01T08:00:00Z", "March 1, 2023 08:00", Some(0)),
            ("2023-03-01T08:00:00+01:00", "March 1, 2023, 9:00 a.m.", None),
            ("2023-03-01T01:41:00Z", "March 1, 2023, 1:41 p.m.", None),
            ("2023-03-01T08:00:00Z", "March 1, 2023, 9:07 a.m.", None),
            ("2023-03-01T08:00:00Z", "March 9, 2023, 9:00 a.m.", None),
            ("2023-03-01T08:00:00Z", "March 1, 2023", None),
            ("2023-03-01", "March 1, 2023, 9:00 a.m.", None),
            ("2023-03-01T08:00:00Z", "March 1, 2023, 3:00 a.m. EST", None),
        ] {
            let claim = |from, text| Claim { from, text: Text::plain(text) };
            let published = vec![claim("json-ld:datePublished", metadata), claim("html:dateline", line)];
            let raw = RawArticle { published, ..RawArticle::default() };
            let seen = sighting(&raw, &context);
            assert_eq!(seen.map(|seen| seen.ahead), expected, "{metadata} {line}");
        }
    }
}
