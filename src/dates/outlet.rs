//! The clock of an outlet, out of its own articles: moments that its metadata and its visible lines tell alike.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use super::place::resolve;
use crate::model::Sighting;

/// Fewer articles may be chance.
const FEWEST: usize = 3;

/// Zones whose clock an outlet may keep, the likeliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletClock {
    zones: Vec<Tz>,
    /// How many articles agree with them.
    pub articles: usize,
}

/// A zone that the operator may put into the config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub zone: Tz,
    /// How many articles agree with it.
    pub articles: usize,
    /// Whether no other zone fits whose clock will differ within the year.
    pub is_settled: bool,
}

/// Domains of countries with their zone, in the order of the file.
static HOMES: LazyLock<Vec<(&'static str, Tz)>> = LazyLock::new(|| {
    let lines = include_str!("data/homes.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(' ')).filter_map(|(code, zone)| Some((code, zone.parse().ok()?))).collect()
});

impl OutletClock {
    /// The zones that three articles or more show, of which four in five agree. `host` is the outlet's: the
    /// domain of a country with one clock decides between zones that fit alike.
    ///
    /// Articles that all show UTC show nothing: many outlets write their own time and call it UTC.
    #[must_use]
    pub fn of(sightings: &[Sighting], host: Option<&str>) -> Option<Self> {
        if sightings.len() < FEWEST || sightings.iter().all(|sighting| sighting.ahead == 0) {
            return None;
        }
        let agreeing = |zone: Tz| sightings.iter().filter(|sighting| is_kept(zone, sighting)).count();
        let counted: Vec<(Tz, usize)> = TZ_VARIANTS.iter().map(|zone| (*zone, agreeing(*zone))).collect();
        let articles = counted.iter().map(|(_, count)| *count).max()?;
        if articles < FEWEST || articles * 5 < sightings.len() * 4 {
            return None;
        }
        let mut zones: Vec<Tz> =
            counted.into_iter().filter(|(_, count)| *count == articles).map(|(zone, _)| zone).collect();
        let code = host.and_then(|host| host.rsplit('.').next()).unwrap_or_default();
        if let Some((_, home)) = HOMES.iter().find(|(known, home)| *known == code && zones.contains(home)) {
            zones = vec![*home];
        }
        let place = |zone: &Tz| HOMES.iter().position(|(_, known)| known == zone).unwrap_or(HOMES.len());
        zones.sort_by_key(place);
        Some(Self { zones, articles })
    }

    /// The zone to read a local time in; `None` where those that fit differ at that time.
    #[must_use]
    pub fn zone_at(&self, local: NaiveDateTime) -> Option<Tz> {
        let first = *self.zones.first()?;
        let at = resolve(local, first);
        self.zones.iter().all(|zone| resolve(local, *zone) == at).then_some(first)
    }

    /// The zone to propose for the config, as of a time.
    #[must_use]
    pub fn proposal(&self, now: DateTime<Utc>) -> Option<Proposal> {
        const MONTHS: i64 = 12;
        let zone = *self.zones.first()?;
        let is_settled = (0..MONTHS).all(|month| {
            let at = (now + TimeDelta::days(30 * month)).naive_utc();
            self.zones.iter().all(|other| ahead(*other, at) == ahead(zone, at))
        });
        Some(Proposal { zone, articles: self.articles, is_settled })
    }
}

/// Minutes that a zone's clock is ahead of UTC.
fn ahead(zone: Tz, at: NaiveDateTime) -> i32 {
    zone.offset_from_utc_datetime(&at).fix().local_minus_utc() / 60
}

