//! State that a page's scripts start from: Next, Nuxt, Apollo, Fusion and the like.
//!
//! ```text
//! literal   what scripts write beyond JSON, and Nuxt's function
//! devalue   Nuxt's flat array
//! facts     what an object of any of them says of a story, by the names of its members
//! body      the story itself: a text, or blocks of it
//! ```
//!
//! Nobody documents these forms: nothing is tied to a framework but how its script is told from others.

pub(super) mod body;
mod devalue;
pub(super) mod facts;
mod literal;

use serde::de::DeserializeSeed as _;
use serde_json::{Map, Value};

use super::json::{self, Bounded};

pub(super) type Object = Map<String, Value>;

/// Objects and lists of one script that are looked at.
const MOST: usize = 20_000;

/// Deeper ones are not.
const DEEPEST: usize = 24;

/// Plain values that one script may hold; honest ones have a tenth.
const MOST_VALUES: usize = 1_000_000;

/// Whether a script may hold state, by its type and id and by what it begins with.
pub(super) fn is_state(kind: &str, id: &str, text: &str) -> bool {
    const LONGEST: usize = 8 << 20;
    let kind = kind.trim();
    if text.len() > LONGEST || contains(kind, "ld+json") {
        return false;
    }
    if contains(kind, "json") {
        // speculation rules, import maps and settings have no story in them
        return !contains(kind, "importmap");
    }
    let is_script = kind.is_empty() || contains(kind, "javascript") || kind.eq_ignore_ascii_case("module");
    let holds_it = || text.contains(PUSHED) || assignment(text).is_some();
    id.contains("__NEXT_DATA__") || id.contains("__NUXT") || is_script && holds_it()
}

fn contains(kind: &str, wanted: &str) -> bool {
    kind.len() >= wanted.len() && kind.to_ascii_lowercase().contains(wanted)
}

/// The values that scripts hold; what cannot be read is left out.
pub(super) fn values(scripts: &[String]) -> impl Iterator<Item = Value> {
    let pushed = scripts.iter().any(|script| script.contains(PUSHED)).then(|| pushed(scripts));
    scripts.iter().filter_map(|script| value_of(script)).chain(pushed)
}

/// The value of a script that is JSON, or that gives a name to a value.
fn value_of(script: &str) -> Option<Value> {
    let text = script.trim();
    let value = if text.starts_with(['{', '[']) { json::parse(text)? } else { assigned(assignment(text)?)? };
    match value {
        Value::Array(values) if devalue::is_flat(&values) => Some(devalue::unfold(&values)),
        other => Some(other),
    }
}

/// Words in the names that scripts give to their state.
const NAMES: [&str; 6] = ["state__", "__nuxt__", "_data__", "globalcontent", "initial", "preloaded"];

/// What stands behind the sign of equality of the first name that is one of state.
fn assignment(script: &str) -> Option<&str> {
    /// Most assignments of a script that are looked at, and how far names are looked for before one.
    const SIGNS: usize = 400;
    const NAME: usize = 60;
    let signs = memchr::memchr_iter(b'=', script.as_bytes()).take(SIGNS);
    signs
        .filter_map(|sign| {
            let value = script[sign + 1..].trim_start();
            let begins = ["{", "[", "JSON.parse(", "(function", "function"];
            begins.iter().any(|begin| value.starts_with(begin)).then_some((sign, value))
        })
        .find_map(|(sign, value)| {
            let before = script[..sign].trim_end();
            let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NAME))..];
            let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '"' | '\'' | '[' | ']');
            let name = before.rsplit(|c: char| !is_of_name(c)).next().unwrap_or_default().to_ascii_lowercase();
            NAMES.iter().any(|word| name.contains(word)).then_some(value)
        })
}

/// The value that an assignment gives.
fn assigned(text: &str) -> Option<Value> {
    if let Some(quoted) = text.strip_prefix("JSON.parse(") {
        let (Value::String(json), _) = literal::value(quoted)? else { return None };
        return json::parse(&json);
    }
    if let Some(call) = text.strip_prefix('(').or(Some(text)).filter(|text| text.starts_with("function")) {
        return literal::called(call);
    }
    let value = bounded(text, &mut { MOST_VALUES });
    value.or_else(|| literal::value(text).map(|(value, _)| value))
}

