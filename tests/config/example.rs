//! config/example.toml shows every option, and what it says is so.

use feedmill::config::schema;
use serde_json::Value;

use super::schema_check::{as_json, violations};

pub const EXAMPLE: &str = include_str!("../../config/example.toml");

fn read(text: &str) -> feedmill::config::Config {
    super::parse(text, std::path::Path::new("/etc/feedmill/feedmill.toml"), &|_| Some("value".into()))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn schema_value() -> Value {
    serde_json::from_str(&schema()).expect("the schema is JSON")
}

/// The settings of each section: its header in the file, and its schema.
fn sections(schema: &Value) -> Vec<(&'static str, &Value)> {
    let at = |pointer: &str| schema.pointer(pointer).expect("the schema has it");
    vec![
        ("", schema),
        ("[site]", at("/properties/site")),
        ("[publish]", at("/properties/publish")),
        ("[fetch]", at("/properties/fetch")),
        ("[[source]]", at("/properties/source/items")),
        ("[[feed]]", at("/properties/feed/items")),
    ]
}

/// The lines of the example that stand under a header (all blocks of it).
fn lines_under<'t>(text: &'t str, header: &str) -> Vec<&'t str> {
    let mut current = "";
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            current = line;
        } else if current == header {
            lines.push(line);
        }
    }
    lines
}

fn properties(section: &Value) -> impl Iterator<Item = (&String, &Value)> {
    section["properties"].as_object().expect("a section has settings").iter()
}

fn is_section(property: &Value) -> bool {
    property.get("properties").is_some() || property.pointer("/items/properties").is_some()
}

#[test]
fn the_example_is_right() {
    let config = read(EXAMPLE);
    assert_eq!((config.sources.len(), config.feeds.len()), (2, 1));
}

#[test]
fn the_example_fits_the_schema() {
    assert_eq!(violations(&schema_value(), &as_json(EXAMPLE)), Vec::<String>::new());
}

#[test]
fn every_option_stands_in_the_example() {
    let schema = schema_value();
    for (header, section) in sections(&schema) {
        let lines = lines_under(EXAMPLE, header);
        for (key, property) in properties(section) {
            let shown = lines.iter().any(|line| line.trim_start_matches('#').starts_with(&format!("{key} = ")));
            assert!(shown || (header.is_empty() && is_section(property)), "{header} {key} is missing");
        }
    }
}

#[test]
fn every_option_that_is_left_out_works_when_taken_in() {
    let schema = schema_value();
    for line in EXAMPLE
        .lines()
        .filter(|line| line.starts_with('#') && line.as_bytes().get(1).is_some_and(|b| *b != b' ' && *b != b'#'))
    {
        let option = &line[1..];
        let key = option.split(" = ").next().expect("an option has a key");
        let mut in_comment = 0;
        let kept: Vec<&str> = EXAMPLE
            .lines()
            .filter(|other| !other.starts_with(&format!("{key} = ")) || matches!(key, "title"))
            .map(|other| {
                if other == line {
                    in_comment += 1;
                    option
                } else {
                    other
                }
            })
            .collect();
        // The same option may be left out in several sections, word for word: all are taken in.
        assert!(in_comment > 0, "{line}");
        let text = kept.join("\n");
        read(&text);
        assert_eq!(violations(&schema, &as_json(&text)), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn the_example_gives_defaults_as_they_are() {
    let schema = schema_value();
    let example = as_json(EXAMPLE);
    let at = |pointer: &str| example.pointer(pointer).expect("the example has it");
    let blocks = [&example, at("/site"), at("/publish"), at("/fetch"), at("/source/0"), at("/feed/0")];
    let mut compared = 0;
    for ((header, section), block) in sections(&schema).into_iter().zip(blocks) {
        for (key, property) in properties(section) {
            let (Some(default), Some(given)) = (property.get("default"), block.get(key)) else { continue };
            if is_section(property) {
                let empty =
                    given.as_object().expect("a table").values().all(|words| *words == Value::Array(Vec::new()));
                assert!(empty, "{header} {key}");
            } else {
                assert_eq!(given, default, "{header} {key}");
            }
            compared += 1;
        }
    }
    assert!(compared >= 19, "only {compared} defaults stand in the example");
}

#[test]
fn defaults_of_the_schema_are_those_of_the_program() {
    let schema = schema_value();
    let short = "[site]\nbase_url = \"https://a.example\"\n[publish]\n[fetch]\n[[source]]\nid = \"a\"\nurl = \"https://a.example\"\n[[feed]]\nid = \"f\"\n";
    let mut long: toml::Table = short.parse().expect("it is TOML");
    let mut added = 0;
    for (header, section) in sections(&schema) {
        let block = match header.trim_matches(['[', ']']) {
            "" => &mut long,
            name => match long.get_mut(name).expect("it has each section") {
                toml::Value::Array(blocks) => blocks[0].as_table_mut().expect("a table"),
                table => table.as_table_mut().expect("a table"),
            },
        };
        for (key, property) in properties(section) {
            if let Some(default) = property.get("default") {
                block.insert(key.clone(), toml::Value::try_from(default).expect("it fits TOML"));
                added += 1;
            }
        }
    }
    assert!(added >= 19, "only {added} defaults stand in the schema");
    let (short, long) = (read(short), read(&long.to_string()));
    assert_eq!(format!("{short:?}"), format!("{long:?}"));
    let source = |config: &feedmill::config::Config| {
        let source = &config.sources[0];
        (source.kind, source.tags.clone(), source.headers.clone())
    };
    assert_eq!(source(&short), source(&long));
}

#[test]
fn every_option_is_described() {
    fn visit(schema: &Value) {
        for property in
            schema.get("properties").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values)
        {
            let doc = property["description"].as_str().expect("a description");
            assert!(doc.len() > 10 && doc.ends_with('.'), "{doc}");
            visit(property);
            visit(&property["items"]);
        }
    }
    visit(&schema_value());
}
