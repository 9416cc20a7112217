//! Which members of a feed its main document holds now.

use std::cmp::Reverse;

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
}

/// The limits of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowRule {
    /// At most so many items.
    pub items: u32,
    /// At most so many bytes of stored text; one item may be larger.
    pub bytes: u64,
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
    /// Members that could be items but are at or below the new bound; newest first by entry.
    pub dropped: Vec<ArticleId>,
}

/// Fills a window, newest entries first, until a limit is reached; at least one item stays.
///
/// The order of `members` does not matter (DESIGN §7, "Membership").
#[must_use]
pub fn window(members: &[WindowMember<'_>], rule: &WindowRule) -> Window {
    let mut items: Vec<&WindowMember<'_>> = members.iter().filter(|member| member.is_item()).collect();
    items.sort_unstable_by_key(|member| Reverse((member.place(), member.article)));

    let below = |member: &WindowMember<'_>| {
        let bound = rule.bound.as_ref();
        bound.is_some_and(|bound| member.place() <= (bound.entered, bound.published, bound.uid.as_str()))
    };
    let mut bytes = 0_u64;
    let mut kept = 0;
    for member in &items {
        bytes = bytes.saturating_add(u64::from(member.size));
        let full = kept >= rule.items.max(1) as usize || bytes > rule.bytes;
        if below(member) || (full && kept > 0) {
            break;
        }
        kept += 1;
    }

    let (inside, outside) = items.split_at_mut(kept);
    inside.sort_unstable_by_key(|member| Reverse((member.published, member.entered, member.uid, member.article)));
    let newest_outside = outside.first().map(|member| Bound {
        entered: member.entered,
        published: member.published,
        uid: member.uid.to_owned(),
    });
    Window {
        articles: inside.iter().map(|member| member.article).collect(),
        bound: newest_outside.max(rule.bound.clone()),
        dropped: outside.iter().map(|member| member.article).collect(),
    }
}
