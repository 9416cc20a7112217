//! Hostile documents: what stands before, a piece again and again, and what stands behind.

pub struct Shape {
    pub name: &'static str,
    pub before: &'static str,
    pub piece: &'static str,
    pub behind: &'static str,
}

impl Shape {
    pub fn of(&self, pieces: usize) -> String {
        [self.before, &self.piece.repeat(pieces), self.behind].concat()
    }
}

const fn shape(name: &'static str, [before, piece, behind]: [&'static str; 3]) -> Shape {
    Shape { name, before, piece, behind }
}

pub const BODIES: [Shape; 13] = [
    shape("frames of front pages", ["", "<iframe src=\"https://x.example/\">", "</iframe>"]),
    shape("players of front pages", ["", "<video src=\"https://x.example/\">", "</video>"]),
    shape("attributes", ["<p ", "a title ", ">x</p>"]),
    shape("attributes without end", ["<p ", "title=a ", ""]),
    shape("forms", ["", "<form>", "<input></form>"]),
    shape("scripts", ["", "<script>", "</script>"]),
    shape("buttons", ["", "<button>x", "</button>"]),
    shape("pictures without scripts", ["", "<img><noscript><img", "</noscript>"]),
    shape("comments", ["", "<!--", "-->"]),
    shape("declarations", ["", "<!a ", ">"]),
    shape("links", ["", "<a href=\"https://x.example/\">", "</a>"]),
    shape("end tags", ["<p>", "</b>", "</p>"]),
    shape("cells", ["<table>", "<td><b>", "</table>"]),
];

const IN_ITEM: &str = "<rss><channel><item><title>One</title><link>https://x.example/1</link>";
const IN_TEXT: &str = "<rss><channel><item><description>";

pub const FEEDS: [Shape; 10] = [
    shape("declarations with brackets", [IN_ITEM, "<!a[] >", ""]),
    shape("declarations that are open", [IN_ITEM, "<!a[ >", "]"]),
    shape("values that hold tags", [IN_ITEM, "<a b=\"", ">  <\"x"]),
    shape("instructions", [IN_ITEM, "<?x ", "?>"]),
    shape("comments", [IN_ITEM, "<!--", "->"]),
    shape("sections", [IN_TEXT, "<![CDATA[x", "]]"]),
    shape("pieces of a text", [IN_TEXT, "<![CDATA[x]]> ", "</description>"]),
    shape("empty elements", [IN_ITEM, "<a/>", ""]),
    shape("bases", [IN_ITEM, "<a xml:base=\"b/\"/>", ""]),
    shape("items", ["<rss><channel>", "<item>", ""]),
];

const ARTICLE: &str = "<div itemscope itemtype=\"https://schema.org/Article\">";

pub const LISTS: [Shape; 2] = [
    shape("properties in properties", [ARTICLE, "<i itemprop=\"description\">a text that goes on", ""]),
    shape("stories without end", ["", "<article><a href=\"/a/story-of-four-words\">A story</a>", ""]),
];

const ALT: &str = "<html><head><meta property=\"og:image\" content=\"https://x.example/a.jpg\">\
                   <meta property=\"og:image:alt\" content=\"";

const PICTURE: &str = "\"><title>A page</title></head><body><h1>A page of four words</h1>\
                       <img src=\"https://x.example/a.jpg\" width=\"900\" height=\"600\"><p>Text.</p></body></html>";

pub const PAGES: [Shape; 3] = [
    shape("an alternative text", [ALT, "A: b. ", PICTURE]),
    shape("state", ["<script>window.__INITIAL_STATE__=[", "{\"a\":1},", "{}]</script>"]),
    shape("microdata", [ARTICLE, "<b itemprop=\"headline\">x</b>", ""]),
];

pub const SITEMAPS: [Shape; 2] = [
    shape("open elements", ["<urlset>", "<a>", ""]),
    shape("entries", ["<urlset>", "<url><loc>https://x.example/a</loc></url>", "</urlset>"]),
];

/// Items in items, each with a text to take.
pub fn items_in_items(depth: usize) -> String {
    ARTICLE.repeat(depth) + &"<p itemprop=\"description\">A text.</p>".repeat(depth)
}

/// White space before pieces of a text.
pub fn spaces_before_pieces(pieces: usize) -> String {
    format!("{IN_TEXT}{}x{}</description>", " ".repeat(10 * pieces), "<![CDATA[x]]>".repeat(pieces))
}
