//! What was decided about a document, as what is stored.

use std::collections::HashMap;
use std::sync::Arc;

use super::failure::Failed;
use super::{Parts, Plan, membership};
use crate::dedupe::{self, Appearance, Verdict};
use crate::model::{Article, ArticleId, Intake, NewArticle, Source, SourceState, Stored, UpdatedArticle};
use crate::normalize;

/// Turns what was decided into what is stored: dates of changes, and the feeds that each article joins.
///
/// Also answers how many articles changed so that a reader would see it. `teaches` tells that the
/// document is the first one after a rebuild: what is stored is what was published, so a difference
/// to the outlet's own words is no change.
pub async fn intake(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, verdict, teaches): (SourceState, Verdict, bool),
) -> Result<(Intake, usize), Failed> {
    let new = newcomers(parts, plan, source, verdict.new).await?;
    let mut carried = verdict.carried;
    let mut wanted: Vec<ArticleId> = carried.iter().filter(|one| one.new_source).map(|one| one.id).collect();
    wanted.extend(verdict.updated.iter().filter(|one| one.article.is_some()).map(|one| one.id));
    let mut old: HashMap<ArticleId, Stored> = HashMap::new();
    if !wanted.is_empty() {
        old.extend(parts.store.articles(wanted).await?.into_iter().map(|stored| (stored.id, stored)));
    }
    for one in &mut carried {
        if let Some(stored) = old.get(&one.id).filter(|stored| one.new_source && !stored.is_gone) {
            one.feeds = membership::of_stored(plan, stored, Some(source));
        }
    }
    let (updated, changed) = updates(parts, plan, source, (verdict.updated, old, teaches)).await?;
    let intake = Intake {
        state,
        outlet: Arc::clone(&source.outlet),
        new,
        updated,
        carried,
        listed: Some(verdict.listed),
        now: parts.now,
    };
    Ok((intake, changed))
}

/// New articles with the feeds that they join.
async fn newcomers(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    mut new: Vec<NewArticle>,
) -> Result<Vec<NewArticle>, Failed> {
    let (plan, source, now, count) = (Arc::clone(plan), Arc::clone(source), parts.now, new.len());
    let work = move || {
        for newcomer in &mut new {
            forget_provenance(&mut newcomer.article);
            if newcomer.announced {
                newcomer.feeds = membership::of_source(&plan, &source, &newcomer.article, now);
            }
        }
        new
    };
    parts.work_on(count, work).await
}

/// Nobody asks the store where a value came from: `inspect` reads the document.
fn forget_provenance(article: &mut Article) {
    article.provenance = Vec::new();
}

/// Compares changed articles with what is stored as a reader would see both, and dates the change.
async fn updates(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (mut updated, old, teaches): (Vec<UpdatedArticle>, HashMap<ArticleId, Stored>, bool),
) -> Result<(Vec<UpdatedArticle>, usize), Failed> {
    if updated.iter().all(|one| one.article.is_none()) {
        return Ok((updated, 0));
    }
    let (plan, source, now) = (Arc::clone(plan), Arc::clone(source), parts.now);
    let work = move || {
        let mut changed = 0;
        for one in &mut updated {
            let (Some(article), Some(stored)) = (&mut one.article, old.get(&one.id)) else { continue };
            normalize::keep_publication(article, &stored.article);
            let given = normalize::Given::published();
            let (was, is) = (normalize::appearance(&stored.article, &given), normalize::appearance(article, &given));
            let visible = !teaches
                && dedupe::is_visible_change(&Appearance::of(&stored.article, &was), &Appearance::of(article, &is));
            changed += usize::from(visible);
            article.date_modified = dedupe::date_modified(&stored.article, article, visible, now);
            one.feeds = membership::of_stored(&plan, stored, Some(&source));
            forget_provenance(article);
        }
        (updated, changed)
    };
    parts.work(work).await
}
