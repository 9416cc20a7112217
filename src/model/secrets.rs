//! What of a source's address came from the environment.

use std::fmt;

use url::Url;

/// The variables of an address: it is asked for with their values, which are neither stored nor shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<Secret>);

#[derive(Clone, PartialEq, Eq)]
struct Secret {
    /// As the config writes it: `${NAME}`.
    name: String,
    /// The value, in each way in which addresses spell it.
    spellings: Vec<String>,
}

impl Secrets {
    /// Those of variables with their values.
    #[must_use]
    pub fn new<'a>(variables: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let known = variables.into_iter().filter(|(_, value)| !value.is_empty());
        Self(known.map(|(name, value)| Secret { name: format!("${{{name}}}"), spellings: spellings(value) }).collect())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the first value begins in a text.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<usize> {
        self.0.iter().flat_map(|secret| &secret.spellings).filter_map(|value| text.find(value)).min()
    }

    /// A text with the variables' names in place of their values.
    #[must_use]
    pub fn veil(&self, text: &str) -> String {
        let mut veiled = text.to_owned();
        for secret in &self.0 {
            for value in &secret.spellings {
                if veiled.contains(value) {
                    veiled = veiled.replace(value, &secret.name);
                }
            }
        }
        veiled
    }

    /// A text that was [veiled](Self::veil), as it was.
    #[must_use]
    pub fn unveil(&self, text: &str) -> String {
        let values = self.0.iter().filter_map(|secret| Some((&secret.name, secret.spellings.first()?)));
        values.rev().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// An address that may be stored and shown: without a query or a fragment that holds a value, and of its path what
    /// stands before one.
    #[must_use]
    pub fn public(&self, url: &Url) -> Url {
        let mut public = url.clone();
        if public.query().is_some_and(|query| self.find(query).is_some()) {
            public.set_query(None);
        }
        if public.fragment().is_some_and(|fragment| self.find(fragment).is_some()) {
            public.set_fragment(None);
        }
        if let Some(at) = self.find(public.path()) {
            let before = &url.path()[..at];
            public.set_path(&before[..before.rfind('/').map_or(0, |slash| slash + 1)]);
            public.set_query(None);
        }
        public
    }
}

/// The value itself, as paths and queries have it, and with all percent-encoded that may be.
fn spellings(value: String) -> Vec<String> {
    let mut spellings = vec![value];
    if let Ok(mut url) = Url::parse("http://h/") {
        url.set_path(&spellings[0]);
        url.set_query(Some(&spellings[0]));
        spellings.push(url.path().trim_start_matches('/').to_owned());
        spellings.extend(url.query().map(str::to_owned));
    }
    spellings.extend([url::form_urlencoded::byte_serialize(spellings[0].as_bytes()).collect()]);
    spellings.retain(|spelling| !spelling.is_empty());
    let mut seen = std::collections::HashSet::new();
    spellings.retain(|spelling| seen.insert(spelling.clone()));
    spellings
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|secret| &secret.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        Secrets::new([("KEY", "k/1 ü".to_owned()), ("NONE", String::new()), ("T", "tok=2".to_owned())])
    }

    #[test]
    fn values_are_veiled_as_addresses_spell_them() {
        let rows = [
            ("https://a.example/k/1 ü/feed", "https://a.example/${KEY}/feed"),
            ("https://a.example/k/1%20%C3%BC/feed", "https://a.example/${KEY}/feed"),
            ("https://a.example/k%2F1+%C3%BC?t=tok=2", "https://a.example/${KEY}?t=${T}"),
            ("https://a.example/feed?t=tok%3D2", "https://a.example/feed?t=${T}"),
            ("https://a.example/feed", "https://a.example/feed"),
        ];
        for (plain, veiled) in rows {
            assert_eq!(secrets().veil(plain), veiled);
            let back = Url::parse(&secrets().unveil(veiled)).expect("an address");
            assert!(secrets().find(back.as_str()).is_some() == (plain != veiled), "{back}");
        }
        assert!(!format!("{:?}", secrets()).contains("tok"));
        assert!(Secrets::new([("NONE", String::new())]).is_empty());
    }

    #[test]
    fn what_may_be_shown_of_an_address() {
        let rows = [
            ("https://a.example/x/k/1%20%C3%BC/feed?page=2", "https://a.example/x/"),
            ("https://a.example/x/feed-tok=2.xml", "https://a.example/x/"),
            ("https://a.example/x?t=tok=2", "https://a.example/x"),
            ("https://a.example/x?page=2#tok=2", "https://a.example/x?page=2"),
        ];
        for (address, public) in rows {
            assert_eq!(secrets().public(&address.parse().expect("an address")).as_str(), public);
        }
    }
}
