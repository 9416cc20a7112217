//! When a feed asks to be read again: RSS `ttl`, `skipHours`, `skipDays`, and `sy:*`.

use super::channel::Channel;
use super::tree::Tree;

/// Reads one field of RSS's own.
pub fn field(tree: &Tree<'_>, index: usize, channel: &mut Channel) {
    let schedule = &mut channel.feed.schedule;
    match &*tree.node(index).local {
        "ttl" => {
            let text = tree.text(index);
            schedule.ttl = text.and_then(|text| text.parse().ok());
            if let Some(more) = &mut channel.more {
                more.ttl = text.map(ToOwned::to_owned);
            }
        }
        "skiphours" => {
            let hours = tree.children(index).filter_map(|hour| tree.text(hour)?.parse::<u8>().ok());
            // RSS 0.91 counts midnight as 24.
            for hour in hours.filter(|&hour| hour <= 24).map(|hour| hour % 24) {
                if !schedule.skip_hours.contains(&hour) {
                    schedule.skip_hours.push(hour);
                }
            }
        }
        _ => {
            for day in tree.children(index).filter_map(|day| weekday(tree.text(day)?)) {
                if !schedule.skip_days.contains(&day) {
                    schedule.skip_days.push(day);
                }
            }
        }
    }
}

fn weekday(text: &str) -> Option<u8> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let start = text.get(..3)?;
    DAYS.iter().position(|day| day.eq_ignore_ascii_case(start)).and_then(|day| u8::try_from(day).ok())
}

/// Reads one field of the RSS 1.0 syndication module.
pub fn syndication(tree: &Tree<'_>, index: usize, channel: &mut Channel) {
    let Some(text) = tree.text(index) else { return };
    match &*tree.node(index).local {
        "updateperiod" => {
            const PERIODS: [(&str, u32); 5] = [
                ("hourly", 3600),
                ("daily", 86400),
                ("weekly", 604_800),
                ("monthly", 2_592_000),
                ("yearly", 31_536_000),
            ];
            let found = PERIODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
            channel.update_period = found.map(|&(_, seconds)| seconds);
        }
        "updatefrequency" => channel.update_frequency = text.parse().ok().filter(|&times| times > 0),
        _ => {}
    }
}
