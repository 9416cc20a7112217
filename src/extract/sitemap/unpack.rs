//! Files that are packed themselves: `sitemap.xml.gz`.

use std::borrow::Cow;
use std::io::Read as _;

/// The most bytes that a packed file may hold; what is behind them is left out.
const MOST: u64 = 50 << 20;

/// A body as it is, or unpacked where it is a gzip file (RFC 1952 §2.3.1).
pub fn unpacked(body: &[u8]) -> Cow<'_, [u8]> {
    if !body.starts_with(&[0x1F, 0x8B, 0x08]) {
        return Cow::Borrowed(body);
    }
    let mut out = Vec::new();
    // a file that is cut off gives what it holds
    let _ = flate2::read::MultiGzDecoder::new(body).take(MOST).read_to_end(&mut out);
    Cow::Owned(out)
}
