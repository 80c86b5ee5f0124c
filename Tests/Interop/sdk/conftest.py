"""What the tests of azure-eventhub ask of Azure, from the emulator instead: the fixtures of their own conftest, in its place.

`sdk_tests.py` puts this file into the folder with the tests and says by the environment where the emulator is. Each test has a
hub of its own. No test reaches anything but this machine.
"""

import base64
import hashlib
import hmac
import json
import os
import socket
import sys
import time
import types
import uuid

import certifi
import pytest
from azure.core.credentials import AccessToken, AzureNamedKeyCredential
from azure.core.settings import settings
from azure.eventhub import EventHubProducerClient
from azure.eventhub._pyamqp import ReceiveClient
from azure.eventhub._pyamqp.authentication import SASTokenAuth
from azure.eventhub import TransportType
from azure.eventhub.extensions import checkpointstoreblob, checkpointstoreblobaio

HOST = "localhost"
AMQP_PORT = int(os.environ["SDK_TESTS_AMQP_PORT"])
CA = os.environ["SDK_TESTS_CA"]
TOKEN_KEY = os.environ["SDK_TESTS_TOKEN_KEY"].encode()
BLOBS = os.environ["SDK_TESTS_BLOBS"]
ACCOUNT, ACCOUNT_KEY = os.environ["AZURE_STORAGE_ACCOUNT"], os.environ["SDK_TESTS_ACCOUNT_KEY"]
KEY_NAME, KEY = "RootManageSharedAccessKey", "SAS_KEY_VALUE"
PARTITIONS = ["0", "1"]

# Tests that are never run, by a part of their id, and why.
LEFT_OUT = {
    "test_eventprocessor": "talk to no service",
    "test_faultinjector": "need Microsoft's fault injector, a program of its own",
    "invalid_hostname": "look for a host that is not there, for a minute, and reach no service",
}
# Tests that wait for longer than a run in CI may take: `SDK_TESTS=all` runs them too.
TOO_LONG = {
    "test_send_with_long_interval": "waits for 250 s",
    "test_long_sleep": "waits for 220 s",
    "round_robin[pyamqp-False-False]": "waits for 35 s, as with other values of its parameters",
    "round_robin[pyamqp-True-False]": "waits for 35 s, as with other values of its parameters",
    "position_async[pyamqp-sequence-False": "waits for 65 s, as its synchronous twin",
    "position_async[pyamqp-enqueued": "waits for 65 s, as its synchronous twin",
    "position_async[pyamqp-offset-True": "waits for 65 s, as its synchronous twin",
    "position_sync[pyamqp-sequence-True": "waits for 65 s, as its asynchronous twin",
    "position_sync[pyamqp-offset-False": "waits for 65 s, as its asynchronous twin",
    "test_client_invalid_credential": "waits for 200 s",
    "test_receive_owner_level_async": "waits for 40 s, as its synchronous twin",
}
# Of most pairs of a synchronous and an asynchronous file a run in CI takes one; receiving is tested both ways.
TWINS = (
    "synctests/test_send.py", "synctests/test_reconnect.py", "asynctests/test_auth_async.py", "asynctests/test_negative_async.py",
    "asynctests/test_properties_async.py", "asynctests/test_buffered_producer_async.py", "asynctests/test_consumer_client_async.py",
)
# They are spread, so that each worker has one of them at most.
LONGEST = ("event_position", "ssl_context", "timing_configuration", "owner_level")


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="the tests that wait for long, too")


def pytest_configure(config):
    config.addinivalue_line("markers", "liveTest: needs the service")
    config.addinivalue_line("markers", "live_test_only: needs the service")
    config.addinivalue_line("markers", "no_amqpproxy: is not recorded")


