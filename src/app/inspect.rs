//! `inspect`: what Feedmill sees in an address or a file.

mod people;
mod requests;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Ended, output, setup};
use crate::address;
use crate::cli::{DEFAULT_CONFIG, InspectArgs, ReadAs, exit};
use crate::dates::{self, Hints};
use crate::extract::{self, As};
use crate::gather::{self, Answer, Class, Fetch};
use crate::markup;
use crate::model::{
    Article, Dated, Document, Extracted, ItemMore, Presented, RawArticle, RawItems, SourceFeed, SourceListing, Text,
    TextKind, Warning,
};
use crate::normalize;
use crate::report::{self, ItemJson, Shown, ShownFeed, Written};
use requests::Request;

/// Shows every input in the order given; one that cannot be read costs no other.
pub async fn inspect(config: &Path, args: InspectArgs) -> Result<u8, Ended> {
    // looking needs no config; one that was asked for must be there
    let is_default = config == Path::new(DEFAULT_CONFIG);
    let config = if is_default && !config.exists() { None } else { Some(setup::load(config)?) };
    let looker = Looker {
        now: config.as_ref().map_or_else(setup::real_now, setup::now),
        as_json: args.json || args.explain || args.batch,
        explain: args.explain,
    };
    if args.batch {
        return requests::serve(&looker).await;
    }
    let read_as = match args.read_as {
        None => As::Sniff,
        Some(ReadAs::Feed) => As::SaidFeed,
        Some(ReadAs::Listing) => As::Listing,
        Some(ReadAs::Article) => As::Article,
    };
    let mut fetch: Option<Arc<dyn Fetch>> = None;
    let mut failed = 0;
    for input in &args.inputs {
        let document = if input.starts_with("http://") || input.starts_with("https://") {
            let fetch = match &fetch {
                Some(fetch) => Arc::clone(fetch),
                None => Arc::clone(fetch.insert(setup::inspector(config.as_ref())?)),
            };
            fetched(fetch.as_ref(), (input, read_as), looker.now).await
        } else {
            let request = Request { path: input.into(), base_url: args.base_url.clone(), ..Request::default() };
            requests::document(&request, looker.now)
        };
        let seen = looker.look(input, document, read_as).await;
        failed += usize::from(seen.is_error);
        if seen.is_error && !looker.as_json {
            output::say(&seen.text);
        } else {
            output::print(&seen.text)?;
        }
    }
    Ok(if failed == 0 {
        exit::OK
    } else if failed == args.inputs.len() {
        exit::ALL_SOURCES_FAILED
    } else {
        exit::SOME_SOURCES_FAILED
    })
}

/// One document from the web, asked for as what it is to be read as.
async fn fetched(fetch: &dyn Fetch, (address, read_as): (&str, As), now: DateTime<Utc>) -> Result<Document, String> {
    let url = address.parse().map_err(|error| format!("not an address: {error}"))?;
    let class = match read_as {
        As::Article => Class::Page,
        As::Listing => Class::Listing,
        As::Feed => Class::Feed,
        _ => Class::of_unknown(&url),
    };
    let fetched = fetch.fetch(gather::Request::new(url, class, now)).await.map_err(|error| error.to_string())?;
    match fetched.answer {
        Answer::Document(document) => Ok(document),
        Answer::NotModified => Err("the outlet answered 304 to a first request".to_owned()),
    }
}

/// What was seen in one input.
struct Seen {
    /// As JSON on one line, or for people.
    text: String,
    is_error: bool,
}

/// Looks at documents.
#[derive(Clone, Copy)]
struct Looker {
    now: DateTime<Utc>,
    as_json: bool,
    explain: bool,
}

impl Looker {
    fn error(self, input: &str, message: &str, place: Option<(u32, u32)>) -> Seen {
        let text = match place {
            _ if self.as_json => report::error_line(input, message, place),
            Some((line, column)) => format!("{input}:{line}:{column}: {message}"),
            None => format!("{input}: {message}"),
        };
        Seen { text, is_error: true }
    }

    /// Looks at one document on a thread of its own, so that a fault costs this input only.
    async fn look(self, input: &str, document: Result<Document, String>, read_as: As) -> Seen {
        let document = match document {
            Ok(document) => document,
            Err(message) => return self.error(input, &message, None),
        };
        let name = input.to_owned();
        match tokio::task::spawn_blocking(move || self.see(&name, &document, read_as)).await {
            Ok(seen) => seen,
            Err(error) => self.error(input, &format!("a fault in the program: {error}"), None),
        }
    }

