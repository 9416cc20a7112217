//! Items as one text and the numbers that cut it into fields.

use url::Url;

use crate::model::{Attachment, Claim, ImageClaim, ItemMore, PersonClaim, RawArticle, Rights, Text, TextKind};

/// Items one behind the other. What was written is read back in the same order; there is no other way in.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed {
    /// All texts of all items.
    texts: String,
    /// Lengths and counts, seven bits a byte, the last of each number without the eighth.
    numbers: Vec<u8>,
    /// Kinds of evidence, which are some dozens.
    words: Vec<&'static str>,
    /// Addresses that others are relative to: mostly one for all items.
    bases: Vec<Url>,
    more: Vec<Option<Box<ItemMore>>>,
    fingerprints: Vec<u64>,
}

/// How far a reader is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    text: usize,
    number: usize,
    item: usize,
}

impl Packed {
    pub(super) fn len(&self) -> usize {
        self.fingerprints.len()
    }

    pub(super) fn left(&self, place: &Place) -> usize {
        self.len() - place.item
    }

    pub(super) fn push(&mut self, item: RawArticle) {
        self.optionals(&[&item.id, &item.external_url]);
        for claims in [
            &item.urls,
            &item.canonical_urls,
            &item.titles,
            &item.published,
            &item.modified,
            &item.languages,
            &item.summaries,
            &item.bodies,
            &item.tags,
            &item.sections,
            &item.site_names,
        ] {
            self.claims(claims);
        }
        self.number(item.authors.len() as u64);
        for author in &item.authors {
            self.word(author.from);
            self.optionals(&[&author.name, &author.url, &author.email]);
        }
        self.number(item.images.len() as u64);
        for image in &item.images {
            self.word(image.from);
            self.text(&image.url);
            self.measure(image.width.map(u64::from));
            self.measure(image.height.map(u64::from));
            self.optionals(&[&image.alt, &image.caption, &image.credit]);
        }
        self.number(item.attachments.len() as u64);
        for file in &item.attachments {
            self.text(&file.url);
            self.optionals(&[&file.mime_type, &file.title]);
            self.measure(file.size_in_bytes);
            self.measure(file.duration_in_seconds);
        }
        self.optionals(&[&item.rights.copyright, &item.rights.license]);
        self.number(item.rights.usage.len() as u64);
        item.rights.usage.iter().for_each(|signal| self.text(signal));
        self.base(item.base);
        if item.more.is_some() || !self.more.is_empty() {
            self.more.resize_with(self.fingerprints.len(), || None);
            self.more.push(item.more);
        }
        self.fingerprints.push(item.fingerprint);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.numbers.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.numbers.push(number.to_le_bytes()[0]);
    }

    fn measure(&mut self, measure: Option<u64>) {
        self.number(u64::from(measure.is_some()));
        if let Some(number) = measure {
            self.number(number);
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.texts.push_str(text);
    }

    fn optionals(&mut self, texts: &[&Option<String>]) {
        for text in texts {
            self.number(text.as_ref().map_or(0, |text| text.len() as u64 + 1));
            self.texts.push_str(text.as_deref().unwrap_or_default());
        }
    }

    fn word(&mut self, word: &'static str) {
        let known = self.words.iter().position(|known| *known == word);
        let index = known.unwrap_or_else(|| {
            self.words.push(word);
            self.words.len() - 1
        });
        self.number(index as u64);
    }

    fn claims(&mut self, claims: &[Claim]) {
        self.number(claims.len() as u64);
        for Claim { from, text } in claims {
            self.word(from);
            self.number(u64::from(text.kind == TextKind::Html));
            self.text(&text.text);
        }
    }

    fn base(&mut self, base: Option<Url>) {
        let Some(base) = base else { return self.number(0) };
        if self.bases.last() != Some(&base) {
            self.bases.push(base);
        }
        self.number(self.bases.len() as u64);
    }

    /// The next item; `None` behind the last.
    pub(super) fn next(&self, place: &mut Place) -> Option<RawArticle> {
        let fingerprint = *self.fingerprints.get(place.item)?;
        let more = self.more.get(place.item).cloned().flatten();
        let mut reader = Reader { packed: self, place: *place };
        let item = RawArticle { fingerprint, more, ..reader.article() };
        *place = Place { item: place.item + 1, ..reader.place };
        Some(item)
    }
}

/// Reads in the order in which [`Packed::push`] writes.
struct Reader<'a> {
    packed: &'a Packed,
    place: Place,
}

impl Reader<'_> {
    fn article(&mut self) -> RawArticle {
        RawArticle {
            id: self.optional(),
            external_url: self.optional(),
            urls: self.claims(),
            canonical_urls: self.claims(),
            titles: self.claims(),
            published: self.claims(),
            modified: self.claims(),
            languages: self.claims(),
            summaries: self.claims(),
            bodies: self.claims(),
            tags: self.claims(),
            sections: self.claims(),
            site_names: self.claims(),
            authors: self.list(|reader| PersonClaim {
                from: reader.word(),
                name: reader.optional(),
                url: reader.optional(),
                email: reader.optional(),
            }),
            images: self.list(|reader| ImageClaim {
                from: reader.word(),
                url: reader.text(),
                width: reader.size(),
                height: reader.size(),
                alt: reader.optional(),
                caption: reader.optional(),
                credit: reader.optional(),
            }),
            attachments: self.list(|reader| Attachment {
                url: reader.text(),
                mime_type: reader.optional(),
                title: reader.optional(),
                size_in_bytes: reader.measure(),
                duration_in_seconds: reader.measure(),
            }),
            rights: Rights { copyright: self.optional(), license: self.optional(), usage: self.list(Self::text) },
            base: self.count().checked_sub(1).and_then(|index| self.packed.bases.get(index).cloned()),
            fingerprint: 0,
            more: None,
        }
    }

    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let Some(byte) = self.packed.numbers.get(self.place.number) {
            self.place.number += 1;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        number
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(usize::MAX)
    }

    fn measure(&mut self) -> Option<u64> {
        (self.number() == 1).then(|| self.number())
    }

    fn size(&mut self) -> Option<u32> {
        self.measure().and_then(|size| u32::try_from(size).ok())
    }

    fn slice(&mut self, length: usize) -> String {
        let start = self.place.text;
        self.place.text += length;
        self.packed.texts.get(start..self.place.text).unwrap_or_default().to_owned()
    }

    fn text(&mut self) -> String {
        let length = self.count();
        self.slice(length)
    }

    fn optional(&mut self) -> Option<String> {
        let length = self.count().checked_sub(1)?;
        Some(self.slice(length))
    }

    fn word(&mut self) -> &'static str {
        let index = self.count();
        self.packed.words.get(index).copied().unwrap_or_default()
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.count()).map(|_| read(self)).collect()
    }

    fn claims(&mut self) -> Vec<Claim> {
        self.list(|reader| {
            let from = reader.word();
            let kind = if reader.number() == 1 { TextKind::Html } else { TextKind::Plain };
            Claim { from, text: Text { kind, text: reader.text() } }
        })
    }
}
