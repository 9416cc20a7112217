//! XML namespaces: which vocabulary an element belongs to.
//!
//! The URI decides where one is declared and known; else the prefix that everybody uses for it.
//! Writers misspell URIs (case, scheme, a missing slash) more often than they mean another one.

/// A vocabulary that feeds use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ns {
    /// No namespace, or one of the many of RSS itself.
    Plain,
    Atom,
    Rdf,
    Dc,
    DcTerms,
    Content,
    Media,
    Itunes,
    Podcast,
    Chapters,
    GeoRss,
    Gml,
    Geo,
    Slash,
    Thread,
    Syndication,
    History,
    License,
    CommentApi,
    FeedBurner,
    Admin,
    Foaf,
    Prism,
    Xhtml,
    /// Declared, but nothing that is read here.
    Other,
}

/// The namespace of a declared URI; `None` where it is unknown.
#[must_use]
pub fn by_uri(uri: &str) -> Option<Ns> {
    let uri = uri.trim();
    let uri = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://")).unwrap_or(uri);
    let uri = uri.trim_end_matches(['/', '#']);
    TABLE.iter().find(|(known, _)| known.eq_ignore_ascii_case(uri)).map(|&(_, ns)| ns)
}

/// The namespace that a prefix stands for by convention.
#[must_use]
pub fn by_prefix(prefix: &str) -> Option<Ns> {
    PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix)).map(|&(_, ns)| ns)
}

/// Known URIs without scheme and without "/" or "#" at their end.
const TABLE: [(&str, Ns); 63] = [
    ("www.w3.org/2005/Atom", Ns::Atom),
    ("purl.org/dc/elements/1.1", Ns::Dc),
    ("purl.org/rss/1.0/modules/content", Ns::Content),
    ("search.yahoo.com/mrss", Ns::Media),
    ("www.itunes.com/dtds/podcast-1.0.dtd", Ns::Itunes),
    ("wellformedweb.org/CommentAPI", Ns::CommentApi),
    ("purl.org/rss/1.0/modules/syndication", Ns::Syndication),
    ("purl.org/rss/1.0/modules/slash", Ns::Slash),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", Ns::Rdf),
    ("www.w3.org/1999/xhtml", Ns::Xhtml),
    ("purl.org/rss/1.0", Ns::Plain),
    ("my.netscape.com/rdf/simple/0.9", Ns::Plain),
    ("my.netscape.com/publish/formats/rss-0.91.dtd", Ns::Plain),
    ("channel.netscape.com/rdf/simple/0.9", Ns::Plain),
    ("purl.org/net/rss1.1", Ns::Plain),
    ("backend.userland.com/RSS2", Ns::Plain),
    ("backend.userland.com/rss", Ns::Plain),
    ("backend.userland.com/rss091", Ns::Plain),
    ("backend.userland.com/RSS2.0", Ns::Plain),
    ("blogs.law.harvard.edu/tech/rss", Ns::Plain),
    ("cyber.law.harvard.edu/rss/rss.html", Ns::Plain),
    ("example.com/newformat", Ns::Plain),
    ("example.com/necho", Ns::Plain),
    ("purl.org/echo", Ns::Plain),
    ("uri/of/echo/namespace", Ns::Plain),
    ("purl.org/pie", Ns::Plain),
    ("purl.org/atom/ns", Ns::Atom),
    ("purl.org/atom/app", Ns::Other),
    ("www.w3.org/2007/app", Ns::Other),
    ("example.com/DTDs/PodCast-1.0.dtd", Ns::Itunes),
    ("www.itunes.com/dtds/podcast-2.0.dtd", Ns::Itunes),
    ("www.apple.com/itunes/podcasts/specs.html", Ns::Itunes),
    ("podcastindex.org/namespace/1.0", Ns::Podcast),
    ("github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Ns::Podcast),
    ("podlove.org/simple-chapters", Ns::Chapters),
    ("purl.org/dc/terms", Ns::DcTerms),
    ("purl.org/dc/elements/1.0", Ns::Dc),
    ("purl.org/metadata/dublin_core", Ns::Dc),
    ("dublincore.org/documents/dcmi-namespace", Ns::Dc),
    ("search.yahoo.com/mrss/rss", Ns::Media),
    ("video.search.yahoo.com/mrss", Ns::Media),
    ("www.rssboard.org/media-rss", Ns::Media),
    ("tools.search.yahoo.com/mrss", Ns::Media),
    ("www.georss.org/georss", Ns::GeoRss),
    ("www.georss.org/georss/10", Ns::GeoRss),
    ("www.opengis.net/gml", Ns::Gml),
    ("www.w3.org/2003/01/geo/wgs84_pos", Ns::Geo),
    ("purl.org/syndication/thread/1.0", Ns::Thread),
    ("purl.org/syndication/history/1.0", Ns::History),
    ("backend.userland.com/creativeCommonsRssModule", Ns::License),
    ("cyber.law.harvard.edu/rss/creativeCommonsRssModule.html", Ns::License),
    ("web.resource.org/cc", Ns::License),
    ("creativecommons.org/ns", Ns::License),
    ("rssnamespace.org/feedburner/ext/1.0", Ns::FeedBurner),
    ("webns.net/mvcb", Ns::Admin),
    ("xmlns.com/foaf/0.1", Ns::Foaf),
    ("prismstandard.org/namespaces/1.2/basic", Ns::Prism),
    ("prismstandard.org/namespaces/basic/2.0", Ns::Prism),
    ("purl.org/rss/1.0/modules/prism", Ns::Prism),
    ("www.w3.org/2000/svg", Ns::Other),
    ("www.w3.org/1998/Math/MathML", Ns::Other),
    ("www.google.com/schemas/play-podcasts/1.0", Ns::Itunes),
    ("my.theinfo.org/changed/1.0/rss", Ns::Other),
];

const PREFIXES: [(&str, Ns); 34] = [
    ("atom", Ns::Atom),
    ("atom10", Ns::Atom),
    ("atom03", Ns::Atom),
    ("a10", Ns::Atom),
    ("rdf", Ns::Rdf),
    ("rss", Ns::Plain),
    ("rss09", Ns::Plain),
    ("rss1", Ns::Plain),
    ("dc", Ns::Dc),
    ("dcterms", Ns::DcTerms),
    ("content", Ns::Content),
    ("media", Ns::Media),
    ("itunes", Ns::Itunes),
    ("podcast", Ns::Podcast),
    ("psc", Ns::Chapters),
    ("georss", Ns::GeoRss),
    ("gml", Ns::Gml),
    ("geo", Ns::Geo),
    ("slash", Ns::Slash),
    ("thr", Ns::Thread),
    ("sy", Ns::Syndication),
    ("fh", Ns::History),
    ("cc", Ns::License),
    ("creativecommons", Ns::License),
    ("wfw", Ns::CommentApi),
    ("feedburner", Ns::FeedBurner),
    ("admin", Ns::Admin),
    ("foaf", Ns::Foaf),
    ("prism", Ns::Prism),
    ("xhtml", Ns::Xhtml),
    ("xht", Ns::Xhtml),
    ("html", Ns::Xhtml),
    ("googleplay", Ns::Itunes),
    ("mrss", Ns::Media),
];
