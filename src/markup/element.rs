//! The elements that are told apart, and what the allow-list lets through.

/// Element names, lower case. `Other` is any that has no rule of its own.
#[rustfmt::skip]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    // allowed
    A, Abbr, Acronym, Area, Article, Aside, B, Bdi, Blockquote, Br, Caption, Center, Cite, Code, Col, Colgroup, Data,
    Dd, Del, Details, Dfn, Div, Dl, Dt, Em, Figcaption, Figure, Footer, H1, H2, H3, H4, H5, H6, Header, Hgroup, Hr, I,
    Img, Ins, Kbd, Li, Map, Mark, Nav, Ol, P, Pre, Q, Rp, Rt, Ruby, S, Samp, Small, Span, Strike, Strong, Sub, Summary,
    Sup, Table, Tbody, Td, Th, Thead, Time, Tr, Tt, U, Ul, Var, Wbr,
    // known, not allowed
    Audio, Big, Body, Button, Datalist, Embed, Font, Form, Head, Html, Iframe, Input, Link, Main, Math, Meta, Noembed,
    Noframes, Noscript, Object, Option, Param, Picture, Plaintext, Script, Section, Select, Source, Style, Svg,
    Template, Textarea, Tfoot, Title, Track, Video, Xmp,
    Other,
}

use Element as E;

