//! Months that words name, and the calendars they belong to.

use chrono::{NaiveDate, TimeDelta};

/// A month, 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) number: u32,
    pub(super) calendar: Calendar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calendar {
    Gregorian,
    /// Gregorian days and months in years that are counted from 543 BC, as in Thailand.
    Buddhist,
    /// The solar calendar of Iran, whose year begins in March.
    SolarHijri,
}

impl Calendar {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "buddhist" => Some(Self::Buddhist),
            "solar-hijri" => Some(Self::SolarHijri),
            _ => None,
        }
    }
}

impl Month {
    /// A day of this month in a year as written; `None` where there is none such.
    pub(super) fn day(self, year: u32, number: u32) -> Option<NaiveDate> {
        match self.calendar {
            Calendar::Gregorian => super::day(year, self.number, number),
            // nobody writes of the Gregorian year 2400
            Calendar::Buddhist => super::day(if year >= 2400 { year - 543 } else { year }, self.number, number),
            Calendar::SolarHijri => solar_day(year, self.number, number),
        }
    }
}

/// Leap years fall as in a cycle of 33 years with 8 of them, which holds from 1244 to 1472.
fn solar_day(year: u32, month: u32, number: u32) -> Option<NaiveDate> {
    if !(1300..1470).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let leap_years_to = |year: u32| (8 * year + 29) / 33;
    let is_leap = leap_years_to(year) > leap_years_to(year - 1);
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        _ => 29 + u32::from(is_leap),
    };
    if !(1..=length).contains(&number) {
        return None;
    }
    let before = (month - 1) * 30 + (month - 1).min(6);
    let days = (year - 1300) * 365 + leap_years_to(year - 1) - leap_years_to(1299) + before + number - 1;
    NaiveDate::from_ymd_opt(1921, 3, 21)?.checked_add_signed(TimeDelta::days(i64::from(days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solar_days_are_those_of_the_almanac() {
        for (solar, expected) in [
            ((1300, 1, 1), "1921-03-21"),
            ((1357, 11, 22), "1979-02-11"),
            ((1375, 12, 30), "1997-03-20"),
            ((1399, 12, 30), "2021-03-20"),
            ((1400, 1, 1), "2021-03-21"),
            ((1401, 12, 10), "2023-03-01"),
            ((1402, 12, 29), "2024-03-19"),
            ((1403, 1, 1), "2024-03-20"),
            ((1403, 6, 31), "2024-09-21"),
            ((1403, 7, 1), "2024-09-22"),
            ((1403, 12, 30), "2025-03-20"),
            ((1404, 1, 1), "2025-03-21"),
            ((1405, 9, 3), "2026-11-24"),
            ((1408, 12, 30), "2030-03-20"),
        ] {
            let day = solar_day(solar.0, solar.1, solar.2).map(|day| day.to_string());
            assert_eq!(day.as_deref(), Some(expected), "{solar:?}");
        }
        for (year, month, number) in
            [(1402, 12, 30), (1404, 12, 30), (1403, 7, 31), (1403, 1, 0), (1403, 13, 1), (2024, 1, 1)]
        {
            assert_eq!(solar_day(year, month, number), None, "{year} {month} {number}");
        }
    }

    #[test]
    fn every_day_of_the_solar_calendar_follows_the_one_before() {
        let mut last = NaiveDate::from_ymd_opt(1921, 3, 20).expect("a day");
        for (year, month, number) in
            (1300..1470).flat_map(|y| (1..=12).flat_map(move |m| (1..=31).map(move |d| (y, m, d))))
        {
            let Some(day) = solar_day(year, month, number) else { continue };
            assert_eq!(day, last.succ_opt().expect("a day"), "{year} {month} {number}");
            last = day;
        }
        assert_eq!(last.to_string(), "2091-03-20");
    }
}
