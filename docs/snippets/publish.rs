//! Publishes one event, with nothing but Rust's standard library: `rustc publish.rs && ./publish …`
//!
//!     publish CHANNEL TYPE SOURCE DATA [EVENT_ID]      through the publish script: number, entry and broadcast in one
//!     publish --minimal CHANNEL TYPE DATA              a plain XADD, which consumers also accept
//!
//! The server: REDIS_SOCKET, or REDIS_HOST and REDIS_PORT; REDIS_PASSWORD if it wants one.
//! Prints "<sequence number> <entry id>", with "=" in front when the event id was published before.

use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::{SystemTime, UNIX_EPOCH};

const SCRIPT: &str = include_str!("../../resources/lua/publish.lua");

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// One connection; `command` sends one and waits for its answer.
struct Redis {
    stream: BufReader<Box<dyn Stream>>,
}

impl Redis {
    fn connect() -> Result<Redis> {
        let stream: Box<dyn Stream> = match env::var("REDIS_SOCKET") {
            Ok(path) => Box::new(UnixStream::connect(path)?),
            Err(_) => {
                let host = env::var("REDIS_HOST").unwrap_or("127.0.0.1".into());
                let port = env::var("REDIS_PORT").unwrap_or("6379".into());
                Box::new(TcpStream::connect(format!("{host}:{port}"))?)
            }
        };
        let mut redis = Redis { stream: BufReader::new(stream) };
        if let Ok(password) = env::var("REDIS_PASSWORD") {
            redis.command(&["AUTH", &password])?;
        }
        Ok(redis)
    }

    fn command(&mut self, words: &[&str]) -> Result<String> {
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request += &format!("${}\r\n{word}\r\n", word.len());
        }
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let line = line.trim_end();
        match line.chars().next() {
            Some('+' | ':') => Ok(line[1..].to_string()),
            Some('$') if line != "$-1" => {
                let length: usize = line[1..].parse().map_err(Error::other)?;
                let mut text = vec![0; length + 2];
                self.stream.read_exact(&mut text)?;
                text.truncate(length);
                String::from_utf8(text).map_err(Error::other)
            }
            _ => Err(Error::other(format!("Redis answered {line}"))),
        }
    }
}

/// Publishes JSON text `data`; the same event id again within 10 minutes adds nothing.
fn publish(redis: &mut Redis, channel: &str, event_type: &str, source: &str, data: &str, event_id: &str) -> Result<String> {
    let stream = format!("stream:{channel}");
    let counter = format!("seq:{{{stream}}}");
    let published = format!("published:{{{stream}}}:{event_id}");
    // A program that publishes more than one event loads the script once, and again after NOSCRIPT.
    let sha = redis.command(&["SCRIPT", "LOAD", SCRIPT])?;
    let keys = ["3", &stream, &counter, &published];
    let options = [channel, "10000", "600000"];
    let event = [event_id, event_type, source, &now(), data];
    let answer = redis.command(&[&["EVALSHA", &sha][..], &keys, &options, &event].concat())?;
    match answer.strip_prefix('!') {
        Some(refusal) => Err(Error::other(refusal)),
        None => Ok(answer),
    }
}

/// The least that consumers accept; the identity of such an event is its entry.
fn minimal(redis: &mut Redis, channel: &str, event_type: &str, data: &str) -> Result<String> {
    let stream = format!("stream:{channel}");
    let fields = ["event_type", event_type, "timestamp", &now(), "data", data];
    redis.command(&[&["XADD", &stream, "MAXLEN", "~", "10000", "*"][..], &fields].concat())
}

/// A UUID of version 4.
fn new_id() -> Result<String> {
    let mut bytes = [0u8; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

/// RFC 3339, UTC. The date is counted in the 400-year cycles of the calendar, which begin on the first of March.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (seconds, days) = (since.as_secs() % 86_400, since.as_secs() / 86_400 + 719_468);
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let date = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + cycle * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut redis = Redis::connect()?;
    let made = new_id()?;
    let answer = match words[..] {
        ["--minimal", channel, event_type, data] => minimal(&mut redis, channel, event_type, data)?,
        [channel, event_type, source, data] => publish(&mut redis, channel, event_type, source, data, &made)?,
        [channel, event_type, source, data, id] => publish(&mut redis, channel, event_type, source, data, id)?,
        _ => return Err(Error::other("usage: publish CHANNEL TYPE SOURCE DATA [EVENT_ID]")),
    };
    println!("{answer}");
    Ok(())
}
