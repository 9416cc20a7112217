//! A JSON document as far as it goes: what was read before a fault is kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The top level of a JSON Feed.
#[derive(Debug, Default)]
pub struct Partial {
    pub fields: Map<String, Value>,
    pub items: Vec<Value>,
}

/// Reads as much as there is, and the fault that ended it.
#[must_use]
pub fn read(text: &str) -> (Partial, Option<serde_json::Error>) {
    let mut partial = Partial::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fault = Top(&mut partial).deserialize(&mut deserializer).err();
    (partial, fault)
}

struct Top<'p>(&'p mut Partial);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "items" {
                map.next_value_seed(Items(&mut self.0.items))?;
            } else {
                let value = map.next_value::<Value>()?;
                self.0.fields.insert(key, value);
            }
        }
        Ok(())
    }
}

struct Items<'p>(&'p mut Vec<Value>);

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Value>()? {
            self.0.push(item);
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
