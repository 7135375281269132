#!/usr/bin/env python3
"""Publishes one event, with nothing but Python's standard library.

    publish.py CHANNEL TYPE SOURCE DATA [EVENT_ID]      through the publish script: number, entry and broadcast in one
    publish.py --minimal CHANNEL TYPE DATA              a plain XADD, which consumers also accept

The server: REDIS_SOCKET, or REDIS_HOST and REDIS_PORT; REDIS_PASSWORD if it wants one.
Prints "<sequence number> <entry id>", with "=" in front when the event id was published before.
"""
import hashlib
import os
import pathlib
import socket
import sys
import uuid
from datetime import datetime, timezone


class RedisError(Exception):
    """The server refused a command."""


class Redis:
    """One connection; `command` sends one and waits for its answer."""

    def __init__(self):
        path = os.environ.get("REDIS_SOCKET")
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(path)
        else:
            address = os.environ.get("REDIS_HOST", "127.0.0.1"), int(os.environ.get("REDIS_PORT", "6379"))
            self.socket = socket.create_connection(address)
        self.replies = self.socket.makefile("rb")
        if "REDIS_PASSWORD" in os.environ:
            self.command("AUTH", os.environ["REDIS_PASSWORD"])

    def command(self, *words):
        texts = [str(word).encode() for word in words]
        parts = [b"$%d\r\n%s\r\n" % (len(text), text) for text in texts]
        self.socket.sendall(b"*%d\r\n" % len(texts) + b"".join(parts))
        return self.reply()

    def reply(self):
        line = self.replies.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"$":
            return None if rest == b"-1" else self.replies.read(int(rest) + 2)[:-2].decode()
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind in (b"+", b":"):
            return rest.decode()
        raise RedisError(f"unexpected answer {line!r}")


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def publish(redis, channel, event_type, source, data, event_id=None):
    """Publishes JSON text `data`; the same event id again within 10 minutes adds nothing."""
    script = pathlib.Path(__file__).parents[2].joinpath("resources/lua/publish.lua").read_text()
    stream, event_id = f"stream:{channel}", event_id or str(uuid.uuid4())
    keys = [stream, f"seq:{{{stream}}}", f"published:{{{stream}}}:{event_id}"]
    event = [event_id, event_type, source, now(), data]
    arguments = [len(keys), *keys, channel, 10_000, 600_000, *event]
    try:
        answer = redis.command("EVALSHA", hashlib.sha1(script.encode()).hexdigest(), *arguments)
    except RedisError as error:
        if not str(error).startswith("NOSCRIPT"):
            raise
        answer = redis.command("EVAL", script, *arguments)
    if answer.startswith("!"):
        raise RedisError(answer[1:])
    return answer


def minimal(redis, channel, event_type, data):
    """The least that consumers accept; the identity of such an event is its entry."""
    fields = ["event_type", event_type, "timestamp", now(), "data", data]
    return redis.command("XADD", f"stream:{channel}", "MAXLEN", "~", 10_000, "*", *fields)


if __name__ == "__main__":
    if sys.argv[1] == "--minimal":
        print(minimal(Redis(), *sys.argv[2:]))
    else:
        print(publish(Redis(), *sys.argv[1:]))
