//! Reads a body under its limits, packed and unpacked, into one buffer.

#![expect(
    clippy::disallowed_methods,
    reason = "waits are measured where they happen; the time of day stays an argument"
)]

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::budget::{Budget, FREE, Share};
use super::decode::{self, Coding, Unpacker};
use super::error::{FetchError, Measure, Phase};
use super::patience;

/// The first room for a body of unknown size.
const FIRST_ROOM: usize = 16 * 1024;
/// So much packed text is unpacked in one go.
const PIECE: usize = 64 * 1024;
/// How much larger packed text usually becomes.
const USUAL_RATIO: usize = 5;

/// The time that one whole request may take.
pub(super) struct Deadline {
    at: Instant,
    whole: Duration,
}

impl Deadline {
    pub fn new(whole: Duration) -> Self {
        Self { at: Instant::now() + whole, whole }
    }

    /// Waits for an answer, at most until the deadline.
    pub async fn bound<T>(&self, host: &str, phase: Phase, work: impl Future<Output = T>) -> Result<T, FetchError> {
        timeout_at(self.at, work).await.map_err(|_| self.missed(host, phase))
    }

    /// Waits for something that is not the host's fault: the deadline moves by as much.
    pub async fn pause<T>(&mut self, wait: impl Future<Output = T>) -> T {
        let (result, waited) = patience::pause(wait).await;
        self.at += waited;
        result
    }

    /// Does something that has a deadline of its own: this one moves by as much.
    pub async fn put_off<T>(&mut self, work: impl Future<Output = T>) -> T {
        let began = Instant::now();
        let result = work.await;
        self.at += began.elapsed();
        result
    }

    fn missed(&self, host: &str, phase: Phase) -> FetchError {
        FetchError::Timeout { host: host.to_owned(), after: self.whole, phase }
    }
}

/// What reading a body needs to know.
pub(super) struct Terms<'a> {
    pub host: &'a str,
    pub limits: Limits,
    pub budget: &'a Budget,
    pub deadline: &'a mut Deadline,
}

impl Terms<'_> {
    fn too_large(&self, measure: Measure) -> FetchError {
        let limit = match measure {
            Measure::Packed => self.limits.packed,
            Measure::Unpacked => self.limits.unpacked,
        };
        FetchError::TooLarge { host: self.host.to_owned(), limit, measure }
    }

    fn decode_error(&self, coding: &str, reason: impl Into<String>) -> FetchError {
        FetchError::Decode { host: self.host.to_owned(), coding: coding.to_owned(), reason: reason.into() }
    }
}

/// Reads the whole body and unpacks it, layer by layer; a body that is gzip by itself (a sitemap's
/// `.xml.gz`) is unpacked too.
pub(super) async fn read(mut response: Response, mut terms: Terms<'_>) -> Result<Bytes, FetchError> {
    let mut codings = codings(response.headers(), &terms)?;
    let length = content_length(response.headers());
    if length.is_some_and(|length| length > terms.limits.packed) {
        return Err(terms.too_large(Measure::Packed));
    }
    let mut sink = Sink::new(&terms, codings.pop())?;
    let mut packed = 0;
    loop {
        let next = terms.deadline.bound(terms.host, Phase::Body, response.chunk()).await?;
        let chunk = match next {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) => return Err(super::client::explain(error, terms.host, terms.deadline.whole)),
        };
        packed += chunk.len();
        if packed > terms.limits.packed {
            return Err(terms.too_large(Measure::Packed));
        }
        let expected = length.map(|length| length.saturating_sub(packed));
        sink.take(&chunk, expected, &mut terms).await?;
    }
    let mut body = sink.finish(&terms)?;
    // a bomb within a bomb ends here at the latest: each layer has the same limit
    loop {
        let declared = codings.pop();
        let undeclared = decode::is_gzip(&body.bytes).then_some(Coding::Gzip);
        let Some(coding) = declared.or(undeclared) else { break };
        let mut layer = Sink::new(&terms, Some(coding))?;
        // the next layer goes on with what the last one holds: it would wait for itself otherwise
        layer.share = body.share;
        layer.take(&body.bytes, Some(0), &mut terms).await?;
        body = layer.finish(&terms)?;
        if declared.is_none() {
            break;
        }
    }
    Ok(body.share.seal(body.bytes))
}

/// Reads the first `most` bytes of a body at most, and leaves the rest.
///
/// # Errors
///
/// Where it breaks off before, or cannot be unpacked.
pub(super) async fn head(mut response: Response, most: usize, terms: Terms<'_>) -> Result<Vec<u8>, FetchError> {
    let mut codings = codings(response.headers(), &terms)?;
    let coding = codings.pop();
    if !codings.is_empty() {
        return Err(terms.decode_error("a chain of codings", "more than one layer"));
    }
    let fault = |reason: String| terms.decode_error(coding.map_or("", Coding::name), reason);
    let mut unpacker = coding.map(Unpacker::new).transpose().map_err(fault)?;
    // unpacking ends where this is full; it grows no further
    let mut seen = Vec::with_capacity(most);
    while seen.len() < most {
        let next = terms.deadline.bound(terms.host, Phase::Body, response.chunk()).await?;
        let chunk = next.map_err(|error| super::client::explain(error, terms.host, terms.deadline.whole))?;
        let Some(chunk) = chunk else { break };
        match &mut unpacker {
            None => seen.extend_from_slice(&chunk[..chunk.len().min(most - seen.len())]),
            Some(unpacker) => {
                unpacker.step(&chunk, &mut seen, false).map_err(fault)?;
            }
        }
    }
    Ok(seen)
}

