//! XML by the letter, as a small tree.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::{Findings, value};

/// Namespaces that feeds may use; none is ours.
const KNOWN: [&str; 7] = [
    "",
    "http://www.w3.org/2005/Atom",
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/dc/elements/1.1/",
    "http://search.yahoo.com/mrss/",
    "http://purl.org/syndication/history/1.0",
    "http://www.w3.org/XML/1998/namespace",
];

#[derive(Debug, Default)]
pub struct Element {
    pub namespace: String,
    pub name: String,
    attrs: Vec<(String, String)>,
    pub elements: Vec<Element>,
    pub text: String,
}

impl Element {
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn children<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.is(namespace, name))
    }

    pub fn text_of(&self, namespace: &str, name: &str) -> Option<&str> {
        self.elements.iter().find(|element| element.is(namespace, name)).map(|element| element.text.as_str())
    }

    /// Exactly one child of the name, with text to be seen.
    pub fn one_text<'a>(&'a self, at: (&str, &str), place: &str, findings: &mut Findings) -> &'a str {
        let found: Vec<&Element> = self.elements.iter().filter(|element| element.is(at.0, at.1)).collect();
        match found[..] {
            [one] if !one.text.trim().is_empty() => &one.text,
            [_] => {
                findings.add(place, format!("has an empty {}", at.1));
                ""
            }
            _ => {
                findings.add(place, format!("has {} times {}", found.len(), at.1));
                ""
            }
        }
    }
}

/// Reads a document; what is not well-formed is a finding, and there is no tree.
pub fn parse(text: &str, findings: &mut Findings) -> Option<Element> {
    findings.require(
        text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>"),
        "document",
        "does not begin with its declaration",
    );
    match tree(text) {
        Ok((root, mut found)) => {
            findings.0.append(&mut found);
            Some(root)
        }
        Err(error) => {
            findings.add("document", format!("is not well-formed: {error}"));
            None
        }
    }
}

fn tree(text: &str) -> Result<(Element, Vec<String>), String> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut open: Vec<Element> = vec![Element::default()];
    let mut found = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(start) => open.push(element(&reader, &start, &mut found)?),
            Event::Empty(start) => {
                let element = element(&reader, &start, &mut found)?;
                open.last_mut().ok_or("nothing is open")?.elements.push(element);
            }
            Event::End(_) => {
                let closed = open.pop().ok_or("nothing is open")?;
                open.last_mut().ok_or("an end without a start")?.elements.push(closed);
            }
            Event::Text(text) => {
                if text.contains("]]>") {
                    return Err("]]> in a text".to_owned());
                }
                open.last_mut().ok_or("nothing is open")?.text.push_str(&text);
            }
            Event::CData(text) => {
                open.last_mut().ok_or("nothing is open")?.text.push_str(&text);
            }
            Event::GeneralRef(reference) => {
                let c = match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                    Some(c) => c,
                    None => predefined(&reference)?,
                };
                if value::is_forbidden(c) {
                    found.push(format!("document holds a reference to {c:?}"));
                }
                open.last_mut().ok_or("nothing is open")?.text.push(c);
            }
            Event::DocType(_) => return Err("a document type".to_owned()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let mut document = match <[Element; 1]>::try_from(open) {
        Ok([document]) => document,
        Err(open) => return Err(format!("{} elements are never closed", open.len() - 1)),
    };
    if document.elements.len() != 1 || !document.text.trim().is_empty() {
        return Err("not exactly one root element".to_owned());
    }
    Ok((document.elements.remove(0), found))
}

fn predefined(name: &str) -> Result<char, String> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(format!("the entity {name} is not declared")),
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>, found: &mut Vec<String>) -> Result<Element, String> {
    let (namespace, local) = reader.resolver().resolve_element(start.name());
    let name = local.as_ref().to_owned();
    let namespace = bound(&namespace, &name)?;
    let mut attrs = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref().to_owned();
        let written = &*attribute.value;
        if written.contains('<') {
            return Err(format!("< in the attribute {key}"));
        }
        let value = quick_xml::escape::unescape(written).map_err(|error| error.to_string())?.into_owned();
        if value.chars().any(value::is_forbidden) {
            found.push(format!("{name} has a forbidden character in {key}"));
        }
        if key == "xmlns" || key.starts_with("xmlns:") {
            if !KNOWN.contains(&value.as_str()) {
                found.push(format!("{name} declares the namespace {value}"));
            }
            continue;
        }
        let (prefix, _) = reader.resolver().resolve_attribute(attribute.key);
        bound(&prefix, &key)?;
        attrs.push((key, value));
    }
    Ok(Element { namespace, name, attrs, ..Element::default() })
}

fn bound(namespace: &ResolveResult<'_>, name: &str) -> Result<String, String> {
    match namespace {
        ResolveResult::Bound(namespace) => Ok(namespace.as_ref().to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(prefix) => Err(format!("the prefix {prefix} of {name} is not declared")),
    }
}
