//! Clients of object stores, with the credentials of the environment.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, Certificate, ClientConfigKey, ClientOptions, ObjectStore, RetryConfig};

use crate::config::{BucketAddress, Cloud};

/// Opens the store that an address lies in; asks nobody yet.
///
/// # Errors
/// The environment lacks what the store needs, or holds what it cannot use.
pub fn open(address: &BucketAddress) -> anyhow::Result<Arc<dyn ObjectStore>> {
    // the first to install wins; whoever did before chose the same for the whole program
    let _ = rustls::crypto::ring::default_provider().install_default();
    let opened: Result<Arc<dyn ObjectStore>, object_store::Error> = match address.cloud {
        Cloud::S3 => AmazonS3Builder::from_env()
            .with_client_options(client("AWS_", |name| match name.parse() {
                Ok(AmazonS3ConfigKey::Client(key)) => Some(key),
                _ => None,
            }))
            // many stores besides Amazon's cannot delete several objects at once
            .with_config(AmazonS3ConfigKey::DisableBulkDelete, "true")
            .with_bucket_name(&address.bucket)
            .with_retry(retries())
            .build()
            .map(|store| Arc::new(store) as _),
        Cloud::Google => GoogleCloudStorageBuilder::from_env()
            .with_client_options(client("GOOGLE_", |name| match name.parse() {
                Ok(GoogleConfigKey::Client(key)) => Some(key),
                _ => None,
            }))
            .with_bucket_name(&address.bucket)
            .with_retry(retries())
            .build()
            .map(|store| Arc::new(store) as _),
        Cloud::Azure => MicrosoftAzureBuilder::from_env()
            .with_client_options(client("AZURE_", |name| match name.parse() {
                Ok(AzureConfigKey::Client(key)) => Some(key),
                _ => None,
            }))
            .with_container_name(&address.bucket)
            .with_retry(retries())
            .build()
            .map(|store| Arc::new(store) as _),
    };
    opened.with_context(|| format!("{address} cannot be opened with what the environment says"))
}

/// How requests are made: as variables such as `AWS_ALLOW_HTTP` say, within times that let a run end.
fn client(prefix: &str, key: impl Fn(&str) -> Option<ClientConfigKey>) -> ClientOptions {
    let certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let mut options =
        ClientOptions::new().with_connect_timeout(Duration::from_secs(5)).with_timeout(Duration::from_secs(30));
    // the binary must also work where the system brings no certificates
    for certificate in certificates.filter_map(|der| Certificate::from_der(der).ok()) {
        options = options.with_root_certificate(certificate);
    }
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with(prefix)) else { continue };
        if let (Some(key), Some(value)) = (key(&name.to_ascii_lowercase()), value.to_str()) {
            options = options.with_config(key, value);
        }
    }
    options
}

/// A store that fails for longer than this waits for the next run.
fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { max_backoff: Duration::from_secs(3), ..BackoffConfig::default() },
        max_retries: 3,
        retry_timeout: Duration::from_secs(30),
    }
}
