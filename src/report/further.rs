//! Dates of what else a reader understood: the `_more` of `inspect`.

use super::date_text;
use crate::model::{Dated, FeedMore, ItemMore};

/// Writes an item's further dates as all dates are shown; one that `read` cannot read is left out.
pub fn show_item_dates(more: &mut ItemMore, read: &dyn Fn(&str) -> Option<Dated>) {
    let updated = more.source.as_mut().map(|source| &mut source.updated);
    for date in [&mut more.shared.created, &mut more.shared.expired].into_iter().chain(updated) {
        show(date, read);
    }
}

/// Writes a feed's further dates as all dates are shown; one that `read` cannot read is left out.
pub fn show_feed_dates(more: &mut FeedMore, read: &dyn Fn(&str) -> Option<Dated>) {
    for date in [&mut more.shared.created, &mut more.shared.expired, &mut more.validity_start, &mut more.validity_end] {
        show(date, read);
    }
}

fn show(date: &mut Option<String>, read: &dyn Fn(&str) -> Option<Dated>) {
    *date = date.as_deref().and_then(read).as_ref().map(date_text);
}
