//! A story, and pages around it.

/// Where the story stands, unless a test says otherwise.
pub const ADDRESS: &str = "https://www.harbour.example/news/ferries-return";
pub const TITLE: &str = "Ferries Return to the Northern Islands after a Winter of Repairs";
pub const PARAGRAPHS: [&str; 5] = [
    "The first ferry of the season left Varnholm on Thursday morning with some two hundred passengers on board, ending five months in which the northern islands could be reached by small boats only.",
    "The harbour office said that both piers had been rebuilt over the winter, after a storm damaged the pillars of the older one and put the newer one out of use for large vessels, which then went south.",
    "“We have waited for this sound all spring,” said Marta Lindqvist, who runs a small bakery near the landing place, as the horn of the ferry echoed from the hills around the bay and children ran down.",
    "The repairs cost about nine million crowns, two thirds of which were paid by the region, and the rest by the company that runs the line under a contract until the end of the decade, with two more years.",
    "Farmers on the islands, who had to store most of the harvest in barns and cellars, expect that the first lorries will cross the strait at the beginning of next week, when the crane is in place again.",
];

/// The paragraphs as elements.
pub fn paragraphs() -> String {
    PARAGRAPHS.map(|text| format!("<p>{text}</p>")).concat()
}

/// A page: what stands in its head, and between headline and story.
pub fn page(head: &str, below_headline: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{TITLE} | Harbour News</title>{head}</head><body>\
         <header class=site-header><a href=/>Harbour News</a></header><main><article><h1>{TITLE}</h1>{below_headline}{}</article></main>\
         <footer>© 2026 Harbour News</footer></body></html>",
        paragraphs()
    )
}

/// JSON-LD of the story with further members.
pub fn json_ld(members: &str) -> String {
    format!(
        "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{TITLE}\",{members}}}</script>"
    )
}
