//! The JSON Schema of the config file, made from the tables of options.

use serde_json::{Map, Value, json};

use super::ROOT;
use super::options::{Absent, Section, Setting, Shape};

/// The JSON Schema (draft 2020-12) of the config file, for editors: what each key takes, means and defaults to.
///
/// It is a little wider than the program: ids that must exist, zones and addresses are left to `feedmill check`.
#[must_use]
pub fn schema() -> String {
    let mut schema = section(&ROOT);
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("feedmill.toml"));
    format!("{:#}\n", Value::Object(schema))
}

fn section(section: &Section) -> Map<String, Value> {
    let properties = section.settings.iter().map(|setting| (setting.key.to_owned(), Value::Object(property(setting))));
    let required = section.settings.iter().filter(|setting| matches!(setting.absent, Absent::Required));
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("description".into(), json!(section.doc));
    schema.insert("properties".into(), Value::Object(properties.collect()));
    let required: Vec<&str> = required.map(|setting| setting.key).collect();
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema.insert("additionalProperties".into(), json!(false));
    schema
}

fn property(setting: &Setting) -> Map<String, Value> {
    let mut schema = shape(setting.shape);
    let mut doc = setting.doc.to_owned();
    match setting.absent {
        Absent::Required => {}
        Absent::Default(default) => {
            if let Some(value) = toml_value(default) {
                schema.insert("default".into(), value);
            }
        }
        Absent::Means(meaning) => doc = format!("{doc} Left out: {meaning}."),
    }
    schema.insert("description".into(), json!(doc));
    schema
}

fn shape(shape: Shape) -> Map<String, Value> {
    let text = || json!({"type": "string", "minLength": 1});
    let schema = match shape {
        Shape::Text | Shape::Secret => text(),
        Shape::Count(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Duration => json!({
            "type": "string",
            "pattern": r"^\s*(\d+\s*[A-Za-z]+\s*)+$",
            "examples": ["30s", "30m", "2 h", "1d 12h"],
        }),
        Shape::Size => json!({
            "type": ["string", "integer"],
            "pattern": r"^\s*\d+\s*[A-Za-z]+\s*$",
            "minimum": 1,
            "examples": ["250 KB", "1 MB"],
        }),
        Shape::Instant => json!({"type": "string", "format": "date-time"}),
        Shape::OneOf(words) => json!({"type": "string", "enum": words}),
        Shape::Texts => json!({"type": "array", "items": text()}),
        Shape::TextOrTexts => json!({"type": ["string", "array"], "minLength": 1, "items": text(), "minItems": 1}),
        Shape::SomeOf(words) => json!({
            "type": "array",
            "items": {"type": "string", "enum": words},
            "minItems": 1,
            "uniqueItems": true,
        }),
        Shape::Secrets => json!({"type": "object", "additionalProperties": text()}),
        Shape::Table(table) => Value::Object(section(table)),
        Shape::Tables(table) => json!({"type": "array", "items": section(table)}),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// A TOML value as JSON.
fn toml_value(text: &str) -> Option<Value> {
    let table: toml::Table = format!("value = {text}").parse().ok()?;
    serde_json::to_value(table.get("value")?).ok()
}
