//! As much of JSON Schema (2020-12) as the config's schema uses, so that tests need no validator crate.

use serde_json::{Map, Value};

/// Everything about `value` that `schema` does not allow, each with its JSON path.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, ("$", &mut found));
    found
}

fn check(schema: &Value, value: &Value, at: (&str, &mut Vec<String>)) {
    let (path, found) = at;
    let Value::Object(schema) = schema else { return };
    for (keyword, rule) in schema {
        if !holds(keyword, rule, value) {
            found.push(format!("{path}: {keyword} {rule}"));
        }
    }
    if let (Value::Object(entries), Some(properties)) = (value, schema.get("properties")) {
        for (key, entry) in entries {
            let path = format!("{path}.{key}");
            match (properties.get(key), schema.get("additionalProperties")) {
                (Some(schema), _) => check(schema, entry, (&path, &mut *found)),
                (None, Some(Value::Bool(false))) => found.push(format!("{path}: additionalProperties")),
                _ => {}
            }
        }
    }
    if let (Value::Object(entries), None, Some(others)) =
        (value, schema.get("properties"), schema.get("additionalProperties"))
    {
        entries.iter().for_each(|(key, entry)| check(others, entry, (&format!("{path}.{key}"), &mut *found)));
    }
    if let (Value::Array(list), Some(items)) = (value, schema.get("items")) {
        list.iter().enumerate().for_each(|(n, item)| check(items, item, (&format!("{path}[{n}]"), &mut *found)));
    }
}

/// Whether one keyword's rule holds; keywords about other types of value hold by definition.
fn holds(keyword: &str, rule: &Value, value: &Value) -> bool {
    let number = |rule: &Value| rule.as_f64().expect("a number");
    let length = |rule: &Value| usize::try_from(rule.as_u64().expect("a length")).expect("a small one");
    match (keyword, value) {
        ("type", _) => match rule {
            Value::Array(types) => types.iter().any(|name| has_type(name, value)),
            name => has_type(name, value),
        },
        ("enum", _) => rule.as_array().expect("a list").contains(value),
        ("pattern", Value::String(text)) => {
            regex::Regex::new(rule.as_str().expect("text")).expect("a pattern").is_match(text)
        }
        ("minLength", Value::String(text)) => text.chars().count() >= length(rule),
        ("minimum", Value::Number(given)) => given.as_f64().expect("finite") >= number(rule),
        ("maximum", Value::Number(given)) => given.as_f64().expect("finite") <= number(rule),
        ("minItems", Value::Array(list)) => list.len() >= length(rule),
        ("uniqueItems", Value::Array(list)) => list.iter().enumerate().all(|(n, item)| !list[..n].contains(item)),
        ("required", Value::Object(entries)) => has_all(entries, rule),
        ("format", Value::String(text)) => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    }
}

fn has_all(entries: &Map<String, Value>, keys: &Value) -> bool {
    keys.as_array().expect("a list").iter().all(|key| entries.contains_key(key.as_str().expect("a key")))
}

fn has_type(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("the schema uses no type {other}"),
    }
}

/// A TOML document as JSON, times as strings.
pub fn as_json(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::String(text) => Value::String(text),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(flag) => Value::Bool(flag),
            toml::Value::Datetime(time) => Value::String(time.to_string()),
            toml::Value::Array(list) => Value::Array(list.into_iter().map(convert).collect()),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, convert(value))).collect(),
        }
    }
    convert(toml::Value::Table(text.parse().expect("it is TOML")))
}

#[test]
fn the_checker_can_fail() {
    let schema = serde_json::from_str(&feedmill::config::schema()).expect("the schema is JSON");
    let site = "site.base_url = \"https://a.example\"\n";
    for right in [site.to_owned(), format!("{site}source = [{{ id = \"a\", url = \"x\", every = \"1d 2h\" }}]")] {
        assert_eq!(violations(&schema, &as_json(&right)), Vec::<String>::new());
    }
    let wrong = [
        "",
        "stat = \"x\"",
        "state = 1",
        "state = \"\"",
        "clock = \"now\"",
        "site = {}",
        "site.colour = \"red\"",
        "publish.to = 3",
        "publish.formats = []",
        "publish.formats = [\"pdf\"]",
        "publish.formats = [\"rss\", \"rss\"]",
        "fetch.concurrency = 0",
        "fetch.concurrency = 1000000",
        "fetch.timeout = \"soon\"",
        "source = [{ id = \"a\" }]",
        "source = [{ id = \"a\", url = \"x\", tags = 1 }]",
        "source = [{ id = \"a\", url = \"x\", headers.X = 1 }]",
        "feed = [{ id = \"a\", items = 0 }]",
        "feed = [{ id = \"a\", bytes = \"x\" }]",
        "feed = [{ id = \"a\", include.titel = [] }]",
        "feed = [{ id = \"a\", include.title = [1] }]",
    ];
    for text in wrong {
        let found = violations(
            &schema,
            &as_json(&format!("{}{text}", if text.is_empty() || text.starts_with("site") { "" } else { site })),
        );
        assert_eq!(found.len(), 1 + usize::from(text.starts_with("site.")), "{text}: {found:?}");
    }
}
