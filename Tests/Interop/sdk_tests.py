"""Scenario: the tests that azure-eventhub and its checkpoint store were released with, against the emulator.

They come from PyPI, in the source distributions of the versions in requirements.txt, and stay in `.interop/sdk`. Their fixtures
make event hubs in Azure; `sdk/conftest.py` takes the place of the file with those, and names the tests that are left out, and why.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile

from processes import ROOT, Failure
from transports import CERTIFICATES, HERE, say

WORK = ROOT / ".interop" / "sdk"
PACKAGES = ("azure-eventhub", "azure-eventhub-checkpointstoreblob-aio")
TOKEN_KEY = "the key of the issuer of this run"
# Those that need a service.
LIVE = ("livetest", "pyamqp_tests/synctests", "pyamqp_tests/asynctests", "test_storage_blob_partition_manager_aio.py")
HUBS = 250
# They spend their time waiting.
WORKERS = 30
# As a last resort.
SECONDS = 480


def fetch():
    """The tests, in a folder of their own, with our fixtures."""
    requirements = (HERE / "requirements.txt").read_text()
    versions = [line for line in requirements.splitlines() if line.partition("==")[0] in PACKAGES]
    stamp, tests = WORK / "fetched", WORK / "tests"
    if not stamp.exists() or stamp.read_text() != requirements:
        shutil.rmtree(WORK, ignore_errors=True)
        WORK.mkdir(parents=True)
        pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:"]
        result = subprocess.run([*pip, "--dest", WORK, *versions], capture_output=True, text=True, timeout=180)
        if result.returncode:
            raise Failure(f"pip download {' '.join(versions)}: {result.stderr.strip()[-500:]}")
        for archive in WORK.glob("*.tar.gz"):
            with tarfile.open(archive) as content:
                for member in content.getmembers():
                    # NAME-VERSION/tests/…
                    parts = member.name.split("/", 1)
                    if len(parts) == 2 and parts[1].startswith("tests/") and member.isfile() and ".." not in parts[1]:
                        target = WORK / parts[1]
                        target.parent.mkdir(parents=True, exist_ok=True)
                        target.write_bytes(content.extractfile(member).read())
        if not (tests / "livetest" / "synctests").is_dir():
            raise Failure(f"no tests in the source distributions of {', '.join(versions)}")
        stamp.write_text(requirements)
    shutil.copy(HERE / "sdk" / "conftest.py", tests / "conftest.py")
    return tests


def sdk_tests(world, stage):
    """The tests that azure-eventhub and its checkpoint store were released with, over TLS, with tokens, keys and signatures."""
    tests = fetch()
    hubs = [word for number in range(HUBS) for word in ("--hub", f"sdk-{number}:2")]
    process = stage.start(
        "emulator",
        [world.eventhubs, "emulator", "--port", "0", "--http-port", "0", *hubs, "--token-key", TOKEN_KEY]
        + ["--tls-cert", CERTIFICATES / "server.pem", "--tls-key", CERTIFICATES / "server-key.pem"],
    )
    ready = process.wait_for_line(r"ready amqp=127\.0\.0\.1:(\d+) http=127\.0\.0\.1:(\d+)", 30)
    everything = os.environ.get("SDK_TESTS") == "all"
    run = stage.start(
        "pytest",
        [sys.executable, "-m", "pytest", *(tests / path for path in LIVE), "-q", "-p", "no:cacheprovider", "-n", WORKERS, "--dist", "worksteal", "--tb=short"]
        + ["--durations=15", "--rootdir", tests, "-W", "ignore"] + (["--all"] if everything else []),
        {
            "SDK_TESTS_AMQP_PORT": ready.group(1), "SDK_TESTS_CA": str(CERTIFICATES / "ca.pem"), "SDK_TESTS_TOKEN_KEY": TOKEN_KEY,
            "SDK_TESTS_BLOBS": f"http://127.0.0.1:{ready.group(2)}/devstoreaccount1", "SDK_TESTS_HUBS": str(HUBS),
            "SDK_TESTS_ACCOUNT_KEY": world.storage_key, "AZURE_STORAGE_ACCOUNT": "devstoreaccount1",
        },
    )
    seconds = run.finish(900 if everything else SECONDS, expected=None)
    output = run.output.read_text(errors="replace")
    summary = re.search(r"^\d+ (?:passed|failed).* in .*$", output, re.MULTILINE)
    say(f"  {summary.group(0) if summary else 'no summary'}; with start and end {seconds:.0f} s")
    for line in output.splitlines():
        if re.match(r"(FAILED|ERROR) ", line):
            say("  " + line[:300])
    if run.process.returncode or not summary:
        raise run.failure(f"pytest ended with exit code {run.process.returncode}")
    if not process.running:
        raise process.failure("ended early")
