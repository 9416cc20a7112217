//! Values as scripts write them: JSON, and what JavaScript allows beyond it.
//!
//! Names without quotes, single quotes, trailing commas, `undefined`, `void 0`, `!0`, `new Date(…)`, and
//! the parameters of the function that Nuxt wraps its state in. Nothing is ever run.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::extract::json::weight;

/// Deeper values are not read.
const DEEPEST: usize = 64;

/// Bytes of memory that all values may take, texts as written not counted: a parameter may be named again and
/// again, and a digit takes more than it is long.
const MOST: usize = 32 << 20;

/// Bytes that a node of a map takes, of five members at least.
const NODE: usize = 640;

/// Reads the value at the start of a text; also how many bytes it takes.
pub(super) fn value(text: &str) -> Option<(Value, usize)> {
    let names = HashMap::new();
    let mut reader = Reader { text, at: 0, names: &names, left: MOST };
    let value = reader.value(0)?;
    Some((value, reader.at))
}

/// Reads `function(a,b){…return {…}}(1,"x")` at the start of a text: the value that it returns.
///
/// Statements before the `return` are passed over.
pub(super) fn called(text: &str) -> Option<Value> {
    let nothing = HashMap::new();
    let mut reader = Reader { text, at: 0, names: &nothing, left: MOST };
    reader.word("function").then_some(())?;
    reader.sign('(').then_some(())?;
    let mut parameters = Vec::new();
    while !reader.sign(')') {
        parameters.push(reader.name()?);
        reader.sign(',');
    }
    reader.sign('{').then_some(())?;
    let body = reader.at;
    reader.skip_to_end_of_block()?;
    // "}(…)" and "})(…)" are both in use
    reader.sign(')');
    reader.sign('(').then_some(())?;
    let mut names = HashMap::new();
    for name in parameters {
        if reader.sign(')') {
            break;
        }
        let value = reader.value(0)?;
        let size = weight(&value);
        names.insert(name, (value, size));
        reader.sign(',');
    }
    let mut reader = Reader { text, at: body, names: &names, left: reader.left };
    reader.skip_to_return()?;
    reader.value(0)
}

struct Reader<'t, 'n> {
    text: &'t str,
    at: usize,
    /// Parameters with how large each is.
    names: &'n HashMap<&'t str, (Value, usize)>,
    /// Bytes that values may still take.
    left: usize,
}

