//! Requests and scripted replies of HTTP/1.1.

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use super::{Ending, Line, Reply, Seen};

/// Reads the head of a request; `None` where the client has gone away.
pub(super) async fn read_request(socket: &mut BufReader<impl Line>) -> std::io::Result<Option<Seen>> {
    let mut line = Vec::new();
    if socket.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    let first = String::from_utf8_lossy(&line).into_owned();
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        socket.read_until(b'\n', &mut line).await?;
        let text = line.trim_ascii();
        let Some(colon) = text.iter().position(|byte| *byte == b':') else { break };
        let name = String::from_utf8_lossy(&text[..colon]).to_ascii_lowercase();
        headers.push((name, text[colon + 1..].trim_ascii().to_vec()));
    }
    let host = headers.iter().find(|(name, _)| name == "host").map(|(_, value)| String::from_utf8_lossy(value));
    let host = host.as_deref().map_or("", |host| host.rsplit_once(':').map_or(host, |(name, _)| name)).to_owned();
    Ok(Some(Seen { target, host, version: 11, headers, at: super::moment() }))
}

/// Sends a reply, and tells whether the connection may be used again.
pub(super) async fn answer(socket: &mut BufReader<impl Line>, reply: &Reply) -> std::io::Result<bool> {
    if matches!(reply.ending, Ending::Mute) {
        return wait_for_end(socket).await;
    }
    if matches!(reply.ending, Ending::Raw | Ending::EndlessRaw) {
        socket.write_all(&reply.body).await?;
        if matches!(reply.ending, Ending::EndlessRaw) {
            loop {
                socket.write_all(b"X-Filler: and one more line of it\r\n").await?;
            }
        }
        socket.shutdown().await?;
        return Ok(false);
    }
    let mut head = format!("HTTP/1.1 {} Scripted\r\n", reply.status).into_bytes();
    for (name, value) in &reply.headers {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    }
    let length = match reply.ending {
        Ending::Whole if reply.status == 304 => None,
        Ending::Whole | Ending::Drip(_) => Some(reply.body.len()),
        Ending::Reset | Ending::Silence => Some(reply.body.len() * 2 + 1),
        Ending::Endless | Ending::Mute | Ending::Raw | Ending::EndlessRaw => None,
    };
    match length {
        Some(length) => head.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes()),
        None => head.extend_from_slice(b"\r\n"),
    }
    socket.write_all(&head).await?;
    match reply.ending {
        Ending::Whole => socket.write_all(&reply.body).await.map(|()| true),
        Ending::Reset => {
            socket.write_all(&reply.body).await?;
            socket.get_ref().reset()?;
            Ok(false)
        }
        Ending::Endless => loop {
            socket.write_all(&reply.body).await?;
        },
        Ending::Drip(pause) => {
            for byte in &reply.body {
                tokio::time::sleep(pause).await;
                socket.write_all(&[*byte]).await?;
            }
            Ok(true)
        }
        Ending::Silence => {
            socket.write_all(&reply.body).await?;
            wait_for_end(socket).await
        }
        Ending::Mute | Ending::Raw | Ending::EndlessRaw => Ok(false),
    }
}

/// Waits until the client goes away.
async fn wait_for_end(socket: &mut BufReader<impl Line>) -> std::io::Result<bool> {
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await?;
    Ok(false)
}