def pytest_collection_modifyitems(config, items):
    left_out = list(LEFT_OUT) + ([] if config.getoption("--all") else [*TOO_LONG, *TWINS])
    skipped = [item for item in items if any(part in item.nodeid for part in left_out)]
    config.hook.pytest_deselected(items=skipped)
    items[:] = [item for item in items if item not in skipped]
    longest = [item for item in items if any(part in item.name for part in LONGEST)]
    items[:] = [item for item in items if item not in longest]
    distance = len(items) // max(len(longest), 1) + 1
    for place, item in enumerate(longest):
        items.insert(place * distance, item)
    assert len(items) <= int(os.environ["SDK_TESTS_HUBS"]), "more tests than event hubs"
    for number, item in enumerate(items):
        item.hub = f"sdk-{number}"


# --- This machine only, and the ports of the service are those of the emulator ------------------------------------------
def only_here(resolve):
    def resolved(host, port, *arguments, **options):
        if host not in (None, "localhost", "127.0.0.1", b"localhost"):
            raise socket.gaierror(socket.EAI_NONAME, f"the tests do not look for {host}")
        # The emulator listens on one of the two addresses that the name has.
        return resolve("127.0.0.1", AMQP_PORT if port in (443, 5671) else port, *arguments, **options)

    return resolved


socket.getaddrinfo = only_here(socket.getaddrinfo)
certifi.where = lambda: CA


# --- Credentials -----------------------------------------------------------------------------------------------------
def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Issuer:
    """Issues what the emulator takes for tokens of Microsoft Entra ID."""

    def get_token(self, *scopes, **_):
        audience, expiry = scopes[0].removesuffix("/.default"), int(time.time()) + 3600
        claims = {"iss": "https://sts.example.test/", "aud": audience, "exp": expiry}
        text = encoded(b'{"alg":"HS256","typ":"JWT"}') + b"." + encoded(json.dumps(claims).encode())
        signature = hmac.new(TOKEN_KEY, text, hashlib.sha256).digest()
        return AccessToken((text + b"." + encoded(signature)).decode(), expiry)

    def close(self):
        pass


class AsyncIssuer(Issuer):
    async def get_token(self, *scopes, **_):
        return super().get_token(*scopes)

    async def close(self):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass


def credential(is_async=False):
    return AsyncIssuer() if is_async else Issuer()


@pytest.fixture
def get_credential():
    return Issuer


@pytest.fixture
def get_credential_async():
    return AsyncIssuer


# --- Blobs: the Blob service is told by name, and tokens go over TLS only, so the account's key is used ------------------
def at_the_emulator(kind):
    create = kind.__init__

    def created(self, account_url, *arguments, **options):
        if account_url == f"https://{ACCOUNT}.blob.core.windows.net":
            account_url = BLOBS
        create(self, account_url, *arguments, **options)

    kind.__init__ = created


at_the_emulator(checkpointstoreblobaio._vendor.storage.blob.aio.BlobServiceClient)
at_the_emulator(checkpointstoreblobaio.BlobCheckpointStore)
devtools = types.ModuleType("devtools_testutils")
devtools.get_credential = lambda is_async=False: AzureNamedKeyCredential(ACCOUNT, ACCOUNT_KEY)
sys.modules["devtools_testutils"] = devtools


@pytest.fixture
def checkpoint_store():
    return checkpointstoreblob.BlobCheckpointStore(
        BLOBS, f"c{uuid.uuid4()}", credential=AzureNamedKeyCredential(ACCOUNT, ACCOUNT_KEY)
    )


@pytest.fixture
def checkpoint_store_aio():
    return checkpointstoreblobaio.BlobCheckpointStore(
        BLOBS, f"c{uuid.uuid4()}", credential=AzureNamedKeyCredential(ACCOUNT, ACCOUNT_KEY)
    )


@pytest.fixture
def resource_mgmt_client():
    """The Azure Resource Manager: a test changes the retention while it receives, which does nothing here."""

    class EventHub:
        def as_dict(self):
            return {"message_retention_in_days": 1}

    class EventHubs:
        def get(self, *_):
            return EventHub()

        def create_or_update(self, *_):
            return EventHub()

    return types.SimpleNamespace(event_hubs=EventHubs())


