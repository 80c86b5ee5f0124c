"""Looks into the store of leases and checkpoints from the outside, again and again: what is seen there must never go back."""

import logging
import threading
import time

from azure.core.exceptions import AzureError
from azure.storage.blob import ContainerClient


class StoreWatch:
    """A thread that lists a container every `every` seconds. `problems` says which checkpoints went back."""

    def __init__(self, connection_string, container, every=0.25):
        logging.getLogger("azure").setLevel(logging.ERROR)
        self.client = ContainerClient.from_connection_string(
            connection_string, container, retry_total=0, connection_timeout=1, read_timeout=2
        )
        self.every, self.looks, self.problems = every, 0, []
        self.checkpoints = {}  # blob name -> sequence number
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopping.set()
        self.thread.join(10)
        self.client.close()

    def _run(self):
        while not self.stopping.wait(self.every):
            try:
                self._look(list(self.client.list_blobs(include=["metadata"])))
            except AzureError:
                continue  # the emulator is being restarted

    def _look(self, blobs):
        self.looks += 1
        present = {blob.name for blob in blobs}
        for name in self.checkpoints.keys() - present:
            self.problems.append(f"the checkpoint {name} is gone")
        self.checkpoints = {name: number for name, number in self.checkpoints.items() if name in present}
        for blob in blobs:
            text = (blob.metadata or {}).get("sequencenumber", "")
            if "/checkpoint/" not in blob.name or not text.lstrip("-").isdigit():
                continue
            number, before = int(text), self.checkpoints.get(blob.name)
            if before is not None and number < before:
                self.problems.append(f"the checkpoint {blob.name} went back from {before} to {number} at {time.time():.3f}")
            self.checkpoints[blob.name] = number
