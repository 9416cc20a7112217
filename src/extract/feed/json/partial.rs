//! A JSON document as far as it goes: what was read before a fault is kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::extract::json::Bounded;

/// What an item is given to, as soon as it is read.
pub type Take<'t> = dyn FnMut(Map<String, Value>) + 't;

/// Members of the top level that say something of the feed.
#[rustfmt::skip]
const FIELDS: [&str; 13] = [
    "author", "authors", "description", "expired", "favicon", "feed_url", "home_page_url", "hubs", "icon", "language", "next_url", "title", "version",
];

/// Values of one item, or of one field; honest ones have a hundredth.
const MOST_VALUES: usize = 100_000;

/// Reads as much as there is: the fields of the top level, and the fault that ended it.
pub fn read(text: &str, take: &mut Take<'_>) -> (Map<String, Value>, Option<serde_json::Error>) {
    let mut fields = Map::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fault = Top { fields: &mut fields, take }.deserialize(&mut deserializer).err();
    (fields, fault)
}

struct Top<'p, 't> {
    fields: &'p mut Map<String, Value>,
    take: &'p mut Take<'t>,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                map.next_value_seed(Items(self.take))?;
            } else if FIELDS.contains(&key.as_str()) {
                let value = map.next_value_seed(Bounded { left: &mut { MOST_VALUES } })?;
                self.fields.insert(key, value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Items<'p, 't>(&'p mut Take<'t>);

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element_seed(Bounded { left: &mut { MOST_VALUES } })? {
            if let Value::Object(item) = item {
                (self.0)(item);
            }
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