fn codings(headers: &HeaderMap, terms: &Terms<'_>) -> Result<Vec<Coding>, FetchError> {
    let mut all = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let text = value.to_str().map_err(|_| terms.decode_error("an unreadable coding", "it is not known"))?;
        all.extend(Coding::list(text).map_err(|name| terms.decode_error(name, "this coding is not known"))?);
    }
    if all.len() > 3 {
        return Err(terms.decode_error("a chain of codings", "more than three layers"));
    }
    Ok(all)
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// One layer's buffer: bytes come in as they are sent and stand in `bytes` unpacked.
struct Sink {
    bytes: Vec<u8>,
    share: Share,
    unpacker: Option<(Coding, Unpacker)>,
}

impl Sink {
    fn new(terms: &Terms<'_>, coding: Option<Coding>) -> Result<Self, FetchError> {
        let unpacker = match coding {
            None => None,
            Some(coding) => {
                let unpacker = Unpacker::new(coding).map_err(|reason| terms.decode_error(coding.name(), reason))?;
                Some((coding, unpacker))
            }
        };
        Ok(Self { bytes: Vec::new(), share: terms.budget.share(), unpacker })
    }

    /// Takes in a chunk; `expected` is how many bytes are still to come, where that is known.
    async fn take(&mut self, chunk: &[u8], expected: Option<usize>, terms: &mut Terms<'_>) -> Result<(), FetchError> {
        let Some((coding, mut unpacker)) = self.unpacker.take() else {
            self.room(chunk.len(), chunk.len() + expected.unwrap_or(0), terms).await?;
            self.bytes.extend_from_slice(chunk);
            return Ok(());
        };
        let is_whole = expected == Some(0) && self.bytes.is_empty();
        let by_trailer = if is_whole && coding == Coding::Gzip { decode::gzip_size(chunk) } else { None };
        let hint = by_trailer.unwrap_or((chunk.len() + expected.unwrap_or(0)) * USUAL_RATIO);
        let mut rest = chunk;
        // one byte more than the trailer says, or a full buffer could not be told from one that needs more
        let mut hint = hint + 1;
        loop {
            if self.bytes.len() == self.bytes.capacity() {
                self.room(1, hint, terms).await?;
                hint = FIRST_ROOM;
            }
            let piece = &rest[..rest.len().min(PIECE)];
            let is_last = expected == Some(0) && piece.len() == rest.len();
            let used = unpacker
                .step(piece, &mut self.bytes, is_last)
                .map_err(|reason| terms.decode_error(coding.name(), reason))?;
            rest = &rest[used..];
            let is_done = self.bytes.len() < self.bytes.capacity();
            if is_done && used == piece.len() && !rest.is_empty() {
                // the thread is for others too
                tokio::task::yield_now().await;
            } else if is_done {
                break;
            }
        }
        self.unpacker = Some((coding, unpacker));
        Ok(())
    }

    /// Makes room for `need` more bytes, better for `hint`, and counts it against the shared memory.
    /// One byte above the limit may be used, to see that there is more.
    async fn room(&mut self, need: usize, hint: usize, terms: &mut Terms<'_>) -> Result<(), FetchError> {
        let most = terms.limits.unpacked + 1;
        let wanted = self.bytes.len() + need;
        if wanted > most || self.bytes.len() == most {
            return Err(terms.too_large(Measure::Unpacked));
        }
        if wanted <= self.bytes.capacity() {
            return Ok(());
        }
        // a hint is believed up to what needs no reservation; beyond, the bytes must come first
        let believed = (self.bytes.len() + hint.max(FIRST_ROOM)).min(FREE);
        let capacity = wanted.max(believed).max(self.bytes.capacity() * 2).min(most);
        if self.share.must_wait(capacity) {
            let share = &mut self.share;
            terms.deadline.pause(share.reserve(most)).await;
        } else {
            self.share.count(capacity);
        }
        self.bytes.reserve_exact(capacity - self.bytes.len());
        Ok(())
    }

    fn finish(self, terms: &Terms<'_>) -> Result<Body, FetchError> {
        if self.bytes.len() > terms.limits.unpacked {
            return Err(terms.too_large(Measure::Unpacked));
        }
        if let Some((coding, unpacker)) = &self.unpacker
            && !unpacker.is_complete()
        {
            return Err(terms.decode_error(coding.name(), "it ends too early"));
        }
        Ok(Body { bytes: self.bytes, share: self.share })
    }
}

struct Body {
    bytes: Vec<u8>,
    share: Share,
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[tokio::test]
    async fn a_large_layer_is_not_unpacked_in_one_go() {
        let mixed = |index: u32| index.wrapping_mul(2_654_435_761).rotate_left(index % 31).to_le_bytes();
        let body: Vec<u8> = (0..500_000_u32).flat_map(mixed).collect();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&body).unwrap();
        let packed = packed.finish().unwrap();
        let budget = Budget::new();
        let limits = Limits { packed: 10 << 20, unpacked: 50 << 20 };
        let mut deadline = Deadline::new(Duration::from_secs(30));
        let mut terms = Terms { host: "a.example", limits, budget: &budget, deadline: &mut deadline };
        let mut sink = Sink::new(&terms, Some(Coding::Gzip)).unwrap();
        let mut pauses = 0;
        {
            let mut taking = std::pin::pin!(sink.take(&packed, Some(0), &mut terms));
            let counted = std::future::poll_fn(|context| {
                let polled = taking.as_mut().poll(context);
                pauses += usize::from(polled.is_pending());
                polled
            });
            counted.await.unwrap();
        }
        assert!(pauses >= 10, "others had {pauses} turns");
        assert!(sink.finish(&terms).unwrap().bytes == body);
    }
}
