//! Top-level keys: where state is kept, and the fixed clock.

use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};
use toml::de::DeValue;

use super::bucket::{BucketAddress, bucket_address, is_address};
use super::error::Found;
use super::options::{Absent, Setting, Shape};
use super::publish::{Destination, Publish};
use super::reader::{Reader, Refusal};
use super::table::Table;

/// Where state is kept between runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateLocation {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// The same file as an object: taken at the start of a run, put back at its end.
    Bucket(BucketAddress),
}

pub(super) const STATE: Setting = Setting {
    key: "state",
    shape: Shape::Text,
    absent: Absent::Default("\"feedmill.db\""),
    doc: "The file that remembers articles, ids and outlets between runs; or an object in a bucket \
          (s3://BUCKET/feedmill.db, gs://, az://) for machines that keep no disk. Beside the config by default, so that \
          one folder holds all there is to back up. It is made at the first run.",
};

pub(super) const CLOCK: Setting = Setting {
    key: "clock",
    shape: Shape::Instant,
    absent: Absent::Means("the real time"),
    doc: "A fixed time that a whole run takes for now. For demos, replays and tests; leave it out otherwise.",
};

pub(super) fn read<'a>(root: &Table<'a>, reader: &mut Reader<'a>) -> Option<StateLocation> {
    if !root.has("state") {
        return Some(StateLocation::Sqlite(reader.path("feedmill.db")));
    }
    let text = root.text("state", reader)?;
    if is_address(&text.value) {
        return reader.parse(&text, object).map(StateLocation::Bucket);
    }
    let file = reader.parse(&text, local_path)?;
    Some(StateLocation::Sqlite(reader.path(&file)))
}

/// Notes a state that would lie among what is published, where everybody can read it.
pub(super) fn keep_apart<'a>(root: &Table<'a>, (state, publish): (&StateLocation, &Publish), reader: &mut Reader<'a>) {
    let holds = |target: &&Destination| match (target, state) {
        (Destination::Bucket(place), StateLocation::Bucket(state)) => place.contains(state),
        (Destination::Folder(folder), StateLocation::Sqlite(file)) => plain(file).starts_with(plain(folder)),
        _ => false,
    };
    if let Some(target) = publish.to.iter().find(holds) {
        let message = format!("the state would lie among the feeds in {target}, where everybody can read it");
        let advice = match state {
            StateLocation::Bucket(_) => "put it into another bucket, or publish to a prefix that does not hold it",
            StateLocation::Sqlite(_) => "put it into another folder, or publish to a folder that does not hold it",
        };
        reader.report(Found::new(root.span_of("state"), message).suggest(advice));
    }
}

/// A path without `.` and `..`, as far as its letters tell.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn object(text: &str) -> Result<BucketAddress, Refusal> {
    let address = bucket_address(text)?;
    if address.path.is_empty() || text.ends_with('/') {
        let bucket = BucketAddress { path: String::new(), ..address };
        return Err(Refusal::new("names no object").suggest(format!("write {bucket}/feedmill.db")));
    }
    Ok(address)
}

pub(super) fn read_clock<'a>(root: &Table<'a>, reader: &mut Reader<'a>) -> Option<DateTime<Utc>> {
    let node = root.node("clock")?;
    match node.get_ref() {
        DeValue::Datetime(datetime) => {
            let instant = instant(&datetime.to_string()).ok();
            if instant.is_none() {
                reader.report(Found::new(node.span(), "the time has no offset").suggest(EXAMPLE));
            }
            instant
        }
        DeValue::String(_) => root.parse("clock", reader, instant),
        _ => {
            root.wrong_type("clock", reader);
            None
        }
    }
}

const EXAMPLE: &str = "write it with its offset, such as 2026-01-31T06:00:00Z or 2026-01-31T08:00:00+02:00";

fn instant(text: &str) -> Result<DateTime<Utc>, Refusal> {
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .map_err(|_| Refusal::new("is no time with an offset (RFC 3339)").suggest(EXAMPLE))
}

/// A path of the local disk: what other programs would take for an address is none.
pub(super) fn local_path(text: &str) -> Result<String, Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new("holds a NUL, which no path may"));
    }
    if is_address(text) {
        return Err(Refusal::new("is no path of the local disk, and nothing else is supported here")
            .suggest("write a path, relative to the config file or absolute"));
    }
    Ok(text.to_owned())
}
