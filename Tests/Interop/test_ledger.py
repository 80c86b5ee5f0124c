"""The ledger finds what it is there to find. `python -m unittest` in this folder."""

import contextlib
import json
import socket
import sys
import threading
import unittest

import processes
from ledger import LOST, OURS, Member, check
from store_proxy import StoreProxy
from telemetry import LARGEST, SMALLEST, Telemetry

TELEMETRY = Telemetry(vehicles=4, count=40)


def event(partition, sequence, index, telemetry=TELEMETRY, **changes):
    document = telemetry.document(index)
    record = {
        "type": "event",
        "partition": partition,
        "sequence": sequence,
        "offset": str(sequence * 100),
        "key": telemetry.vehicle(index),
        "enqueued": 1_800_000_000_000,
        "bytes": len(document),
        "body": document.decode(),
    }
    return json.dumps({**record, **changes})


def log():
    """Two partitions, two vehicles in each: (partition, sequence) -> index."""
    places = {}
    for partition in (0, 1):
        indexes = [index for index in range(40) if index % 4 // 2 == partition]
        for sequence, index in enumerate(indexes):
            places[str(partition), sequence] = index
    return places


def lines(places, skip=(), partition=None):
    return [
        event(place[0], place[1], index)
        for place, index in places.items()
        if place not in skip and partition in (None, place[0])
    ]


def mark(kind, partition, **fields):
    return json.dumps({"type": kind, "partition": partition, **fields})


def compact(line):
    """As hosts write it."""
    return json.dumps(json.loads(line), separators=(",", ":"), ensure_ascii=False)


class LedgerTests(unittest.TestCase):
    def kinds(self, files, **options):
        report = check(TELEMETRY, files, **options)
        return {problem.split(":")[0] for problem in report.problems}, report

    def test_one_complete_receiver(self):
        kinds, report = self.kinds({"a": lines(log())})
        self.assertEqual(kinds, set())
        self.assertEqual((report.counts["events"], report.counts["twice"], report.counts["runs"]), (40, 0, 2))

    def test_one_host_per_partition(self):
        kinds, report = self.kinds({"a": lines(log(), partition="0"), "b": lines(log(), partition="1")})
        self.assertEqual(kinds, set())
        self.assertEqual(report.by_file, {"a": (20, {"0"}), "b": (20, {"1"})})

    def test_lost_in_the_middle(self):
        kinds, _ = self.kinds({"a": lines(log(), skip={("0", 7)})})
        self.assertEqual(kinds, {"lost", "contiguous", "order"})

    def test_lost_at_the_end(self):
        kinds, _ = self.kinds({"a": lines(log(), skip={("1", 19)})})
        self.assertEqual(kinds, {"lost"})

    def test_nothing_received(self):
        kinds, report = self.kinds({"a": []})
        self.assertEqual(kinds, {"lost"})
        self.assertEqual(report.counts["lost"], 40)

    def test_body_changed(self):
        changed = lines(log())
        changed[3] = changed[3].replace("speed", "sqeed")
        self.assertEqual(self.kinds({"a": changed})[0], {"lost", "contiguous"})

    def test_two_events_turned_around_in_a_run(self):
        turned = lines(log())
        turned[4], turned[5] = turned[5], turned[4]
        self.assertEqual(self.kinds({"a": turned})[0], {"order"})

    def test_a_vehicle_turned_around_in_the_log(self):
        places = log()
        places["0", 0], places["0", 2] = places["0", 2], places["0", 0]  # both of vehicle 0
        self.assertEqual(self.kinds({"a": lines(places)})[0], {"keys"})

    def test_a_vehicle_in_two_partitions(self):
        places = log()
        places["0", 19], places["1", 19] = places["1", 19], places["0", 19]
        self.assertIn("keys", self.kinds({"a": lines(places)})[0])

    def test_wrong_key(self):
        changed = lines(log())
        changed[0] = event("0", 0, 0, key="someone else")
        self.assertEqual(self.kinds({"a": changed})[0], {"keys"})
        self.assertEqual(self.kinds({"a": changed}, key_expected=False)[0], set())

    def test_stored_twice(self):
        places = log()
        places["0", 20] = 0
        self.assertIn("stored", self.kinds({"a": lines(places)})[0])

    def test_one_sequence_number_for_two_events(self):
        self.assertIn("stored", self.kinds({"a": lines(log()) + [event("0", 3, 20)]})[0])

    def takeover(self, checkpoint):
        zero = lines(log(), partition="0")
        first = [mark("open", "0"), *zero[:10], mark("checkpoint", "0", sequence=6), *zero[10:12]]
        second = [mark("open", "0"), *zero[checkpoint + 1 :]]
        return {"a": first, "b": second, "c": lines(log(), partition="1")}

    def test_takeover_behind_a_checkpoint_repeats_what_came_after_it(self):
        kinds, report = self.kinds(self.takeover(6))
        self.assertEqual(kinds, set())
        self.assertEqual(report.counts["twice"], 5)

    def test_takeover_from_nowhere_is_not_explained(self):
        kinds, report = self.kinds(self.takeover(3))
        self.assertEqual(kinds, {"duplicates"})
        self.assertEqual(self.kinds(self.takeover(3), crashed=True)[0], set())

    def test_takeover_that_skips(self):
        self.assertIn("lost", self.kinds(self.takeover(13))[0])

    def test_a_run_that_starts_at_the_start_again(self):
        zero = lines(log(), partition="0")
        kinds, report = self.kinds({"a": [mark("open", "0"), *zero[:5], mark("open", "0"), *zero], "c": lines(log(), partition="1")})
        self.assertEqual(kinds, set())
        self.assertEqual(report.counts["twice"], 5)

    def test_broken_lines_are_reported(self):
        self.assertEqual(self.kinds({"a": [*lines(log()), '{"type":"event","partition":"0"', "[]"]})[0], {"input"})


class CauseTests(unittest.TestCase):
    """Partition 0 goes from a to b, which handles events 7 to 11 again."""

    def causes(self, close, a=None, b=None, faults=()):
        zero = lines(log(), partition="0")
        first = [mark("open", "0", at=1000), *zero[:10], mark("checkpoint", "0", sequence=6, at=1900), *zero[10:12]]
        if close:
            first.append(mark("close", "0", reason=close, at=2500))
        second = [mark("open", "0", at=2000), *zero[7:]]
        members = {"a": a or Member(), "b": b or Member()}
        files = {"b": second, "a": first, "c": lines(log(), partition="1")}
        report = check(TELEMETRY, files, members=members, faults=faults)
        self.assertEqual(report.problems, [])
        self.assertEqual(sum(report.causes.values()), 5)
        self.assertEqual(len(report.causes), 1)
        return next(iter(report.causes))

    def test_a_kill(self):
        self.assertEqual(self.causes(None, a=Member(killed=1950)), "a process was killed")

    def test_a_process_that_closed_before_it_was_killed(self):
        self.assertEqual(self.causes("handedOver", a=Member(killed=9000)), OURS)

    def test_a_pause(self):
        self.assertEqual(
            self.causes("leaseLost", a=Member(pauses=[(1500, 2400)])), "a process was stopped and continued"
        )
        self.assertEqual(self.causes("leaseLost", a=Member(pauses=[(2600, 2700)])), OURS)

    def test_foreign_processes(self):
        for lost in LOST:
            self.assertIn("took over", self.causes(lost, a=Member(foreign=True)))
        self.assertIn("took over", self.causes("leaseLost", b=Member(foreign=True)))
        self.assertIn("without a checkpoint", self.causes("CloseReason.SHUTDOWN", a=Member(foreign=True)))

    def test_a_fault(self):
        self.assertEqual(self.causes("leaseLost", faults=[(2400, 2600, "the store")]), "the store")
        self.assertEqual(self.causes("leaseLost", faults=[(1900, 2100, "the store")]), "the store")
        self.assertEqual(self.causes("leaseLost", faults=[(2600, 2700, "the store")]), OURS)

    def test_between_our_hosts_nothing_explains_a_repeat(self):
        for reason in ("leaseLost", "handedOver", "shutdown"):
            self.assertEqual(self.causes(reason), OURS)


class ChaosTests(unittest.TestCase):
    def test_an_event_that_was_sent_again_counts_by_its_first_place(self):
        places = log()
        places["0", 20] = places["0", 3]
        report = check(TELEMETRY, {"a": lines(places)}, resent=True)
        self.assertEqual((report.problems, report.counts["again"], report.counts["events"]), ([], 1, 40))

    def test_a_resent_event_before_its_place_is_out_of_order(self):
        places = log()
        indexes = [places["0", sequence] for sequence in range(20)]
        for sequence, index in enumerate([indexes[4], *indexes]):
            places["0", sequence] = index
        self.assertIn("keys: ", "".join(check(TELEMETRY, {"a": lines(places)}, resent=True).problems))

    def test_checkpoints_that_go_back_or_name_what_was_not_handled(self):
        for sequences in ([5, 4], [25]):
            marks = [mark("checkpoint", "0", sequence=sequence) for sequence in sequences]
            zero = [mark("open", "0"), *lines(log(), partition="0"), *marks]
            problems = check(TELEMETRY, {"a": zero, "b": lines(log(), partition="1")}).problems
            self.assertEqual({problem.split(":")[0] for problem in problems}, {"monotone"})

    def test_a_crashed_run_excuses_no_start_at_an_event_nobody_handled(self):
        zero = lines(log(), partition="0")
        files = {
            "a": [mark("open", "0", at=1), *zero[12:]],
            "b": [mark("open", "0", at=2), *zero[:12]],
            "c": lines(log(), partition="1"),
        }
        self.assertEqual(
            {problem.split(":")[0] for problem in check(TELEMETRY, files, crashed=True).problems}, {"duplicates"}
        )


class StoreProxyTests(unittest.TestCase):
    """Before an echo server."""

    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.echo, daemon=True).start()
        self.proxy = StoreProxy(self.server.getsockname()[1])

    def tearDown(self):
        self.proxy.close()
        self.server.close()

    def echo(self):
        def serve(peer):
            with peer, contextlib.suppress(ConnectionError):
                while data := peer.recv(4096):
                    peer.sendall(data)

        while True:
            try:
                threading.Thread(target=serve, args=[self.server.accept()[0]], daemon=True).start()
            except OSError:
                return

    def connect(self):
        peer = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10)
        self.addCleanup(peer.close)
        return peer

    def assert_serves(self):
        peer = self.connect()
        peer.sendall(b"hello")
        self.assertEqual(peer.recv(100), b"hello")

    def test_serve_and_refuse(self):
        self.assert_serves()
        peer = self.connect()
        peer.sendall(b"hello")
        peer.recv(100)
        self.proxy.set("refuse")
        with self.assertRaises(OSError):
            if not peer.recv(100):
                raise ConnectionError
        with self.assertRaises(ConnectionRefusedError):
            self.connect()
        self.proxy.set("serve")
        self.assert_serves()

    def test_stall(self):
        self.proxy.set("stall")
        peer = self.connect()
        peer.settimeout(0.3)
        peer.sendall(b"hello")
        with self.assertRaises(TimeoutError):
            peer.recv(100)
        self.proxy.set("serve")
        self.assert_serves()

    def test_break(self):
        self.proxy.set("break")
        peer = self.connect()
        with self.assertRaises(OSError):
            for _ in range(100):
                peer.sendall(b"x" * 100)
                if not peer.recv(100):
                    raise ConnectionError
        self.proxy.set("serve")
        self.assert_serves()