# --- Hubs and clients ------------------------------------------------------------------------------------------------
def connection_string(host=HOST, name=KEY_NAME, key=KEY, hub=""):
    return f"Endpoint=sb://{host}/;SharedAccessKeyName={name};SharedAccessKey={key};EntityPath={hub}"


@pytest.fixture
def live_eventhub(request):
    hub = request.node.hub
    return {
        "hostname": HOST, "key_name": KEY_NAME, "access_key": KEY, "namespace": "emulatorns1", "event_hub": hub,
        "consumer_group": "$Default", "partition": "0", "connection_str": connection_string(hub=hub), "resource_group": "none",
    }


@pytest.fixture
def connection_str(live_eventhub):
    return live_eventhub["connection_str"]


@pytest.fixture
def invalid_hostname(live_eventhub):
    return connection_string(host="invalid123.servicebus.windows.net", hub=live_eventhub["event_hub"])


@pytest.fixture
def invalid_key(live_eventhub):
    return connection_string(key="invalid", hub=live_eventhub["event_hub"])


@pytest.fixture
def invalid_policy(live_eventhub):
    return connection_string(name="invalid", hub=live_eventhub["event_hub"])


@pytest.fixture
def client_args():
    return {}


@pytest.fixture
def auth_credentials(live_eventhub):
    return HOST, live_eventhub["event_hub"], Issuer


@pytest.fixture
def auth_credentials_async(live_eventhub):
    return HOST, live_eventhub["event_hub"], AsyncIssuer


@pytest.fixture
def receivers(live_eventhub):
    """A receiver of the client's own protocol stack for each partition."""
    hub = live_eventhub["event_hub"]
    receivers = []
    for partition in PARTITIONS:
        uri = f"sb://{HOST}/{hub}"
        receiver = ReceiveClient(
            HOST, f"amqps://{HOST}/{hub}/ConsumerGroups/$Default/Partitions/{partition}",
            auth=SASTokenAuth(uri, uri, KEY_NAME, KEY), network_trace=False, timeout=30, link_credit=500,
        )
        receiver.open()
        receivers.append(receiver)
    yield receivers
    for receiver in receivers:
        receiver.close()


@pytest.fixture
def connstr_receivers(connection_str, receivers):
    return connection_str, receivers


@pytest.fixture
def auth_credential_receivers(auth_credentials, receivers):
    return *auth_credentials, receivers


@pytest.fixture
def auth_credential_receivers_async(auth_credentials_async, receivers):
    return *auth_credentials_async, receivers


@pytest.fixture
def senders(live_eventhub):
    """A sender for each partition."""
    with EventHubProducerClient(HOST, live_eventhub["event_hub"], Issuer()) as client:
        senders = [client._create_producer(partition_id=partition) for partition in client.get_partition_ids()]
        yield senders
        for sender in senders:
            sender.close()


@pytest.fixture
def auth_credential_senders(auth_credentials, senders):
    return *auth_credentials, senders


@pytest.fixture
def auth_credential_senders_async(auth_credentials_async, senders):
    return *auth_credentials_async, senders


# --- How they are run ------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session", params=[False], ids=["pyamqp"])
def uamqp_transport(request):
    return request.param


@pytest.fixture(scope="session", params=[TransportType.Amqp, TransportType.AmqpOverWebsocket], ids=["amqp", "ws"])
def socket_transport(request):
    return request.param


@pytest.fixture(scope="session")
def timeout_factor():
    return 1


@pytest.fixture
def sleep():
    return True


@pytest.fixture
def fake_span():
    from tracing_common import FakeSpan

    return FakeSpan


@pytest.fixture
def enable_tracing(fake_span):
    settings.tracing_implementation.set_value(fake_span)
    yield fake_span
    settings.tracing_implementation.set_value(None)
