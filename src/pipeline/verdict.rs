//! What is to become of a document's articles.

use std::sync::Arc;

use super::failure::Failed;
use super::source::scope;
use super::{Parts, Plan};
use crate::dedupe::{self, Candidate, Triage, Verdict};
use crate::model::{Known, Source, SourceState};
use crate::schedule::Failure;

/// So many items are compared with what is known at once; more keep a core busy.
pub(super) const FEW: usize = 300;

/// What is to become of the candidates; of many on a thread of the crew's.
pub(super) async fn decided(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, triage, candidates, known): (SourceState, Triage, Vec<Candidate>, Known),
) -> Result<(SourceState, Verdict), Failed> {
    if triage.unchanged.len() <= FEW {
        let verdict = decide(plan, source, (&state, &triage), (candidates, &known));
        return Ok((state, verdict));
    }
    let (plan, source) = (Arc::clone(plan), Arc::clone(source));
    let work = move || {
        let verdict = decide(&plan, &source, (&state, &triage), (candidates, &known));
        (state, verdict)
    };
    parts.crew.run(work).await.map_err(|fault| Failed::new(Failure::Hard, fault))
}

fn decide(
    plan: &Plan,
    source: &Source,
    (state, triage): (&SourceState, &Triage),
    (candidates, known): (Vec<Candidate>, &Known),
) -> Verdict {
    let scope = scope(plan, source);
    let is_foreign = |domain: &str| plan.outlets.is_foreign(&source.outlet, domain);
    dedupe::decide(&dedupe::Context { scope: &scope, state, triage, is_foreign: &is_foreign }, candidates, known)
}