class TelemetryTests(unittest.TestCase):
    def test_same_seed_same_bytes_and_sizes_in_range(self):
        again = Telemetry(vehicles=4, count=40)
        sizes = []
        for index in range(40):
            self.assertEqual(TELEMETRY.document(index), again.document(index))
            document = json.loads(TELEMETRY.document(index))
            self.assertEqual((document["id"], document["n"]), (index, index // 4))
            sizes.append(len(TELEMETRY.document(index)))
        self.assertTrue(all(SMALLEST <= size <= LARGEST for size in sizes))
        self.assertNotEqual(Telemetry(seed=1).document(0), TELEMETRY.document(0))

    def test_batches_hold_every_event_once_and_keep_each_vehicle_in_order(self):
        telemetry = Telemetry(vehicles=7, count=100)
        newest, seen = {}, set()
        for vehicle, indexes in telemetry.batches(run=3):
            for index in indexes:
                self.assertEqual(telemetry.vehicle(index), vehicle)
                self.assertGreater(index, newest.get(vehicle, -1))
                newest[vehicle] = index
                seen.add(index)
        self.assertEqual(seen, set(range(100)))


class ProcessTests(unittest.TestCase):
    def script(self, text):
        return [sys.executable, "-u", "-c", text]

    def test_a_process_that_says_ready(self):
        with processes.Stage("test") as stage:
            process = stage.start("ready", self.script("print('ready amqp=127.0.0.1:5'); import time; time.sleep(60)"))
            self.assertEqual(process.wait_for_line(r"ready amqp=\S+:(\d+)", 10).group(1), "5")
            self.assertTrue(process.running)
        self.assertFalse(process.running)

    def test_a_process_that_dies_before(self):
        with processes.Stage("test") as stage:
            process = stage.start("dies", self.script("import sys; sys.exit('no such file')"))
            with self.assertRaises(processes.Failure) as failure:
                process.wait_for_line("ready", 10)
            self.assertIn("no such file", str(failure.exception))

    def test_a_process_that_hangs(self):
        with processes.Stage("test") as stage:
            process = stage.start("hangs", self.script("import signal,time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"))
            with self.assertRaises(processes.Failure):
                process.finish(0.3)
            process.stop(0.3)
        self.assertFalse(process.running)

    def test_a_process_that_is_stopped_and_continued(self):
        with processes.Stage("test") as stage:
            process = stage.start("paused", self.script("import time; print('ready'); time.sleep(60)"))
            process.wait_for_line("ready", 10)
            process.pause()
            self.assertTrue(process.paused and process.running)
            process.resume()
            process.pause()
            self.assertEqual(len(process.pauses), 2)
            self.assertLessEqual(*process.pauses[0])
        self.assertFalse(process.running)

    def test_lines_are_counted_as_they_come(self):
        with processes.Stage("test") as stage:
            text = "import sys; [print(line) for line in sys.argv[1:]]"
            process = stage.start("host", [*self.script(text), mark("open", "3"), compact(event("3", 7, 12))])
            process.finish(10)
            process.read_new()
            self.assertEqual((process.owned, process.events, process.ids), ({"3"}, 1, {12}))


if __name__ == "__main__":
    unittest.main()
