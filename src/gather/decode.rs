//! Content codings (RFC 9110 §8.4.1): gzip, deflate, brotli and zstd, each step into room that the
//! caller has granted, so that a bomb never gets more.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::{Decompress, FlushDecompress, Status};
use zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};

/// What the program says it can read.
pub(super) const ACCEPTED: &str = "gzip, br, zstd";

/// The first bytes of a gzip stream whose method is deflate (RFC 1952 §2.3.1).
const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// The largest zstd window that a sender may ask for: 8 MiB (RFC 9659 §3).
const ZSTD_WINDOW_LOG: u32 = 23;

/// Brotli writes into a buffer that exists already; its output passes through this many bytes.
const BROTLI_STEP: usize = 16 * 1024;

/// One content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// Reads a `Content-Encoding` list: the codings in the order they were applied, or the one
    /// that is not known.
    pub fn list(header: &str) -> Result<Vec<Self>, &str> {
        let names = header.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.filter_map(|name| Self::named(name).transpose()).collect()
    }

    fn named(name: &str) -> Result<Option<Self>, &str> {
        let known = [
            ("gzip", Some(Self::Gzip)),
            ("x-gzip", Some(Self::Gzip)),
            ("deflate", Some(Self::Deflate)),
            ("br", Some(Self::Brotli)),
            ("zstd", Some(Self::Zstd)),
            ("identity", None),
            // sent by servers that mean the charset
            ("utf-8", None),
            ("none", None),
        ];
        let found = known.into_iter().find(|(word, _)| name.eq_ignore_ascii_case(word));
        found.map(|(_, coding)| coding).ok_or(name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// Whether a body is gzip by itself, whatever its headers say: `sitemap.xml.gz`.
pub(super) fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&GZIP_MAGIC)
}

/// How large a gzip body of one member becomes, by its own word (RFC 1952 §2.3.1, `ISIZE`). Only a
/// hint: it counts modulo 2^32, and anybody may lie.
pub(super) fn gzip_size(whole: &[u8]) -> Option<usize> {
    let (_, size) = whole.split_last_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*size)).ok()
}

/// One running decoder.
pub(super) struct Unpacker {
    kind: Kind,
    /// The stream came to its end; for gzip another member may follow.
    has_ended: bool,
    has_begun: bool,
    /// Behind the end came something that is no further member: it is skipped.
    is_trailing: bool,
}

enum Kind {
    Gzip(Decompress),
    /// Decided by the first byte: with a zlib header as the standard says, or raw as some send it.
    Deflate(Option<Decompress>),
    Brotli(Box<Brotli>),
    Zstd(Decoder<'static>),
}

struct Brotli {
    state: BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    written: usize,
    step: Box<[u8]>,
}

impl Unpacker {
    /// A decoder at the beginning of its stream.
    pub fn new(coding: Coding) -> Result<Self, String> {
        let kind = match coding {
            Coding::Gzip => Kind::Gzip(Decompress::new_gzip(15)),
            Coding::Deflate => Kind::Deflate(None),
            Coding::Brotli => Kind::Brotli(Box::new(Brotli {
                state: BrotliState::new(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default()),
                written: 0,
                step: vec![0; BROTLI_STEP].into_boxed_slice(),
            })),
            Coding::Zstd => {
                let mut decoder = Decoder::new().map_err(|error| error.to_string())?;
                let window = DParameter::WindowLogMax(ZSTD_WINDOW_LOG);
                decoder.set_parameter(window).map_err(|error| error.to_string())?;
                Kind::Zstd(decoder)
            }
        };
        Ok(Self { kind, has_ended: false, has_begun: false, is_trailing: false })
    }

    /// Decodes into the spare capacity of `out`, which never grows, and tells how much of the input
    /// was used. All of it was where `out` is not full afterwards.
    pub fn step(&mut self, input: &[u8], out: &mut Vec<u8>, is_last: bool) -> Result<usize, String> {
        self.has_begun |= !input.is_empty();
        let mut used = 0;
        while out.len() < out.capacity() {
            let rest = &input[used..];
            if self.is_trailing || self.has_ended && !self.begin_member(rest) {
                return Ok(input.len());
            }
            let before = out.len();
            let taken = self.advance(rest, out, is_last)?;
            used += taken;
            if taken == 0 && out.len() == before {
                break;
            }
        }
        Ok(used)
    }

    /// Whether the input ended where the stream did; an empty body is well too.
    pub const fn is_complete(&self) -> bool {
        self.has_ended || !self.has_begun
    }

    /// Makes ready for a further gzip member or zstd frame; what is none is skipped, as gzip does.
    fn begin_member(&mut self, rest: &[u8]) -> bool {
        let Some(first) = rest.first() else { return false };
        match &mut self.kind {
            Kind::Gzip(inflate) if *first == GZIP_MAGIC[0] => inflate.reset(true),
            // its decoder begins the next frame by itself
            Kind::Zstd(_) => {}
            _ => {
                self.is_trailing = true;
                return false;
            }
        }
        self.has_ended = false;
        true
    }

    fn advance(&mut self, input: &[u8], out: &mut Vec<u8>, is_last: bool) -> Result<usize, String> {
        let (used, has_ended) = match &mut self.kind {
            Kind::Gzip(inflate) => inflate_step(inflate, input, out, is_last)?,
            Kind::Deflate(slot) => {
                if let (None, Some(first)) = (&slot, input.first()) {
                    // a zlib header begins with method 8 and a window of at most 32 KiB (RFC 1950 §2.2)
                    *slot = Some(Decompress::new(first & 0x0f == 8 && first >> 4 <= 7));
                }
                match slot {
                    Some(inflate) => inflate_step(inflate, input, out, is_last)?,
                    None => (0, false),
                }
            }
            Kind::Brotli(brotli) => brotli.step(input, out)?,
            Kind::Zstd(decoder) => {
                let mut source = InBuffer::around(input);
                let filled = out.len();
                let mut target = OutBuffer::around_pos(out, filled);
                let hint = decoder.run(&mut source, &mut target).map_err(|error| error.to_string())?;
                (source.pos(), hint == 0)
            }
        };
        self.has_ended = has_ended;
        Ok(used)
    }
}

/// One step, and whether the stream came to its end.
fn inflate_step(
    inflate: &mut Decompress,
    input: &[u8],
    out: &mut Vec<u8>,
    is_last: bool,
) -> Result<(usize, bool), String> {
    let before = inflate.total_in();
    // with all input at hand the decoder needs no copy of its window
    let flush = if is_last { FlushDecompress::Finish } else { FlushDecompress::None };
    let status = inflate.decompress_vec(input, out, flush).map_err(|error| error.to_string())?;
    let used = usize::try_from(inflate.total_in() - before).unwrap_or(usize::MAX).min(input.len());
    Ok((used, status == Status::StreamEnd))
}

impl Brotli {
    fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<(usize, bool), String> {
        let (mut left, mut used, mut filled) = (input.len(), 0, 0);
        let mut room = self.step.len().min(out.capacity() - out.len());
        let result = BrotliDecompressStream(
            &mut left,
            &mut used,
            input,
            &mut room,
            &mut filled,
            &mut self.step,
            &mut self.written,
            &mut self.state,
        );
        out.extend_from_slice(&self.step[..filled]);
        match result {
            BrotliResult::ResultFailure => Err("the data is damaged".to_owned()),
            BrotliResult::ResultSuccess => Ok((used, true)),
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok((used, false)),
        }
    }
}
