//! Which members of a feed its main document holds now.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::{ArticleId, Bound};

/// The little of a member that its place in the window depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowMember<'a> {
    pub article: ArticleId,
    pub uid: &'a str,
    /// When it entered the feed, seconds since 1970.
    pub entered: i64,
    /// When it was published, else first seen; seconds since 1970.
    pub published: i64,
    /// Bytes of stored text.
    pub size: u32,
    /// Taken out for ever by the operator.
    pub hidden: bool,
    pub outlet: &'a str,
    /// The leading article of its story; `None` where there is none or the feed shows them all.
    pub story: Option<ArticleId>,
}

impl WindowMember<'_> {
    /// Whether it stands for itself: not hidden, and not behind another article of its story.
    fn is_item(&self) -> bool {
        !self.hidden && self.story.is_none_or(|leader| leader == self.article)
    }

    fn place(&self) -> (i64, i64, &str) {
        (self.entered, self.published, self.uid)
    }

    fn bound(&self) -> Bound {
        Bound { entered: self.entered, published: self.published, uid: self.uid.to_owned() }
    }
}

/// The limits of a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowRule {
    /// At most so many items.
    pub items: u32,
    /// At most so many bytes of stored text; one item may be larger.
    pub bytes: u64,
    /// At most so many items of one outlet.
    pub per_outlet: Option<u32>,
    /// Items published before this time leave; seconds since 1970.
    pub oldest: Option<i64>,
    /// Whether what is too much goes into archives of `items` and `bytes` each.
    pub archives: bool,
    /// Members at or below it have left for ever.
    pub bound: Option<Bound>,
}

/// What a feed's main document holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// In published order: newest first by publication, then by entry, then by uid.
    pub articles: Vec<ArticleId>,
    /// The bound to store: never below the one before.
    pub bound: Option<Bound>,
    /// Members above the new bound that leave for ever all the same.
    pub dropped: Vec<ArticleId>,
    /// Archives that close now, oldest first.
    pub closed: Vec<Closed>,
}

/// An archive that closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// In published order.
    pub articles: Vec<ArticleId>,
    /// The bound once it is closed.
    pub bound: Bound,
}

/// Fills a window, newest entries first, until a limit is reached; at least one item stays.
///
/// The order of `members` does not matter (DESIGN §7, "Membership").
#[must_use]
pub fn window(members: &[WindowMember<'_>], rule: &WindowRule) -> Window {
    let mut items: Vec<&WindowMember<'_>> = members.iter().filter(|member| member.is_item()).collect();
    items.sort_unstable_by_key(|member| Reverse((member.place(), member.article)));
    let below = |member: &&WindowMember<'_>| {
        let bound = rule.bound.as_ref();
        bound.is_some_and(|bound| member.place() <= (bound.entered, bound.published, bound.uid.as_str()))
    };
    let above = items.iter().position(below).unwrap_or(items.len());
    if rule.archives { with_archives(&items[..above], rule) } else { without_archives(&items, above, rule) }
}

/// `above` of the items are above the bound.
fn without_archives(items: &[&WindowMember<'_>], above: usize, rule: &WindowRule) -> Window {
    let mut outlets: HashMap<&str, u32> = HashMap::new();
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    let mut bytes = 0_u64;
    let mut end = 0;
    // how many of the last ones are dropped: the bound moves above them all at once
    let mut trailing = 0;
    for member in &items[..above] {
        let of_outlet = outlets.entry(member.outlet).or_insert(0);
        let is_old = rule.oldest.is_some_and(|oldest| member.published < oldest);
        if is_old || rule.per_outlet.is_some_and(|most| *of_outlet >= most) {
            dropped.push(*member);
            trailing += 1;
        } else {
            bytes = bytes.saturating_add(u64::from(member.size));
            if !kept.is_empty() && (kept.len() >= rule.items.max(1) as usize || bytes > rule.bytes) {
                break;
            }
            *of_outlet += 1;
            kept.push(*member);
            trailing = 0;
        }
        end += 1;
    }
    // a feed is never emptied
    if kept.is_empty() && !dropped.is_empty() {
        kept.push(dropped.remove(0));
        trailing -= 1;
    }
    dropped.truncate(dropped.len() - trailing);
    Window {
        articles: in_published_order(&kept),
        bound: items.get(end - trailing).map(|member| member.bound()).max(rule.bound.clone()),
        dropped: dropped.iter().map(|member| member.article).collect(),
        closed: Vec::new(),
    }
}

/// Once twice as much as an archive holds is there, the oldest of it closes into one.
fn with_archives(items: &[&WindowMember<'_>], rule: &WindowRule) -> Window {
    let most = rule.items.max(1) as usize;
    let size = |member: &&WindowMember<'_>| u64::from(member.size);
    let mut bytes: u64 = items.iter().map(size).sum();
    let mut end = items.len();
    let mut closed = Vec::new();
    while end > 1 && (end >= most.saturating_mul(2) || bytes > rule.bytes.saturating_mul(2)) {
        let mut held = 0_u64;
        let mut start = end;
        while start > 1 && end - start < most {
            held += size(&items[start - 1]);
            if held > rule.bytes && start < end {
                break;
            }
            start -= 1;
        }
        let articles = &items[start..end];
        bytes -= articles.iter().map(size).sum::<u64>();
        closed.push(Closed { articles: in_published_order(articles), bound: articles[0].bound() });
        end = start;
    }
    let bound = closed.last().map(|closed| closed.bound.clone());
    Window {
        articles: in_published_order(&items[..end]),
        bound: bound.max(rule.bound.clone()),
        dropped: Vec::new(),
        closed,
    }
}

fn in_published_order(members: &[&WindowMember<'_>]) -> Vec<ArticleId> {
    let mut members = members.to_vec();
    members.sort_unstable_by_key(|member| Reverse((member.published, member.entered, member.uid, member.article)));
    members.iter().map(|member| member.article).collect()
}

#[cfg(test)]
mod tests;
