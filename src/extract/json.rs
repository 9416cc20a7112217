//! JSON of strangers: slips mended, and no more values than an honest document has.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Scripts with more values are not parsed.
const MOST_VALUES: usize = 200_000;

/// An object that is not empty takes so many times the memory of a plain value.
const OBJECT: usize = 20;

/// Parses a script, with the usual slips mended: comments around, trailing commas, raw line ends.
pub(super) fn parse(script: &str) -> Option<Value> {
    let mut text = script.trim();
    for mark in ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["] {
        text = text.strip_prefix(mark).unwrap_or(text).trim_start();
    }
    for mark in ["-->", "//]]>", "/*]]>*/", "]]>", "//", ";"] {
        text = text.strip_suffix(mark).unwrap_or(text).trim_end();
    }
    // each of them takes some hundred bytes in memory, and an honest script has a fortieth
    let mut values = memchr::memchr3_iter(b',', b'[', b'{', text.as_bytes());
    if values.nth(MOST_VALUES).is_some() {
        return None;
    }
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mend(text)).ok())
}

/// JSON as it was meant: raw line ends and tabs in strings escaped, other control characters and escapes
/// that JSON does not know left out, and commas before a closing bracket too.
pub(super) fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let (mut in_string, mut escaped) = (false, false);
    for character in text.chars() {
        if !in_string {
            if matches!(character, ']' | '}') {
                let value = out.trim_end().strip_suffix(',').map(str::trim_end);
                if let Some(value) = value.filter(|value| !value.ends_with(['[', '{', ','])) {
                    out.truncate(value.len());
                }
            }
            out.push(character);
            in_string = character == '"';
            continue;
        }
        let is_known = matches!(character, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u');
        if escaped && !is_known {
            out.pop();
        }
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {}
            other => out.push(other),
        }
        in_string = character != '"' || escaped;
        escaped = character == '\\' && !escaped;
    }
    out
}

/// About how many bytes a value takes in memory, without the values inside of it.
pub(super) fn size(value: &Value) -> usize {
    let more = match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.len() * size_of::<Value>(),
        Value::Object(object) if !object.is_empty() => {
            // a node of the map has room for eleven and holds five at least
            let nodes = 1 + object.len() / 5;
            nodes * OBJECT * size_of::<Value>() + object.keys().map(String::len).sum::<usize>()
        }
        _ => 0,
    };
    size_of::<Value>() + more
}

/// As [`size`], with all that is inside.
pub(super) fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::Array(values) => values.iter().map(weight).sum(),
        Value::Object(object) => object.values().map(weight).sum(),
        _ => 0,
    };
    size(value) + inside
}

/// Reads a value as far as `left` goes; what is beyond is passed over, and nothing in its place.
pub(super) struct Bounded<'b> {
    /// Plain values that may still be made; each object counts for several.
    pub left: &'b mut usize,
}

impl Bounded<'_> {
    fn plain(self, value: Value) -> Value {
        *self.left = self.left.saturating_sub(1);
        value
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(self.plain(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(self.plain(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(self.plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(self.plain(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(self.plain(Number::from_f64(value).map_or(Value::Null, Value::Number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(self.plain(Value::String(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(self.plain(Value::String(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while *self.left > 0 {
            let Some(value) = members.next_element_seed(Bounded { left: self.left })? else {
                return Ok(self.plain(Value::Array(values)));
            };
            values.push(value);
        }
        while members.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        *self.left = self.left.saturating_sub(OBJECT);
        let mut object = Map::new();
        while *self.left > 0 {
            let Some(key) = members.next_key::<String>()? else { return Ok(Value::Object(object)) };
            let value = members.next_value_seed(Bounded { left: self.left })?;
            object.insert(key, value);
        }
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bounded(text: &str, mut left: usize) -> Option<Value> {
        Bounded { left: &mut left }.deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
    }

    #[test]
    fn a_value_is_read_as_far_as_it_may_go() {
        let text = r#"{"a":[1,-2,2.5,true,null,"x\n"],"b":{"c":{}}}"#;
        assert_eq!(bounded(text, 1000), serde_json::from_str(text).ok());
        assert_eq!(bounded("[1,2,3,4]", 2), Some(json!([1, 2])));
        assert_eq!(bounded(r#"{"a":1,"b":2,"c":3}"#, OBJECT + 1), Some(json!({"a": 1})));
        assert_eq!(bounded("[[1,2],[3],4", 2), None, "what is passed over must be whole");
        assert_eq!(bounded("[1,2,", 100), None);
    }

    #[test]
    fn slips_are_mended() {
        for (text, expected) in [
            ("{\"a\":\"b\nc\td\",}", json!({"a": "b\nc\td"})),
            (r#"["it\'s", "\"", "\\",]"#, json!(["it's", "\"", "\\"])),
            ("[1, 2 , ]", json!([1, 2])),
            ("[\"a\\\nb\u{1}\"]", json!(["a\nb"])),
        ] {
            assert_eq!(serde_json::from_str::<Value>(&mend(text)).ok(), Some(expected), "{text}");
        }
        assert!(serde_json::from_str::<Value>(&mend("[,]")).is_err());
    }
}
