//! TLS with an authority of its own, and HTTP/2 above it.

use std::sync::Arc;

use bytes::Bytes;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use super::{Line, Seen, State};

/// What a secure site offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    Http1,
    Http2,
}

/// Signs the certificates of sites.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    /// What a client must trust, as PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub(super) fn acceptor(&self, speaks: Speaks) -> TlsAcceptor {
        let key = KeyPair::generate().expect("a key");
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).expect("names");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate with its key");
        config.alpn_protocols = match speaks {
            Speaks::Http1 => vec![b"http/1.1".to_vec()],
            Speaks::Http2 => vec![b"h2".to_vec()],
        };
        TlsAcceptor::from(Arc::new(config))
    }
}

impl Line for TlsStream<TcpStream> {
    fn reset(&self) -> std::io::Result<()> {
        self.get_ref().0.set_zero_linger()
    }
}

/// One connection, from its handshake on.
pub(super) async fn converse(socket: TcpStream, tls: &TlsAcceptor, state: &State) -> std::io::Result<()> {
    let socket = tls.accept(socket).await?;
    if socket.get_ref().1.alpn_protocol() == Some(b"h2") {
        return converse_h2(socket, state).await.map_err(std::io::Error::other);
    }
    super::converse(socket, state).await
}

async fn converse_h2(socket: TlsStream<TcpStream>, state: &State) -> Result<(), h2::Error> {
    let mut connection = h2::server::handshake(socket).await?;
    while let Some(request) = connection.accept().await {
        let (request, mut respond) = request?;
        let uri = request.uri();
        let headers = request.headers().iter();
        let seen = Seen {
            target: uri.path_and_query().map_or_else(String::new, ToString::to_string),
            host: uri.host().unwrap_or_default().to_owned(),
            version: 20,
            headers: headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect(),
            at: super::moment(),
        };
        let reply = state.answer(seen);
        let mut response = http::Response::builder().status(reply.status);
        for (name, value) in &reply.headers {
            response = response.header(name, &value[..]);
        }
        let response = response.body(()).expect("a reply that can be sent");
        let mut body = respond.send_response(response, reply.body.is_empty())?;
        if !reply.body.is_empty() {
            body.send_data(Bytes::from(reply.body), true)?;
        }
    }
    Ok(())
}
