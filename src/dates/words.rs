//! The tables of words that dates are written with, read once from the data files.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::FixedOffset;
use chrono_tz::Tz;

use super::calendar::{Calendar, Month};
use super::fold;

/// What a word may mean, as a set: `m` is a minute, a metre of nothing, and half of `p. m.`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles(u32);

macro_rules! roles {
    ($($constant:ident = $bit:literal $name:literal;)*) => {
        impl Roles {
            $(pub(super) const $constant: Self = Self(1 << $bit);)*

            fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$constant),)*
                    _ => None,
                }
            }
        }
    };
}

roles! {
    WEEKDAY = 0 "weekday";
    FILLER = 1 "filler";
    LABEL = 2 "label";
    AM = 3 "am";
    PM = 4 "pm";
    YEAR_MARK = 5 "year_mark";
    MONTH_MARK = 6 "month_mark";
    DAY_MARK = 7 "day_mark";
    HOUR_MARK = 8 "hour_mark";
    MINUTE_MARK = 9 "minute_mark";
    SECOND_MARK = 10 "second_mark";
    ORDINAL = 11 "ordinal";
    SECOND = 12 "second";
    MINUTE = 13 "minute";
    HOUR = 14 "hour";
    DAY = 15 "day";
    WEEK = 16 "week";
    MONTH = 17 "month";
    YEAR = 18 "year";
    ONE = 19 "one";
    AGO = 20 "ago";
    AGO_BEFORE = 21 "ago_before";
    NOW = 22 "now";
    TODAY = 23 "today";
    YESTERDAY = 24 "yesterday";
    AFTER_YEAR = 25 "after_year";
}

impl Roles {
    /// Whether the word may mean any of these.
    pub(super) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    /// Both sets together.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The zone that an abbreviation stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    Fixed(FixedOffset),
    /// Summer time depends on the date.
    Named(Tz),
}

/// The order of day and month where both are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// The zones that share one abbreviation.
struct Zones {
    usual: Zone,
    /// By language, or language and country.
    local: Vec<(&'static str, Zone)>,
}

struct Tables {
    months: HashMap<String, Vec<(&'static str, Month)>>,
    roles: HashMap<String, Roles>,
    zones: HashMap<&'static str, Zones>,
    orders: HashMap<&'static str, Option<Order>>,
    /// Longest word of a script without spaces, in characters.
    longest: usize,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        months: read_months(include_str!("data/months.txt")),
        roles: read_roles(include_str!("data/roles.txt")),
        zones: read_zones(include_str!("data/zones.txt")),
        orders: read_orders(include_str!("data/orders.txt")),
        longest: 1,
    };
    let unspaced = tables.roles.keys().filter(|key| key.chars().all(fold::is_unspaced));
    tables.longest = unspaced.map(|key| key.chars().count()).max().unwrap_or(1);
    tables
});

/// What a folded word may mean beside a month or a zone.
pub(super) fn roles(word: &str) -> Roles {
    TABLES.roles.get(word).copied().unwrap_or_default()
}

/// Whether a folded name of several words, parted by spaces, stands in a table.
pub(super) fn is_known(words: &str) -> bool {
    TABLES.roles.contains_key(words) || TABLES.months.contains_key(words)
}

/// Characters of the longest known word of a script without spaces.
pub(super) fn longest_unspaced() -> usize {
    TABLES.longest
}

/// The month that a folded word names; languages that disagree need the hint.
pub(super) fn month(word: &str, language: Option<&str>) -> Option<Month> {
    let readings = TABLES.months.get(word)?;
    let (_, first) = readings.first()?;
    if readings.iter().all(|(_, month)| month == first) {
        return Some(*first);
    }
    let language = primary(language?);
    readings.iter().find(|(of, _)| language.eq_ignore_ascii_case(of)).map(|(_, month)| *month)
}

/// The zone of an abbreviation in capitals.
pub(super) fn zone(name: &str, language: Option<&str>) -> Option<Zone> {
    let zones = TABLES.zones.get(name)?;
    let local = language.and_then(|language| {
        let of = |wanted: &str| zones.local.iter().find(|(of, _)| wanted.eq_ignore_ascii_case(of));
        of(language).or_else(|| of(primary(language)))
    });
    Some(local.map_or(zones.usual, |(_, zone)| *zone))
}

