//! What a person can do about a failed fetch.

use super::error::{Barred, FetchError};
use super::refusal::Wall;

impl FetchError {
    /// What may help, as a clause that follows the error's own words; none where nothing is to be done.
    #[must_use]
    pub const fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::Status { until: Some(_), .. } | Self::Held { .. } => return None,
            Self::Status { refusal: Some(refusal), .. } => match refusal.wall {
                Wall::Challenge => {
                    "Feedmill passes no bot checks; a feed or sitemap address of the outlet may work, or ask it to let \
                     Feedmill's User-Agent in"
                }
                Wall::Firewall => "ask the outlet to let Feedmill's User-Agent in; a feed or sitemap address may work",
                Wall::Login => "put the login into the source's `headers`, taken from the environment",
                Wall::Robots => "the outlet wants no robots at this address; look for a feed, or ask it for one",
            },
            Self::Status { code: 403, .. } => {
                "a feed or sitemap address may work; a `contact` in [site] lets the outlet write to you"
            }
            Self::Status { code: 404, .. } => "look for the source's new address; it stays on the list until then",
            Self::Status { code: 451, .. } => "the outlet withholds it for legal reasons where you are",
            Self::Status { code: 500.., .. } => "a fault at the outlet; nothing is to be done if it passes",
            Self::Status { .. } => "check the source's url in a browser",
            Self::Gone { .. } => {
                "it is not asked again: take the source out, give it another url, or add a #fragment to its url to ask \
                 once more"
            }
            Self::Robots { by: Barred::Rule, .. } => {
                "look for a feed or a sitemap, or ask the outlet; if the address is a feed, say so: `kind = \"feed\"`"
            }
            Self::TooLarge { .. } | Self::Head { .. } | Self::Decode { .. } => {
                "no feed needs that; tell the outlet, or look for another address"
            }
            Self::Robots { by: Barred::Unreachable, .. } => {
                "nothing is to be done if it passes; if the address is a feed, say so: `kind = \"feed\"`"
            }
            Self::Timeout { .. } | Self::Connect { .. } | Self::Io { .. } => "nothing is to be done if it passes",
            Self::Dns { .. } => "check the name in the url, and this machine's own look-up of names",
            Self::Tls { .. } => {
                "tell the outlet; for a company's own authority name its certificate in `fetch.ca_file`"
            }
            Self::Redirect { .. } => "look for the address that the outlet means",
            // these say themselves what is to be done
            Self::ForbiddenAddress { .. } | Self::RefusedUrl { .. } | Self::Header { .. } | Self::File { .. } => {
                return None;
            }
        })
    }
}