impl Element {
    /// The element of a tag's name, in any case of letters.
    pub fn of(name: &str) -> Self {
        let mut lower = [0_u8; 10];
        let Some(slot) = lower.get_mut(..name.len()) else { return E::Other };
        for (to, from) in slot.iter_mut().zip(name.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Self::named(slot)
    }

    #[rustfmt::skip]
    fn named(name: &[u8]) -> Self {
        match name {
            b"a" => E::A, b"abbr" => E::Abbr, b"acronym" => E::Acronym, b"area" => E::Area, b"article" => E::Article,
            b"aside" => E::Aside, b"b" => E::B, b"bdi" => E::Bdi, b"blockquote" => E::Blockquote, b"br" => E::Br,
            b"caption" => E::Caption, b"center" => E::Center, b"cite" => E::Cite, b"code" => E::Code, b"col" => E::Col,
            b"colgroup" => E::Colgroup, b"data" => E::Data, b"dd" => E::Dd, b"del" => E::Del, b"details" => E::Details,
            b"dfn" => E::Dfn, b"div" => E::Div, b"dl" => E::Dl, b"dt" => E::Dt, b"em" => E::Em,
            b"figcaption" => E::Figcaption, b"figure" => E::Figure, b"footer" => E::Footer, b"h1" => E::H1,
            b"h2" => E::H2, b"h3" => E::H3, b"h4" => E::H4, b"h5" => E::H5, b"h6" => E::H6, b"header" => E::Header,
            b"hgroup" => E::Hgroup, b"hr" => E::Hr, b"i" => E::I, b"img" | b"image" => E::Img, b"ins" => E::Ins,
            b"kbd" => E::Kbd, b"li" => E::Li, b"map" => E::Map, b"mark" => E::Mark, b"nav" => E::Nav, b"ol" => E::Ol,
            b"p" => E::P, b"pre" => E::Pre, b"q" => E::Q, b"rp" => E::Rp, b"rt" => E::Rt, b"ruby" => E::Ruby,
            b"s" => E::S, b"samp" => E::Samp, b"small" => E::Small, b"span" => E::Span, b"strike" => E::Strike,
            b"strong" => E::Strong, b"sub" => E::Sub, b"summary" => E::Summary, b"sup" => E::Sup,
            b"table" => E::Table, b"tbody" => E::Tbody, b"td" => E::Td, b"th" => E::Th, b"thead" => E::Thead,
            b"time" => E::Time, b"tr" => E::Tr, b"tt" => E::Tt, b"u" => E::U, b"ul" => E::Ul, b"var" => E::Var,
            b"wbr" => E::Wbr,
            b"audio" => E::Audio, b"big" => E::Big, b"body" => E::Body, b"button" => E::Button,
            b"datalist" => E::Datalist, b"embed" => E::Embed, b"font" => E::Font, b"form" => E::Form,
            b"head" => E::Head, b"html" => E::Html, b"iframe" => E::Iframe, b"input" => E::Input, b"link" => E::Link,
            b"main" => E::Main, b"math" => E::Math, b"meta" => E::Meta, b"noembed" => E::Noembed,
            b"noframes" => E::Noframes, b"noscript" => E::Noscript, b"object" => E::Object, b"option" => E::Option,
            b"param" => E::Param, b"picture" => E::Picture, b"plaintext" => E::Plaintext, b"script" => E::Script,
            b"section" => E::Section, b"select" => E::Select, b"source" => E::Source, b"style" => E::Style,
            b"svg" => E::Svg, b"template" => E::Template, b"textarea" => E::Textarea, b"tfoot" => E::Tfoot,
            b"title" => E::Title, b"track" => E::Track, b"video" => E::Video, b"xmp" => E::Xmp,
            _ => E::Other,
        }
    }

    /// The name in output; `None` where the element is not allowed.
    #[rustfmt::skip]
    pub const fn output_name(self) -> Option<&'static str> {
        Some(match self {
            E::A => "a", E::Abbr => "abbr", E::Acronym => "acronym", E::Area => "area", E::Article => "article",
            E::Aside => "aside", E::B => "b", E::Bdi => "bdi", E::Blockquote => "blockquote", E::Br => "br",
            E::Caption => "caption", E::Center => "center", E::Cite => "cite", E::Code => "code", E::Col => "col",
            E::Colgroup => "colgroup", E::Data => "data", E::Dd => "dd", E::Del => "del", E::Details => "details",
            E::Dfn => "dfn", E::Div => "div", E::Dl => "dl", E::Dt => "dt", E::Em => "em",
            E::Figcaption => "figcaption", E::Figure => "figure", E::Footer => "footer", E::H1 => "h1", E::H2 => "h2",
            E::H3 => "h3", E::H4 => "h4", E::H5 => "h5", E::H6 => "h6", E::Header => "header", E::Hgroup => "hgroup",
            E::Hr => "hr", E::I => "i", E::Img => "img", E::Ins => "ins", E::Kbd => "kbd", E::Li => "li",
            E::Map => "map", E::Mark => "mark", E::Nav => "nav", E::Ol => "ol", E::P => "p", E::Pre => "pre",
            E::Q => "q", E::Rp => "rp", E::Rt => "rt", E::Ruby => "ruby", E::S => "s", E::Samp => "samp",
            E::Small => "small", E::Span => "span", E::Strike => "strike", E::Strong => "strong", E::Sub => "sub",
            E::Summary => "summary", E::Sup => "sup", E::Table => "table", E::Td => "td", E::Th => "th",
            E::Thead => "thead", E::Time => "time", E::Tr => "tr", E::Tt => "tt", E::U => "u", E::Ul => "ul",
            E::Var => "var", E::Wbr => "wbr",
            // the allow-list has no tfoot: its rows are rows
            E::Tbody | E::Tfoot => "tbody",
            _ => return None,
        })
    }

    pub const fn is_void(self) -> bool {
        matches!(
            self,
            E::Area
                | E::Br
                | E::Col
                | E::Embed
                | E::Hr
                | E::Img
                | E::Input
                | E::Link
                | E::Meta
                | E::Param
                | E::Source
                | E::Track
                | E::Wbr
        )
    }

    /// Whether nothing inside is for readers.
    pub const fn is_dropped_whole(self) -> bool {
        matches!(
            self,
            E::Button
                | E::Datalist
                | E::Head
                | E::Math
                | E::Noembed
                | E::Noframes
                | E::Option
                | E::Script
                | E::Select
                | E::Style
                | E::Svg
                | E::Template
                | E::Textarea
                | E::Title
                | E::Xmp
        )
    }

    /// Whether its content is text to the tokenizer, whatever it looks like.
    pub const fn is_raw_text(self) -> bool {
        matches!(self, E::Script | E::Style | E::Textarea | E::Title | E::Xmp | E::Iframe | E::Noembed | E::Noframes)
    }

