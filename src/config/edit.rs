//! Changes to the config file that leave comments, order and spelling of everything else as they are.
//!
//! `toml_edit` keeps each byte that it does not change; a block that was only appended would stand
//! behind the feeds, and inside the last one where the file ends in a table without a line end.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// A `[[source]]` block that is to be written.
#[derive(Clone, Debug, Default)]
pub struct NewSource {
    pub id: String,
    pub url: String,
    pub kind: Option<&'static str>,
    pub title: Option<String>,
}

impl NewSource {
    /// The block by itself.
    #[must_use]
    pub fn block(&self) -> String {
        let mut document = DocumentMut::new();
        let mut list = ArrayOfTables::new();
        list.push(self.table());
        document.insert("source", Item::ArrayOfTables(list));
        document.to_string().trim_start().to_owned()
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.insert("id", value(&self.id));
        table.insert("url", value(written(&self.url)));
        if let Some(kind) = self.kind {
            table.insert("kind", value(kind));
        }
        if let Some(title) = &self.title {
            table.insert("title", value(written(title)));
        }
        table.decor_mut().set_prefix("\n");
        table
    }
}

/// A value as the file spells it: what an outlet calls itself must not name a variable, nor hold signs
/// that no config may have.
fn written(text: &str) -> String {
    const LONGEST: usize = 200;
    let shown: String = text.chars().filter(|character| !character.is_control()).take(LONGEST).collect();
    shown.trim().replace("${", "$${")
}

/// The text of a config with a further source behind its last one.
///
/// # Errors
/// The text is no TOML, or its sources are no `[[source]]` blocks: in words for people.
pub fn add_source(text: &str, new: &NewSource) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let item = document.entry("source").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Item::ArrayOfTables(list) = item else {
        return Err("its sources are no [[source]] blocks, so no block can be put behind them".to_owned());
    };
    list.push(new.table());
    Ok(document.to_string())
}

/// An id for an address: the name of its registrable domain, with a number where that is taken.
#[must_use]
pub fn free_id(host: &str, is_taken: &dyn Fn(&str) -> bool) -> String {
    const LONGEST: usize = 56;
    let domain = crate::address::registrable_domain(host);
    let name = domain.split('.').next().unwrap_or(domain).to_ascii_lowercase();
    let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
    let name: String = name.chars().map(plain).take(LONGEST).collect();
    let name = Some(name.trim_matches('-')).filter(|name| !name.is_empty()).unwrap_or("source").to_owned();
    if !is_taken(&name) {
        return name;
    }
    (2..=u16::MAX).map(|number| format!("{name}-{number}")).find(|id| !is_taken(id)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewSource {
        NewSource {
            id: "b".into(),
            url: "https://b.example/".into(),
            kind: Some("listing"),
            title: Some("The \"B\" paper".into()),
        }
    }

    #[test]
    fn the_block_stands_behind_the_last_source_and_all_else_stays() {
        let before = "# mine\nstate = 'x.db'   # here\n\n[[source]]   # first\nid = \"a\"\nurl = \"https://a.example/\"\n\n[source.select]\nitem = \"li\" # odd\n\n# the feeds\n[[feed]]\nid = \"all\"";
        let after = add_source(before, &new()).unwrap();
        let (head, tail) = before.split_once("\n# the feeds").unwrap();
        let block =
            "\n[[source]]\nid = \"b\"\nurl = \"https://b.example/\"\nkind = \"listing\"\ntitle = 'The \"B\" paper'\n";
        assert_eq!(after.trim_end(), format!("{head}{block}\n# the feeds{tail}"));
    }

    #[test]
    fn a_config_without_sources_gets_its_first() {
        let after = add_source("[site]\nbase_url = \"https://f.example/\"\n", &new()).unwrap();
        assert!(after.starts_with("[site]\nbase_url = \"https://f.example/\"\n\n[[source]]\nid = \"b\""), "{after}");
        assert!(add_source("source = []\n", &new()).is_err());
        assert!(add_source("source = [\n", &new()).is_err());
    }

    #[test]
    fn an_outlets_name_is_no_variable() {
        let new = NewSource { title: Some("A ${HOME}\u{7}".into()), ..new() };
        assert!(new.block().contains("title = \"A $${HOME}\""), "{}", new.block());
    }

    #[test]
    fn ids_are_free() {
        let taken = ["courier", "courier-2"];
        let is_taken = |id: &str| taken.contains(&id);
        assert_eq!(free_id("www.courier.example", &is_taken), "courier-3");
        assert_eq!(free_id("news.Gazette.co.uk", &is_taken), "gazette");
        assert_eq!(free_id("127.0.0.1", &is_taken), "127");
    }
}
