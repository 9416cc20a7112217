//! What is to become of a document's articles.

use std::sync::Arc;

use super::failure::Failed;
use super::source::scope;
use super::{Parts, Plan};
use crate::dedupe::{self, Candidate, Triage, Verdict};
use crate::model::{Known, Source, SourceState};

/// What is to become of the candidates.
pub(super) async fn decided(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, triage, candidates, known): (SourceState, Triage, Vec<Candidate>, Known),
) -> Result<(SourceState, Verdict), Failed> {
    let (plan, source, items) = (Arc::clone(plan), Arc::clone(source), triage.unchanged.len());
    let decide = move || {
        let scope = scope(&plan, &source);
        let is_foreign = |domain: &str| plan.outlets.is_foreign(&source.outlet, domain);
        let context = dedupe::Context { scope: &scope, state: &state, triage: &triage, is_foreign: &is_foreign };
        let verdict = dedupe::decide(&context, candidates, &known);
        (state, verdict)
    };
    parts.work_on(items, decide).await
}