    /// Whether its start ends an open paragraph (HTML §13.2.6.4.7).
    pub const fn ends_paragraph(self) -> bool {
        matches!(
            self,
            E::Article
                | E::Aside
                | E::Blockquote
                | E::Center
                | E::Dd
                | E::Details
                | E::Div
                | E::Dl
                | E::Dt
                | E::Figcaption
                | E::Figure
                | E::Footer
                | E::Form
                | E::H1
                | E::H2
                | E::H3
                | E::H4
                | E::H5
                | E::H6
                | E::Header
                | E::Hgroup
                | E::Hr
                | E::Li
                | E::Main
                | E::Nav
                | E::Ol
                | E::P
                | E::Pre
                | E::Section
                | E::Summary
                | E::Table
                | E::Ul
                | E::Xmp
        )
    }

    /// Whether text before and after it stands on lines of its own, a blank line between.
    pub const fn is_block(self) -> bool {
        self.ends_paragraph() && !matches!(self, E::Li | E::Dd | E::Dt | E::Xmp)
            || matches!(self, E::Caption | E::Body | E::Iframe | E::Video | E::Audio)
    }

    pub const fn is_heading(self) -> bool {
        matches!(self, E::H1 | E::H2 | E::H3 | E::H4 | E::H5 | E::H6)
    }

    /// Whether a browser opens it again where it was closed by another's end (HTML §13.2.4.3).
    pub const fn is_formatting(self) -> bool {
        matches!(
            self,
            E::A | E::B
                | E::Big
                | E::Code
                | E::Em
                | E::Font
                | E::I
                | E::S
                | E::Small
                | E::Strike
                | E::Strong
                | E::Tt
                | E::U
        )
    }

    /// Whether only rows, cells and the like may stand directly in it.
    pub const fn is_table_context(self) -> bool {
        matches!(self, E::Table | E::Tbody | E::Tfoot | E::Thead | E::Tr | E::Colgroup)
    }

    /// Whether it begins a scope that end tags inside do not reach out of.
    pub const fn is_cell(self) -> bool {
        matches!(self, E::Td | E::Th | E::Caption)
    }

    /// Whether it may stand in a table context only.
    pub const fn is_table_part(self) -> bool {
        matches!(self, E::Caption | E::Col | E::Colgroup | E::Tbody | E::Tfoot | E::Thead | E::Tr | E::Td | E::Th)
    }

    /// Whether it may stand directly in `parent`, both parts of a table.
    pub const fn fits_in(self, parent: Self) -> bool {
        match self {
            E::Caption | E::Colgroup | E::Tbody | E::Tfoot | E::Thead => matches!(parent, E::Table),
            E::Col => matches!(parent, E::Table | E::Colgroup),
            E::Tr => matches!(parent, E::Table | E::Tbody | E::Tfoot | E::Thead),
            E::Td | E::Th => matches!(parent, E::Tr),
            _ => false,
        }
    }

    /// Whether its end tag may be left out where its parent ends.
    pub const fn has_optional_end(self) -> bool {
        matches!(
            self,
            E::P | E::Li
                | E::Dd
                | E::Dt
                | E::Td
                | E::Th
                | E::Tr
                | E::Tbody
                | E::Tfoot
                | E::Thead
                | E::Colgroup
                | E::Rt
                | E::Rp
        )
    }
}

/// What an attribute holds, or that it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Address,
    Nothing,
}

/// What the allow-list says of an attribute; `name` in lower case.
#[rustfmt::skip]
pub(super) fn allowed(element: Element, name: &str) -> Holds {
    match (element, name) {
        (E::A, "href") | (E::Blockquote | E::Del | E::Ins | E::Q, "cite") | (E::Img, "src") => Holds::Address,
        (_, "lang" | "title") | (E::A, "hreflang") | (E::Del | E::Ins, "datetime") | (E::Ol, "start")
        | (E::Col | E::Colgroup | E::Table | E::Tbody | E::Tfoot | E::Td | E::Th | E::Thead | E::Tr, "align" | "char" | "charoff")
        | (E::Col | E::Colgroup, "span") | (E::Hr, "align" | "size" | "width")
        | (E::Img, "align" | "alt" | "height" | "width") | (E::Table, "summary")
        | (E::Td | E::Th, "colspan" | "headers" | "rowspan") | (E::Th, "scope") => Holds::Text,
        _ => Holds::Nothing,
    }
}