    fn see(self, input: &str, document: &Document, read_as: As) -> Seen {
        let request = extract::Request { read_as, more: true, now: self.now };
        match extract::extract(document, &request) {
            Ok(Extracted::Feed { feed, items, warnings }) => self.feed(input, (*feed, items), &warnings),
            Ok(Extracted::Article { article, .. }) => {
                let shown = self.present(*article, None);
                let item = self.json(&shown);
                let text = if self.as_json { report::article_line(input, &item) } else { people::article(&shown) };
                Seen { text, is_error: false }
            }
            Ok(Extracted::Listing { listing, items }) => self.listing(input, &listing, items),
            Err(error) => self.error(input, &error.message, error.line.zip(error.column)),
        }
    }

    fn feed(self, input: &str, (mut feed, items): (SourceFeed, RawItems), warnings: &[Warning]) -> Seen {
        if let Some(more) = &mut feed.more {
            report::show_feed_dates(more, &|text| self.date(Some(text), feed.language.as_deref()));
        }
        // one item after the other, since a feed may have a hundred thousand
        let items = items.into_iter().map(|raw| {
            let item = self.present(raw, Some(&feed));
            if self.as_json { report::item_json(&self.json(&item)) } else { people::item(&item) }
        });
        let title = feed.title.as_ref().filter(|title| !title.is_blank()).map(markup::inline_text);
        let description = feed.description.as_ref().map(|text| match text.kind {
            TextKind::Html => markup::clean_as_written(&text.text),
            TextKind::Plain => text.text.trim().to_owned(),
        });
        let date = |text: &Option<String>| self.date(text.as_deref(), feed.language.as_deref());
        let (published, modified) = (date(&feed.published), date(&feed.modified));
        let head = ShownFeed {
            feed: &feed,
            title: title.as_deref(),
            description: description.as_deref(),
            published: published.as_ref(),
            modified: modified.as_ref(),
            warnings,
        };
        let text = if self.as_json { report::feed_line(input, &head, items) } else { people::feed(&head, items) };
        Seen { text, is_error: false }
    }

    fn listing(self, input: &str, listing: &SourceListing, items: Vec<RawArticle>) -> Seen {
        if listing.rung == "sitemap-index" && !self.as_json {
            return Seen { text: people::sitemap_index(listing), is_error: false };
        }
        let items = items.into_iter().map(|raw| {
            let item = self.present(raw, None);
            if self.as_json { report::item_json(&self.json(&item)) } else { people::item(&item) }
        });
        let text =
            if self.as_json { report::listing_line(input, listing, items) } else { people::listing(listing, items) };
        Seen { text, is_error: false }
    }

    fn date(self, text: Option<&str>, language: Option<&str>) -> Option<Dated> {
        let when = dates::parse_absolute(text?, &Hints { language, ..Hints::at(self.now) })?;
        Some(dates::place(when, None))
    }

    fn present(self, mut raw: RawArticle, feed: Option<&SourceFeed>) -> Item {
        let mut more = raw.more.take();
        let has_title = raw.titles.iter().any(|claim| !claim.text.is_blank());
        let context =
            normalize::Context { source: None, feed, now: self.now, clock: None, outlet_names: &[], explains: true };
        let article = normalize::article(raw, &context);
        let feed_language = feed.and_then(|feed| feed.language.as_deref());
        if let Some(more) = &mut more {
            let language = article.language.as_deref().or(feed_language);
            report::show_item_dates(more, &|text| self.date(Some(text), language));
        }
        let given = normalize::Given { feed_language, ..normalize::Given::default() };
        let presented = normalize::present(&article, &given);
        let has_blank_title = has_title && article.title.is_none();
        let written = is_homeless(&article).then(|| {
            let as_written = |text: &Option<Text>| {
                let html = text.as_ref().filter(|text| text.kind == TextKind::Html)?;
                Some(markup::clean_as_written(&html.text))
            };
            Written { summary: as_written(&article.summary), body: as_written(&article.body) }
        });
        Item { article, presented, written, more, has_blank_title }
    }

    fn json(self, item: &Item) -> ItemJson<'_> {
        Shown {
            article: &item.article,
            presented: &item.presented,
            written: item.written.as_ref(),
            more: item.more.as_deref(),
            has_blank_title: item.has_blank_title,
            explain: self.explain,
        }
        .into()
    }
}

/// Whether nothing is known that the relative addresses of an article could be resolved against: a local
/// file that was not said to come from anywhere.
fn is_homeless(article: &Article) -> bool {
    let base = article.base.as_deref().or(article.url.as_deref());
    base.is_none_or(|base| address::parse(base).is_none())
}

/// One item, normalized and presented.
struct Item {
    article: Article,
    presented: Presented,
    written: Option<Written>,
    more: Option<Box<ItemMore>>,
    has_blank_title: bool,
}

impl Item {
    /// The title, else the first words of the text.
    fn headline(&self) -> String {
        let title = self.article.title.clone();
        title
            .or_else(|| self.presented.summary.as_deref().map(|text| markup::inline_text(&Text::plain(text))))
            .unwrap_or_default()
    }
}
