//! A JSON document as far as it goes: what was read before a fault is kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What an item is given to, as soon as it is read.
pub type Take<'t> = dyn FnMut(Map<String, Value>) + 't;

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
            } else {
                let value = map.next_value::<Value>()?;
                self.fields.insert(key, value);
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
        while let Some(item) = items.next_element::<Value>()? {
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

/// JSON as it was meant: raw line ends and tabs in strings escaped, commas before a closing bracket
/// left out.
#[must_use]
pub fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let (mut in_string, mut escaped) = (false, false);
    for char in text.chars() {
        match char {
            ']' | '}' if !in_string => {
                let value = out.trim_end().strip_suffix(',').map(str::trim_end);
                if let Some(value) = value.filter(|value| !value.ends_with(['[', '{', ','])) {
                    out.truncate(value.len());
                }
                out.push(char);
            }
            '\n' if in_string => out.push_str("\\n"),
            '\r' if in_string => out.push_str("\\r"),
            '\t' if in_string => out.push_str("\\t"),
            _ => out.push(char),
        }
        match char {
            '"' if !escaped => in_string = !in_string,
            '\\' if in_string => {
                escaped = !escaped;
                continue;
            }
            _ => {}
        }
        escaped = false;
    }
    out
}
