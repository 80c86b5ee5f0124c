"""What Microsoft's Blob client sees of the Blob endpoint: leases, conditional writes, lists, shared access signatures."""

import os
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone

from azure.core import MatchConditions
from azure.core.exceptions import AzureError
from azure.storage.blob import (
    AccountSasPermissions,
    BlobLeaseClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerSasPermissions,
    ResourceTypes,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)

failed = 0


def check(title, condition, seen):
    global failed
    failed += 0 if condition else 1
    print(f"{'ok    ' if condition else 'FAILED'} {title}: {seen}")


def refused(title, code, action):
    """The action has to be refused with the service's error code."""
    try:
        seen = f"no error, but {action()!r}"
    except AzureError as error:
        seen = getattr(error, "error_code", None) or type(error).__name__
    check(title, seen == code, getattr(seen, "value", seen))


def leases(blob):
    blob.upload_blob(b"{}", metadata={"OWNINGHOST": "nobody"})
    ours = blob.acquire_lease(lease_duration=15)
    properties = blob.get_blob_properties()
    check("acquired", properties.lease.state == "leased", f"{properties.lease.state}, {properties.lease.status}, {properties.lease.duration}")
    refused("somebody else acquires", "LeaseAlreadyPresent", lambda: blob.acquire_lease(lease_duration=15))
    refused("a write without the id", "LeaseIdMissing", lambda: blob.set_blob_metadata({"a": "1"}))
    refused(
        "a write with another id", "LeaseIdMismatchWithBlobOperation",
        lambda: blob.upload_blob(b"x", overwrite=True, lease=str(uuid.uuid4())),
    )
    blob.upload_blob(b'{"epoch":1}', overwrite=True, lease=ours, metadata={"OWNINGHOST": "us"})
    read = blob.download_blob(lease=ours)
    check("written under the lease", read.readall() == b'{"epoch":1}' and read.properties.metadata == {"OWNINGHOST": "us"}, read.properties.metadata)
    ours.renew()
    former = ours.id
    thief = BlobLeaseClient(blob, lease_id=former)
    thief.change(str(uuid.uuid4()))
    stolen = thief.id
    refused("a former owner renews", "LeaseIdMismatchWithLeaseOperation", BlobLeaseClient(blob, former).renew)
    refused(
        "a former owner writes", "LeaseIdMismatchWithBlobOperation",
        lambda: blob.upload_blob(b"x", overwrite=True, lease=former),
    )
    refused("a former owner releases", "LeaseIdMismatchWithLeaseOperation", BlobLeaseClient(blob, former).release)
    thief.release()
    check("released", blob.get_blob_properties().lease.state == "available", blob.get_blob_properties().lease.state)
    refused("a renewal after the release", "LeaseIdMismatchWithLeaseOperation", BlobLeaseClient(blob, stolen).renew)

    infinite = blob.acquire_lease(lease_duration=-1)
    check("a lease without end", blob.get_blob_properties().lease.duration == "infinite", blob.get_blob_properties().lease.duration)
    rest = BlobLeaseClient(blob).break_lease(lease_break_period=5)
    check("breaking", rest == 5 and blob.get_blob_properties().lease.state == "breaking", f"{rest} s")
    refused("a renewal while it breaks", "LeaseIsBrokenAndCannotBeRenewed", infinite.renew)
    rest = BlobLeaseClient(blob).break_lease(lease_break_period=0)
    check("broken", rest == 0 and blob.get_blob_properties().lease.state == "broken", f"{rest} s")
    refused("a write with the broken id", "LeaseNotPresentWithBlobOperation", lambda: blob.upload_blob(b"x", overwrite=True, lease=infinite))
    blob.delete_blob()


def expiry(blob):
    """The shortest lease there is, 15 s by the service's clock."""
    blob.upload_blob(b"{}")
    started = time.monotonic()
    lease = blob.acquire_lease(lease_duration=15)
    while blob.get_blob_properties().lease.state == "leased":
        if time.monotonic() - started > 30:
            break
        time.sleep(0.25)
    seconds, state = time.monotonic() - started, blob.get_blob_properties().lease.state
    check("expired by itself", state == "expired" and 14 < seconds, f"{state} after {seconds:.1f} s")
    refused("a write with the id that ran out", "LeaseLost", lambda: blob.set_blob_metadata({}, lease=lease))
    lease.renew()
    check("renewed, as nobody wrote", blob.get_blob_properties().lease.state == "leased", "leased")
    blob.delete_blob(lease=lease)


