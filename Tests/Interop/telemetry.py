"""The input of the interop run: vehicle telemetry, the same for a given seed on every machine.

Event `index` belongs to vehicle `index % vehicles`; its place in that vehicle's life is `n = index // vehicles`. Each
is a JSON document of 150 to 2,000 bytes: id, vehicle, n, position, speed, fuel, fault codes and, to make up the size,
samples. `python telemetry.py --count 1000` prints one per line.
"""

import argparse
import json
import random
import sys
import zlib

SMALLEST, LARGEST = 150, 2000
FAULTS = ["P0171", "P0300", "P0420", "P0455", "B1342", "C1201", "U0100", "U0121"]
DRIVERS = ["Ada", "Zoë", "Jürgen", "Šárka", "陳怡君", "Óscar"]


class Telemetry:
    def __init__(self, seed=20261122, vehicles=250, count=100_000):
        self.seed, self.vehicles, self.count = seed, vehicles, count

    def vehicle(self, index):
        return f"vehicle-{index % self.vehicles:04d}"

    def document(self, index):
        """The JSON text of one event, as bytes."""
        source = random.Random(self.seed * 1_000_003 + index)
        fields = {
            "id": index,
            "vehicle": self.vehicle(index),
            "n": index // self.vehicles,
            "position": [round(source.uniform(-90, 90), 6), round(source.uniform(-180, 180), 6)],
            "speed": round(source.uniform(0, 130), 1),
            "fuel": round(source.uniform(0, 1), 3),
            "faults": source.sample(FAULTS, source.choice([0, 0, 0, 1, 2])),
            "driver": source.choice(DRIVERS),
            "samples": "",
        }
        text = self._encode(fields)
        # Most events are small, some fill the range: the square of a uniform number.
        size = max(len(text), int(SMALLEST + (LARGEST - SMALLEST) * source.random() ** 2))
        if size > len(text):
            fields["samples"] = "%x" % source.getrandbits(4 * (size - len(text)))
            fields["samples"] = fields["samples"].rjust(size - len(text), "0")
            text = self._encode(fields)
        return text

    @staticmethod
    def _encode(fields):
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()

    def checksums(self):
        """Checksum of every document, by id."""
        return [zlib.crc32(self.document(index)) for index in range(self.count)]

    def batches(self, run=50):
        """(vehicle, [index]) in an order that keeps each vehicle's events in their own."""
        rounds = (self.count + self.vehicles - 1) // self.vehicles
        for start in range(0, rounds, run):
            for vehicle in range(self.vehicles):
                indexes = [n * self.vehicles + vehicle for n in range(start, min(start + run, rounds))]
                indexes = [index for index in indexes if index < self.count]
                if indexes:
                    yield self.vehicle(vehicle), indexes


def arguments(parser):
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--vehicles", type=int, default=250)
    parser.add_argument("--count", type=int, default=100_000)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="prints telemetry events, one JSON document a line")
    arguments(parser)
    options = parser.parse_args()
    source = Telemetry(options.seed, options.vehicles, options.count)
    for index in range(source.count):
        sys.stdout.buffer.write(source.document(index) + b"\n")