/// The order of day and month that a language is sure of.
pub(super) fn order(language: &str) -> Option<Order> {
    let tag = language.to_ascii_lowercase().replace('_', "-");
    TABLES.orders.get(tag.as_str()).or_else(|| TABLES.orders.get(primary(&tag))).copied().flatten()
}

/// The language of a BCP 47 tag without script and country.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn key(word: &str) -> String {
    fold::word(&word.replace('_', " "))
}

fn read_months(data: &'static str) -> HashMap<String, Vec<(&'static str, Month)>> {
    let mut months: HashMap<String, Vec<(&'static str, Month)>> = HashMap::new();
    for (of, names) in lines(data).filter_map(|line| line.split_once(':')) {
        let (language, calendar) = of.split_once('@').unwrap_or((of, ""));
        let calendar = Calendar::named(calendar).unwrap_or(Calendar::Gregorian);
        for (number, group) in (1..).zip(names.split('|')) {
            for name in group.split_whitespace() {
                months.entry(key(name)).or_default().push((language, Month { number, calendar }));
            }
        }
    }
    months
}

fn read_roles(data: &'static str) -> HashMap<String, Roles> {
    let mut roles: HashMap<String, Roles> = HashMap::new();
    for (name, words) in lines(data).filter_map(|line| line.split_once(':')) {
        let Some(role) = Roles::named(name) else { continue };
        for word in words.split_whitespace() {
            let known = roles.entry(key(word)).or_default();
            *known = known.or(role);
        }
    }
    roles
}

fn read_zones(data: &'static str) -> HashMap<&'static str, Zones> {
    let read = |line: &'static str| {
        let mut columns = line.split_whitespace();
        let name = columns.next()?;
        let usual = read_zone(columns.next()?)?;
        let local = columns.filter_map(|column| column.split_once('='));
        let local = local.filter_map(|(language, zone)| Some((language, read_zone(zone)?))).collect();
        Some((name, Zones { usual, local }))
    };
    lines(data).filter_map(read).collect()
}

fn read_zone(text: &str) -> Option<Zone> {
    text.parse().map(Zone::Fixed).or_else(|_| text.parse().map(Zone::Named)).ok()
}

fn read_orders(data: &'static str) -> HashMap<&'static str, Option<Order>> {
    let mut orders = HashMap::new();
    for (name, languages) in lines(data).filter_map(|line| line.split_once(':')) {
        let order = match name {
            "day_first" => Some(Order::DayFirst),
            "month_first" => Some(Order::MonthFirst),
            _ => None,
        };
        orders.extend(languages.split_whitespace().map(|language| (language, order)));
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_data_files_is_read() {
        for line in lines(include_str!("data/months.txt")) {
            let (of, names) = line.split_once(':').expect(line);
            assert_eq!(names.split('|').count(), 12, "{of}");
            assert!(of.split_once('@').is_none_or(|(_, calendar)| Calendar::named(calendar).is_some()), "{of}");
        }
        for line in lines(include_str!("data/roles.txt")) {
            let (name, _) = line.split_once(':').expect(line);
            assert!(Roles::named(name).is_some(), "{name}");
        }
        assert_eq!(TABLES.zones.len(), lines(include_str!("data/zones.txt")).count());
    }

    #[test]
    fn months_of_languages_that_disagree_need_the_hint() {
        let november = |language| month("listopada", language).map(|month| month.number);
        assert_eq!(november(None), None);
        assert_eq!(november(Some("pl-PL")), Some(11));
        assert_eq!(november(Some("hr")), Some(10));
        assert_eq!(november(Some("fr")), None);
    }

    #[test]
    fn zones_follow_the_language_where_places_share_a_name() {
        let hours = |name, language| match zone(name, language) {
            Some(Zone::Fixed(offset)) => offset.local_minus_utc() / 60,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(hours("IST", None), 330);
        assert_eq!(hours("IST", Some("he")), 120);
        assert_eq!(hours("CST", Some("zh-CN")), 480);
        assert_eq!(hours("CST", Some("en")), -360);
        assert_eq!(zone("QQQ", None), None);
    }
}