def conditions(container):
    blob = container.get_blob_client("ns/hub/$default/checkpoint/0")
    first = blob.upload_blob(b"", metadata={"offset": "1"})
    refused("created twice", "BlobAlreadyExists", lambda: blob.upload_blob(b""))
    second = blob.set_blob_metadata({"offset": "2"}, etag=first["etag"], match_condition=MatchConditions.IfNotModified)
    refused(
        "written over a newer version", "ConditionNotMet",
        lambda: blob.set_blob_metadata({"offset": "3"}, etag=first["etag"], match_condition=MatchConditions.IfNotModified),
    )
    lease = blob.acquire_lease(lease_duration=15, etag=second["etag"], match_condition=MatchConditions.IfNotModified)
    names = [(item.name, item.lease.state, item.metadata) for item in container.list_blobs(include=["metadata"])]
    check("listed with its lease", names == [(blob.blob_name, "leased", {"offset": "2"})], names)
    for name in ("a/1", "a/2", "b/1", "c"):
        container.upload_blob(name, b"x")
    pages = [[item.name for item in page] for page in container.list_blobs(results_per_page=2).by_page()]
    check("pages of two", pages == [["a/1", "a/2"], ["b/1", "c"], [blob.blob_name]], pages)
    prefixes = sorted(item.name for item in container.walk_blobs(delimiter="/"))
    check("grouped by the delimiter", prefixes == ["a/", "b/", "c", "ns/"], prefixes)
    refused("a leased blob is deleted", "LeaseIdMissing", blob.delete_blob)
    blob.delete_blob(lease=lease)


def signatures(service, container):
    account, key = service.account_name, service.credential.account_key
    now = datetime.now(timezone.utc)
    later = now + timedelta(minutes=5)
    blob = container.upload_blob("signed", b"content")

    def account_client(permission, resource_types, **times):
        token = generate_account_sas(
            account, key, resource_types, AccountSasPermissions.from_string(permission), **{"expiry": later, **times}
        )
        return BlobServiceClient(service.url, credential=token)

    def blob_client(signed):
        return signed.get_blob_client(container.container_name, "signed")

    objects = ResourceTypes(object=True)
    everything = account_client("rwdlac", ResourceTypes(service=True, container=True, object=True))
    made = everything.create_container("made-by-signature")
    made.upload_blob("x", b"x").acquire_lease(lease_duration=15).release()
    check("account signature: all", [item.name for item in made.list_blobs()] == ["x"], "container, blob, lease and list")
    everything.delete_container("made-by-signature")
    reader = blob_client(account_client("r", objects))
    check("account signature: read", reader.download_blob().readall() == b"content", "content")
    refused("account signature without write", "AuthorizationPermissionMismatch", lambda: reader.set_blob_metadata({"a": "1"}))
    refused(
        "account signature without containers", "AuthorizationResourceTypeMismatch",
        lambda: list(account_client("rl", objects).get_container_client(container.container_name).list_blobs()),
    )
    old = blob_client(account_client("r", objects, expiry=now - timedelta(minutes=1)))
    refused("account signature that ran out", "AuthenticationFailed", lambda: old.download_blob().readall())
    early = blob_client(account_client("r", objects, start=now + timedelta(minutes=1)))
    refused("account signature of tomorrow", "AuthenticationFailed", lambda: early.download_blob().readall())
    refused(
        "account signature, forged", "AuthenticationFailed",
        lambda: blob_client(
            BlobServiceClient(service.url, credential=generate_account_sas(account, "a2V5", objects, AccountSasPermissions(read=True), later))
        ).download_blob().readall(),
    )

    token = generate_container_sas(
        account, container.container_name, account_key=key, permission=ContainerSasPermissions(read=True, list=True), expiry=later
    )
    signed = BlobServiceClient(service.url, credential=token).get_container_client(container.container_name)
    check("container signature: list", "signed" in [item.name for item in signed.list_blobs()], "listed")
    refused("container signature without create", "AuthorizationPermissionMismatch", lambda: signed.upload_blob("new", b""))
    refused("container signature deletes the container", "AuthorizationFailure", signed.delete_container)

    token = generate_blob_sas(
        account, container.container_name, "signed", account_key=key, permission=BlobSasPermissions(read=True, write=True), expiry=later
    )
    signed = blob_client(BlobServiceClient(service.url, credential=token))
    signed.set_blob_metadata({"a": "1"})
    check("blob signature: read and write", signed.get_blob_properties().metadata == {"a": "1"}, "metadata")
    other = BlobServiceClient(service.url, credential=token).get_blob_client(container.container_name, "c")
    refused("blob signature opens no other blob", "AuthenticationFailed", lambda: other.download_blob().readall())
    blob.delete_blob()


def main():
    with BlobServiceClient.from_connection_string(os.environ["EVENTHUBS_STORAGE_CONNECTION_STRING"], retry_total=0) as service:
        container = service.create_container("blob-leases")
        refused("created twice", "ContainerAlreadyExists", lambda: service.create_container("blob-leases"))
        leases(container.get_blob_client("$Default/0"))
        expiry(container.get_blob_client("$Default/1"))
        conditions(container)
        signatures(service, container)
        container.delete_container()
        refused("deleted", "ContainerNotFound", lambda: list(container.list_blobs()))
    sys.exit(1 if failed else 0)


main()