/// The JSON at the start of a text, as far as `left` goes.
fn bounded(text: &str, left: &mut usize) -> Option<Value> {
    Bounded { left }.deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
}

/// How Next hands over parts of a page one by one.
const PUSHED: &str = "__next_f.push(";

/// The values of all parts that a page's scripts push: lines of JSON, each behind a number and a colon.
fn pushed(scripts: &[String]) -> Value {
    let mut text = String::new();
    for script in scripts.iter().filter_map(|script| script.split_once(PUSHED)) {
        if let Some((Value::Array(parts), _)) = literal::value(script.1) {
            text.extend(parts.iter().skip(1).filter_map(Value::as_str));
        }
    }
    let mut left = MOST_VALUES;
    let value_of = |line: &str| {
        let (number, value) = line.split_once(':')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_number && value.starts_with(['{', '[']) { bounded(value, &mut left) } else { None }
    };
    Value::Array(text.lines().filter_map(value_of).collect())
}

/// All objects of a value, outer before inner, in the order in which they are written.
pub(super) fn objects(root: &Value) -> impl Iterator<Item = &Object> {
    let mut stack = vec![(root, 0)];
    let mut left = MOST;
    std::iter::from_fn(move || {
        while let Some((value, depth)) = stack.pop() {
            if left == 0 || depth > DEEPEST {
                continue;
            }
            left -= 1;
            let holds_more = |value: &&Value| value.is_object() || value.is_array();
            match value {
                Value::Array(values) => {
                    stack.extend(values.iter().rev().filter(holds_more).map(|value| (value, depth + 1)));
                }
                Value::Object(object) => {
                    let inner: Vec<&Value> = object.values().filter(holds_more).collect();
                    stack.extend(inner.into_iter().rev().map(|value| (value, depth + 1)));
                    return Some(object);
                }
                _ => {}
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headline(script: &str) -> Option<String> {
        let values: Vec<Value> = values(&[script.to_owned()]).collect();
        let object = values.iter().flat_map(objects).find(|object| object.contains_key("headline"))?;
        object["headline"].as_str().map(str::to_owned)
    }

    #[test]
    fn state_is_read_in_every_form() {
        for script in [
            r#"{"props":{"pageProps":{"story":{"headline":"A headline"}}}}"#,
            r#"window.__INITIAL_STATE__ = {"story":{"headline":"A headline"}}; run();"#,
            r#"var a=1;window["__PRELOADED_STATE__"]={story:{headline:'A headline'}}"#,
            r#"window.__APOLLO_STATE__=JSON.parse("{\"Story:1\":{\"headline\":\"A headline\"}}")"#,
            r#"window.__NUXT__=(function(a){return {data:[{headline:a}]}}("A headline"));"#,
            r#"window.Fusion=window.Fusion||{};Fusion.globalContent={"headline":"A headline"};Fusion.x={}"#,
            r#"[{"data":1},{"story":2},{"headline":3},"A headline"]"#,
            r#"self.__next_f.push([1,"5:{\"story\":{\"headline\":\"A headline\"}}\n"])"#,
        ] {
            assert_eq!(headline(script).as_deref(), Some("A headline"), "{script}");
        }
        for script in ["var a = {headline:'A headline'}", "window.__STATE__ = {", "{", ""] {
            assert_eq!(headline(script), None, "{script}");
        }
    }

    #[test]
    fn state_is_told_from_other_scripts() {
        for (kind, id, text, expected) in [
            ("application/json", "", "{}", true),
            ("", "__NEXT_DATA__", "{}", true),
            ("", "", "window.__INITIAL_STATE__={}", true),
            ("text/javascript", "", "Fusion.globalContent={}", true),
            ("application/ld+json", "", "{}", false),
            ("", "", "var config = {}", false),
            ("text/template", "", "window.__INITIAL_STATE__={}", false),
        ] {
            assert_eq!(is_state(kind, id, text), expected, "{kind} {id} {text}");
        }
    }
}
