//! One table of the file, read key by key.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Found;
use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Node, Reader, Refusal, Text, one_of};

/// One table of the file, with the section that says what may stand in it.
pub(super) struct Table<'a> {
    section: &'static Section,
    entries: &'a DeTable<'a>,
    pub span: Range<usize>,
}

impl<'a> Table<'a> {
    /// Opens a table; unknown keys and missing required ones become problems.
    pub fn open(section: &'static Section, entries: &'a DeTable<'a>, at: (Range<usize>, &mut Reader<'a>)) -> Self {
        let (span, reader) = at;
        for key in entries.keys() {
            let name: &str = key.get_ref();
            if section.setting(name).is_none() {
                let mut found = Found::new(key.span(), format!("unknown key `{name}` in {}", section.name));
                // A key that is quoted may hold anything; the message shows it on one line.
                found.message = found.message.replace(char::is_control, " ");
                found.suggestion = reader.did_you_mean(name, section.settings.iter().map(|setting| setting.key));
                reader.report(found);
            }
        }
        for setting in section.settings {
            if matches!(setting.absent, Absent::Required) && !entries.contains_key(setting.key) {
                let message = format!("{} lacks `{}`: {}", section.name, setting.key, first_sentence(setting.doc));
                reader.report(Found::new(span.clone(), message));
            }
        }
        Self { section, entries, span }
    }

    /// The setting of a key that the section's own reader asks for, with what the file says.
    fn get(&self, key: &str) -> Option<(&'static Setting, &'a Node<'a>)> {
        let setting = self.section.setting(key);
        debug_assert!(setting.is_some(), "{key} is not in the table of options");
        Some((setting?, self.entries.get(key)?))
    }

    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Where a key's value stands, else the table's own place.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.entries.get(key).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// A string.
    pub fn text(&self, key: &str, reader: &mut Reader<'a>) -> Option<Text<'a>> {
        let (setting, node) = self.get(key)?;
        let text = reader.text(setting, node)?;
        if let Shape::OneOf(words) = setting.shape {
            return one_of(words, &text, reader).map(|_| text);
        }
        Some(text)
    }

    /// A string, owned.
    pub fn string(&self, key: &str, reader: &mut Reader<'a>) -> Option<String> {
        self.text(key, reader).map(Text::into_string)
    }

    /// A list of strings (or one, where the setting allows it); empty where the key is left out.
    pub fn texts(&self, key: &str, reader: &mut Reader<'a>) -> Vec<Text<'a>> {
        let Some((setting, node)) = self.get(key) else { return Vec::new() };
        let nodes: &'a [Node<'a>] = match (node.get_ref(), setting.shape) {
            (DeValue::Array(list), _) => list,
            (DeValue::String(_), Shape::TextOrTexts) => std::slice::from_ref(node),
            _ => {
                reader.wrong_type(key, setting.shape, node);
                return Vec::new();
            }
        };
        let mut texts = Vec::with_capacity(nodes.len());
        for node in nodes {
            let Some(text) = reader.text(setting, node) else { continue };
            match setting.shape {
                Shape::SomeOf(words) if one_of(words, &text, reader).is_none() => {}
                _ => texts.push(text),
            }
        }
        texts
    }

    /// A list of strings, owned.
    pub fn strings(&self, key: &str, reader: &mut Reader<'a>) -> Vec<String> {
        self.texts(key, reader).into_iter().map(Text::into_string).collect()
    }

    /// Each string of a list, read by `parse`.
    pub fn parse_each<T>(
        &self,
        key: &str,
        reader: &mut Reader<'a>,
        parse: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Vec<T> {
        self.texts(key, reader).iter().filter_map(|text| reader.parse(text, &parse)).collect()
    }

    /// A string, read by `parse`.
    pub fn parse<T>(
        &self,
        key: &str,
        reader: &mut Reader<'a>,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let text = self.text(key, reader)?;
        reader.parse(&text, parse)
    }

    /// True or false.
    pub fn flag(&self, key: &str, reader: &mut Reader<'a>) -> Option<bool> {
        let (setting, node) = self.get(key)?;
        if let DeValue::Boolean(flag) = node.get_ref() {
            return Some(*flag);
        }
        reader.wrong_type(key, setting.shape, node);
        None
    }

    /// A whole number within the setting's limits.
    pub fn count(&self, key: &str, reader: &mut Reader<'a>) -> Option<u32> {
        let (setting, node) = self.get(key)?;
        let (DeValue::Integer(number), Shape::Count(least, most)) = (node.get_ref(), setting.shape) else {
            reader.wrong_type(key, setting.shape, node);
            return None;
        };
        let count = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let count = count.filter(|count| (least..=most).contains(count));
        if count.is_none() {
            reader.report(Found::new(node.span(), format!("`{key}` takes a number from {least} to {most}")));
        }
        count
    }

    /// The value as it stands, for the shapes that only one section has.
    pub fn node(&self, key: &str) -> Option<&'a Node<'a>> {
        self.get(key).map(|(_, node)| node)
    }

    /// Notes that a value has none of the types its key takes.
    pub fn wrong_type(&self, key: &str, reader: &mut Reader<'a>) {
        if let Some((setting, node)) = self.get(key) {
            reader.wrong_type(key, setting.shape, node);
        }
    }

    /// The table below a key; `None` where it is left out.
    pub fn table(&self, key: &str, reader: &mut Reader<'a>) -> Option<Table<'a>> {
        let (setting, node) = self.get(key)?;
        let (DeValue::Table(entries), Shape::Table(section)) = (node.get_ref(), setting.shape) else {
            reader.wrong_type(key, setting.shape, node);
            return None;
        };
        Some(Self::open(section, entries, (node.span(), reader)))
    }

    /// The tables of a list of tables.
    pub fn tables(&self, key: &str, reader: &mut Reader<'a>) -> Vec<Table<'a>> {
        let Some((setting, node)) = self.get(key) else { return Vec::new() };
        let (DeValue::Array(list), Shape::Tables(section)) = (node.get_ref(), setting.shape) else {
            reader.wrong_type(key, setting.shape, node);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(list.len());
        for node in list {
            match node.get_ref() {
                DeValue::Table(entries) => tables.push(Self::open(section, entries, (node.span(), reader))),
                _ => reader.wrong_type(key, setting.shape, node),
            }
        }
        tables
    }

    /// The operator's own keys and strings below a key.
    pub fn pairs(&self, key: &str, reader: &mut Reader<'a>) -> Vec<(Text<'a>, Text<'a>)> {
        let Some((setting, node)) = self.get(key) else { return Vec::new() };
        let DeValue::Table(entries) = node.get_ref() else {
            reader.wrong_type(key, setting.shape, node);
            return Vec::new();
        };
        let mut pairs = Vec::with_capacity(entries.len());
        for (name, node) in entries {
            let raw: &'a str = name.get_ref();
            let name = Text { value: Cow::Borrowed(raw), raw, span: name.span(), secret: false };
            if let Some(value) = reader.text(setting, node) {
                pairs.push((name, value));
            }
        }
        pairs.sort_by_key(|(name, _)| name.span.start);
        pairs
    }
}

fn first_sentence(doc: &str) -> &str {
    doc.split_once(". ").map_or(doc, |(first, _)| first).trim_end_matches('.')
}
