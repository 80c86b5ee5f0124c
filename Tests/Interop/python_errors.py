"""What the official client sees when things are wrong: each check says what was expected and what came."""

import os
import re
import sys
import threading
import time

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient
from azure.eventhub._pyamqp.error import ErrorCondition
from azure.eventhub.exceptions import AuthenticationError, ConnectError, ConnectionLostError, EventDataSendError, EventHubError

good = os.environ["EVENTHUBS_CONNECTION_STRING"]
hub = os.environ["EVENTHUBS_HUB"]
quick = {"retry_total": 0, "auth_timeout": 5}
failed = 0


def check(title, condition, seen):
    global failed
    failed += 0 if condition else 1
    print(f"{'ok    ' if condition else 'FAILED'} {title}: {seen}")


def failure_of(action):
    started = time.monotonic()
    try:
        action()
    except Exception as error:  # whatever it is, it is reported
        return error, time.monotonic() - started
    return None, time.monotonic() - started


def send(connection_string, name, **target):
    with EventHubProducerClient.from_connection_string(connection_string, eventhub_name=name, **quick) as producer:
        batch = producer.create_batch(**target)
        batch.add(EventData(b"x"))
        producer.send_batch(batch)


def receive(connection_string, name, group="$Default", partition="0", seconds=10, **options):
    """Receives until an error or the time is over; the error, if any."""
    errors, over = [], threading.Event()
    client = EventHubConsumerClient.from_connection_string(
        connection_string, consumer_group=group, eventhub_name=name, **quick
    )

    def on_error(_, error):
        errors.append(error)
        over.set()

    worker = threading.Thread(
        target=lambda: client.receive(
            lambda *_: None, on_error=on_error, partition_id=partition, starting_position="-1", **options
        ),
        daemon=True,
    )
    worker.start()
    over.wait(seconds)
    client.close()
    worker.join(10)
    return errors[0] if errors else None


wrong_key = re.sub(r"SharedAccessKey=[^;]*", "SharedAccessKey=" + "d3Jvbmcga2V5IG9mIHRoaXMgdGVzdCB3cm9uZyBrZXk=", good)
error, seconds = failure_of(lambda: send(wrong_key, hub))
check("wrong key is an AuthenticationError", isinstance(error, AuthenticationError), f"{error!r} after {seconds:.1f} s")
secret = re.search(r"SharedAccessKey=([^;]*)", good).group(1)
check("the key is not in the error", secret not in str(error), "")

error, seconds = failure_of(lambda: send(good, "no-such-hub"))
# The service says so when it gets the token for the hub, with status 404; this client keeps nothing of that.
check("unknown hub is an AuthenticationError", isinstance(error, AuthenticationError), f"{error!r} after {seconds:.1f} s")

error, seconds = failure_of(lambda: send(good, hub, partition_id="99"))
check("unknown partition is an error", isinstance(error, EventHubError), f"{error!r} after {seconds:.1f} s")

error = receive(good, hub, group="no-such-group")
check("unknown consumer group is an error", isinstance(error, EventHubError), repr(error))

def as_named(condition):
    """How the client's errors name a condition of a rejection: those of the AMQP specification by its own enumeration."""
    try:
        return str(ErrorCondition(condition.encode()))
    except ValueError:
        return condition


# Every condition of the service, with which an event is rejected and with which its link is detached: the client's own rules say what
# it makes of each.
for number, condition in enumerate(os.environ["CONDITIONS"].split()):
    error, seconds = failure_of(lambda: send(good, f"rejected-{number}"))
    check(
        f"rejected with {condition}",
        type(error) is EventDataSendError and as_named(condition) in str(error),
        f"{type(error).__name__} after {seconds:.1f} s",
    )
for condition in os.environ["CONDITIONS"].split():
    expected = ConnectionLostError if condition.startswith("amqp:") else ConnectError
    error, seconds = failure_of(lambda: send(good, "detached"))
    check(
        f"detached with {condition}",
        type(error) is expected and condition in str(error),
        f"{type(error).__name__} after {seconds:.1f} s",
    )
error, seconds = failure_of(lambda: send(good, "detached"))
check("then what is sent is taken", error is None, repr(error))

# Owner levels: a level takes the partition from whoever has a lower one, or none, and keeps those out.
first, taken = [], threading.Event()
low = EventHubConsumerClient.from_connection_string(good, consumer_group="$Default", eventhub_name=hub, **quick)


def lost(_, error):
    first.append(error)
    taken.set()


holder = threading.Thread(
    target=lambda: low.receive(
        lambda *_: None, on_error=lost, partition_id="0", starting_position="-1", owner_level=1
    ),
    daemon=True,
)
holder.start()
time.sleep(2)
high_error = receive(good, hub, seconds=4, owner_level=2)
check("a higher owner level gets in", high_error is None, repr(high_error))
taken.wait(5)
check(
    "the lower one is told that it was stolen",
    bool(first) and "stolen" in str(first[0]).lower() + repr(getattr(first[0], "error", "")).lower()
    or bool(first) and "higher epoch" in str(first[0]).lower(),
    repr(first[:1]),
)
low.close()
holder.join(10)

keeper = EventHubConsumerClient.from_connection_string(good, consumer_group="$Default", eventhub_name=hub, **quick)
keeping = threading.Thread(
    target=lambda: keeper.receive(
        lambda *_: None, on_error=lambda *_: None, partition_id="0", starting_position="-1", owner_level=5
    ),
    daemon=True,
)
keeping.start()
time.sleep(2)
error = receive(good, hub, owner_level=3)
check("a lower owner level is kept out", isinstance(error, (ConnectError, EventHubError)), repr(error))
error = receive(good, hub)
check("no owner level is kept out", isinstance(error, (ConnectError, EventHubError)), repr(error))
keeper.close()
keeping.join(10)

sys.stdout.flush()
os._exit(1 if failed else 0)
