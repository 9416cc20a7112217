//! The table of rules: a test for each row of "Fetching: the rules", and for each way of doing harm.

mod asking;
mod failing;
mod hostile;
mod moving;
mod pausing;
mod reading;
mod robots;
mod times;

use crate::outlet::Life;
use crate::script::Rule;

async fn play(rules: Vec<Rule>) {
    assert!(!rules.is_empty());
    for rule in rules {
        for life in Life::ALL {
            rule.play(life).await;
        }
    }
}

macro_rules! table {
    ($($name:ident = $rules:path;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                play($rules()).await;
            }
        )+
    };
}

table! {
    first_contact = asking::first_contact;
    validators = asking::validators;
    validators_that_lie = asking::validators_that_lie;
    whatever_the_rhythm_of_cron = asking::rhythm_of_cron;
    interval = times::interval;
    interval_by_rhythm = times::rhythm;
    freshness_and_wishes_of_the_feed = times::freshness;
    force = times::force;
    never_sent = asking::never_sent;
    compression = asking::compression;
    user_agent = asking::user_agent;
    http_2 = asking::http_2;
    not_modified = asking::not_modified;
    quarantine = reading::quarantine;
    validators_of_further_documents = reading::further;
    documents_that_cannot_be_read = reading::unreadable;
    host_manners = pausing::host_manners;
    too_many_requests = pausing::too_many;
    retry_after = pausing::retry_after;
    pauses_without_retry_after = pausing::doubling;
    robots_txt = robots::pages;
    robots_txt_in_trouble = robots::trouble;
    robots_txt_and_feeds = robots::feeds;
    robots_txt_and_what_is_found = robots::found;
    robots_txt_and_stories = robots::stories;
    time = hostile::time;
    redirects = moving::redirects;
    moved_for_good = moving::moved;
    headers_of_a_source = moving::headers;
    private_addresses = moving::private;
    gone = failing::gone;
    not_found = failing::not_found;
    refused = failing::refused;
    soft_errors = failing::soft;
    one_retry_where_no_connection_came_about = failing::retry;
    back_off = failing::back_off;
    bombs = hostile::bombs;
    endless = hostile::endless;
    broken_answers = hostile::broken;
    tls_errors = hostile::tls;
    ten_thousand_redirects = hostile::redirects;
}
