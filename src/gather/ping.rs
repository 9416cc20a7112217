//! Telling a WebSub hub that feeds have changed (<https://www.w3.org/TR/websub/#publishing>).

use chrono::{DateTime, Utc};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use url::Url;

use super::body::Deadline;
use super::client;
use super::error::{FetchError, Phase};
use super::gate::Pause;
use super::guard::{bare_name, host_of};
use super::{Network, site};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

impl Network {
    /// Names the changed topics to a hub, with the manners of any other request; follows no redirect.
    pub(super) async fn tell(&self, hub: Url, topics: Vec<String>, now: DateTime<Utc>) -> Result<(), FetchError> {
        self.guard.check(&hub)?;
        let host = bare_name(&host_of(&hub));
        let mut deadline = Deadline::new(self.settings.timeout);
        let pause = Pause { between: self.settings.host_delay, ..Pause::default() };
        let _pass = deadline.pause(self.gates.enter(&host, pause)).await;
        self.hosts.check_hold(&host, self.hosts.moment(now))?;
        let mut request = reqwest::Request::new(Method::POST, hub);
        request.headers_mut().insert(CONTENT_TYPE, FORM);
        *request.body_mut() = Some(form(&topics).into());
        let answer = deadline.bound(&host, Phase::Answer, self.clients.choose(false).execute(request)).await?;
        let answer = answer.map_err(|error| client::explain(error, &host, self.settings.timeout))?;
        let (code, at) = (answer.status().as_u16(), self.hosts.moment(now));
        if !matches!(code, 429 | 500..) {
            self.hosts.answered(&host, at);
        }
        if answer.status().is_success() {
            return Ok(());
        }
        Err(site::failure(&host, code, answer.headers(), at).holding(&self.hosts, at))
    }
}

fn form(topics: &[String]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("hub.mode", "publish");
    for topic in topics {
        form.append_pair("hub.url", topic);
    }
    form.finish()
}