fn is_kept(zone: Tz, sighting: &Sighting) -> bool {
    let at = DateTime::from_timestamp(sighting.at, 0);
    at.is_some_and(|at| ahead(zone, at.naive_utc()) == i32::from(sighting.ahead))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sightings(list: &[(&str, i16)]) -> Vec<Sighting> {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect(text).timestamp();
        list.iter().map(|(text, ahead)| Sighting { at: at(text), ahead: *ahead }).collect()
    }

    fn zone(list: &[(&str, i16)], host: &str, local: &str) -> Option<&'static str> {
        let clock = OutletClock::of(&sightings(list), Some(host))?;
        clock.zone_at(local.parse().expect(local)).map(Tz::name)
    }

    const WINTER: [(&str, i16); 3] =
        [("2026-01-10T08:00:00Z", 60), ("2026-01-11T09:00:00Z", 60), ("2026-01-12T10:00:00Z", 60)];

    #[test]
    fn a_zone_is_seen_where_articles_agree() {
        let both = [WINTER[0], WINTER[1], ("2025-07-01T10:00:00Z", 120)];
        let london = [("2026-01-10T08:00:00Z", 0), ("2025-07-01T10:00:00Z", 60), ("2025-07-02T10:00:00Z", 60)];
        let india = [("2026-01-10T08:00:00Z", 330), ("2025-07-01T10:00:00Z", 330), ("2025-07-02T10:00:00Z", 330)];
        for (list, host, local, expected) in [
            (&both[..], "courier.example", "2026-07-15T12:00:00", Some("Europe/Berlin")),
            (&both[..], "courier.example.fr", "2026-07-15T12:00:00", Some("Europe/Paris")),
            (&london[..], "courier.example", "2026-07-15T12:00:00", Some("Europe/London")),
            (&india[..], "courier.example", "2026-07-15T12:00:00", Some("Asia/Kolkata")),
            // of winter alone nobody can tell Berlin from Lagos, but in winter they agree
            (&WINTER[..], "courier.example", "2026-01-20T12:00:00", Some("Europe/Berlin")),
            (&WINTER[..], "courier.example", "2026-07-15T12:00:00", None),
            (&WINTER[..], "courier.de", "2026-07-15T12:00:00", Some("Europe/Berlin")),
            (&WINTER[..2], "courier.de", "2026-01-20T12:00:00", None),
        ] {
            assert_eq!(zone(list, host, local), expected, "{host} {local}");
        }
    }

    #[test]
    fn what_disagrees_or_says_utc_shows_nothing() {
        let mixed =
            [WINTER[0], ("2026-01-11T09:00:00Z", -300), ("2026-01-12T10:00:00Z", 330), ("2026-01-13T10:00:00Z", 60)];
        assert_eq!(OutletClock::of(&sightings(&mixed), None), None);
        let utc = WINTER.map(|(at, _)| (at, 0));
        assert_eq!(OutletClock::of(&sightings(&utc), Some("courier.co.uk")), None);
        // one slip among five is one
        let slip = [WINTER[0], WINTER[1], WINTER[2], ("2026-01-13T10:00:00Z", 60), ("2026-01-14T10:00:00Z", 0)];
        assert_eq!(OutletClock::of(&sightings(&slip), None).map(|clock| clock.articles), Some(4));
    }

    #[test]
    fn a_proposal_tells_whether_the_year_will_show_another_zone() {
        let now = "2026-01-20T12:00:00Z".parse().expect("a time");
        let proposal = |list: &[(&str, i16)], host| {
            OutletClock::of(&sightings(list), Some(host)).and_then(|clock| clock.proposal(now))
        };
        let both = [WINTER[0], WINTER[1], ("2025-07-01T10:00:00Z", 120)];
        let berlin = |is_settled| Some(Proposal { zone: Tz::Europe__Berlin, articles: 3, is_settled });
        assert_eq!(proposal(&both, "courier.example"), berlin(true));
        assert_eq!(proposal(&WINTER, "courier.example"), berlin(false));
        assert_eq!(proposal(&WINTER, "courier.de"), berlin(true));
    }

    #[test]
    fn every_home_is_a_zone() {
        let lines = include_str!("data/homes.txt").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), HOMES.len());
    }
}
