"""What the Python side prints for each event, in the form of `eventhubs process --json`."""

import base64
import json
import sys
import threading

_lock = threading.Lock()


def write(record):
    with _lock:
        sys.stdout.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def flush():
    with _lock:
        sys.stdout.flush()


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def event_line(partition, event):
    body = b"".join(event.body)
    record = {
        "type": "event",
        "partition": partition,
        "sequence": event.sequence_number,
        "offset": text(event.offset),
        "key": text(event.partition_key),
        "enqueued": int(event.enqueued_time.timestamp() * 1000),
        "bytes": len(body),
    }
    try:
        record["body"] = body.decode()
    except UnicodeDecodeError:
        record["body_base64"] = base64.b64encode(body).decode()
    content = event.raw_amqp_message.properties
    if content and content.content_encoding:
        record["encoding"] = text(content.content_encoding)
    return record