impl<'t> Reader<'t, '_> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes a sign if it is the next one.
    fn sign(&mut self, sign: char) -> bool {
        self.skip_space();
        let is_next = self.rest().starts_with(sign);
        self.at += if is_next { sign.len_utf8() } else { 0 };
        is_next
    }

    /// Takes a word if it is the next one.
    fn word(&mut self, word: &str) -> bool {
        self.skip_space();
        let is_next = self.rest().strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_of_name));
        self.at += if is_next { word.len() } else { 0 };
        is_next
    }

    fn name(&mut self) -> Option<&'t str> {
        self.skip_space();
        let rest = self.rest();
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.left = self.left.checked_sub(size_of::<Value>())?;
        self.skip_space();
        match self.rest().bytes().next()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' | b'\'' | b'`' => self.string().map(Value::String),
            b'-' | b'+' | b'.' | b'0'..=b'9' => self.number(),
            b'!' => {
                self.at += 1;
                Some(Value::Bool(self.number()? == 0))
            }
            b'(' => {
                self.at += 1;
                let value = self.value(depth + 1)?;
                self.sign(')').then_some(value)
            }
            _ => self.named(depth),
        }
    }

    /// A literal by name, a parameter, or a call that stands for its argument.
    fn named(&mut self, depth: usize) -> Option<Value> {
        let name = self.name()?;
        match name {
            "true" | "false" => return Some(Value::Bool(name == "true")),
            "null" | "undefined" | "NaN" | "Infinity" => return Some(Value::Null),
            "void" => return self.value(depth + 1).map(|_| Value::Null),
            // of `new Date(…)` the call follows
            "new" => return if depth < DEEPEST { self.named(depth + 1) } else { None },
            _ => {}
        }
        if let Some((known, size)) = self.names.get(name) {
            self.left = self.left.checked_sub(*size)?;
            return Some(known.clone());
        }
        // `Object.freeze({…})`, `Symbol.iterator`
        while self.sign('.') {
            self.name()?;
        }
        if !self.sign('(') {
            return Some(Value::Null);
        }
        let mut first = Value::Null;
        for place in 0.. {
            if self.sign(')') {
                break;
            }
            let argument = self.value(depth + 1)?;
            if place == 0 && name != "Array" {
                first = argument;
            }
            self.sign(',');
        }
        Some(first)
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut object = Map::new();
        while !self.sign('}') {
            if object.len().is_multiple_of(5) {
                self.left = self.left.checked_sub(NODE)?;
            }
            let key = match self.rest().bytes().next()? {
                b'"' | b'\'' => self.string()?,
                _ => self.name()?.to_owned(),
            };
            self.sign(':').then_some(())?;
            let value = self.value(depth + 1)?;
            object.insert(key, value);
            if !self.sign(',') {
                self.sign('}').then_some(())?;
                break;
            }
        }
        Some(Value::Object(object))
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut values = Vec::new();
        while !self.sign(']') {
            // `[,1]`
            if self.sign(',') {
                values.push(Value::Null);
                continue;
            }
            values.push(self.value(depth + 1)?);
            if !self.sign(',') {
                self.sign(']').then_some(())?;
                break;
            }
        }
        Some(Value::Array(values))
    }

    fn number(&mut self) -> Option<Value> {
        self.skip_space();
        let rest = self.rest();
        let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let end = rest.find(|c| !is_of_number(c)).unwrap_or(rest.len());
        self.at += end;
        let text = rest[..end].trim_start_matches('+');
        let whole = text.parse::<i64>().ok().map(Number::from);
        whole.or_else(|| Number::from_f64(text.parse().ok()?)).map(Value::Number)
    }

    /// A string in any kind of quotes, escapes decoded.
    fn string(&mut self) -> Option<String> {
        let quote = self.rest().chars().next()?;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let end = rest.find([quote, '\\'])?;
            text.push_str(&rest[..end]);
            self.at += end + 1;
            if rest[end..].starts_with(quote) {
                return Some(text);
            }
            let escape = self.rest().chars().next()?;
            self.at += escape.len_utf8();
            match escape {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' | 'b' | 'f' | 'v' | '0' | '\n' => {}
                'u' => text.push(self.unicode()?),
                'x' => text.push(self.hex(2)?),
                other => text.push(other),
            }
        }
    }

    /// The four digits behind `\u`, and those of a second half.
    fn unicode(&mut self) -> Option<char> {
        if self.rest().starts_with('{') {
            let end = self.rest().find('}')?;
            let code = u32::from_str_radix(self.rest().get(1..end)?, 16).ok()?;
            self.at += end + 1;
            return char::from_u32(code).or(Some(char::REPLACEMENT_CHARACTER));
        }
        let digits = |rest: &str| u16::from_str_radix(rest.get(..4)?, 16).ok();
        let first = digits(self.rest())?;
        self.at += 4;
        let second = self.rest().strip_prefix("\\u").and_then(digits);
        if let (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) = (first, second) {
            self.at += 6;
            return char::decode_utf16([first, second]).next()?.ok();
        }
        char::from_u32(u32::from(first)).or(Some(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self, digits: usize) -> Option<char> {
        let code = u32::from_str_radix(self.rest().get(..digits)?, 16).ok()?;
        self.at += digits;
        char::from_u32(code)
    }

    /// Goes behind the end of the block that is open.
    fn skip_to_end_of_block(&mut self) -> Option<()> {
        let mut depth = 1_usize;
        loop {
            let rest = self.rest();
            let next = rest.find(['{', '}', '"', '\'', '`'])?;
            self.at += next;
            match rest.as_bytes()[next] {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {
                    self.skip_string()?;
                    continue;
                }
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Goes behind the `return` of the block that is open.
    fn skip_to_return(&mut self) -> Option<()> {
        loop {
            if self.word("return") {
                return Some(());
            }
            // one statement
            loop {
                let rest = self.rest();
                let next = rest.find([';', '{', '}', '"', '\'', '`'])?;
                self.at += next;
                match rest.as_bytes()[next] {
                    b';' => break,
                    b'}' => return None,
                    b'{' => {
                        self.at += 1;
                        self.skip_to_end_of_block()?;
                    }
                    _ => self.skip_string()?,
                }
            }
            self.at += 1;
        }
    }

    fn skip_string(&mut self) -> Option<()> {
        let quote = char::from(*self.rest().as_bytes().first()?);
        self.at += 1;
        loop {
            let rest = self.rest();
            let end = rest.find([quote, '\\'])?;
            if rest[end..].starts_with(quote) {
                self.at += end + 1;
                return Some(());
            }
            let escaped = rest[end + 1..].chars().next()?;
            self.at += end + 1 + escaped.len_utf8();
        }
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_scripts_write() {
        for (text, expected) in [
            (r#"{"a":[1,2.5,-3],"b":null};rest"#, json!({"a": [1, 2.5, -3], "b": null})),
            ("{a:'it\\'s',b_1:!0,c:!1,d:void 0,}", json!({"a": "it's", "b_1": true, "c": false, "d": null})),
            (r#"["\u00e9\x41\ud83d\ude80\n",undefined,]"#, json!(["éA🚀\n", null])),
            ("{at:new Date(1677650400000),all:Object.freeze([1])}", json!({"at": 1_677_650_400_000_i64, "all": [1]})),
        ] {
            assert_eq!(value(text).map(|(value, _)| value), Some(expected), "{text}");
        }
        for text in ["{a:", "\"open", "{a 1}", "[1 2]", ""] {
            assert_eq!(value(text), None, "{text}");
        }
        assert_eq!(value(&"[".repeat(100_000)), None);
        assert_eq!(value(&"new ".repeat(100_000)), None);
    }

    #[test]
    fn what_is_named_again_and_again_is_bounded() {
        for argument in ["[1,1,1,1,1,1,1,1]", "{a:1}"] {
            let call = |uses: usize| format!("function(a){{return [{}]}}({argument})", "a,".repeat(uses));
            assert!(called(&call(1000)).is_some());
            assert_eq!(called(&call(400_000)), None, "{argument}");
        }
        assert_eq!(value(&format!("[{}]", "{a:1},".repeat(400_000))), None);
    }

    #[test]
    fn reads_a_call_without_running_it() {
        for text in [
            r#"function(a,b,c){return {data:[{title:a,n:b,more:{t:c}}]}}("A \"b\" }",1,null))"#,
            r#"function(a,b,c){c.x="}";d.y=[{z:1}];return {data:[{title:a,n:b,more:{t:c}}]}})("A \"b\" }",1,null)"#,
        ] {
            let expected = json!({"data": [{"title": "A \"b\" }", "n": 1, "more": {"t": null}}]});
            assert_eq!(called(text), Some(expected), "{text}");
        }
        for text in ["function(a){while(1){}}(1)", "function(", "function(a){return {a:b", "x"] {
            assert_eq!(called(text), None, "{text}");
        }
    }
}
