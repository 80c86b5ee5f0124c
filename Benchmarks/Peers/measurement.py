"""What a peer's run cost, printed as the harness prints it: one JSON object on one line."""

import json
import resource
import time


class Meter:
    """Starts with the first event and stops with the last."""

    def __init__(self):
        self._start = None

    def begin(self):
        if self._start is None:
            self._start = (time.monotonic(), resource.getrusage(resource.RUSAGE_SELF))

    def finish(self, events, body_bytes):
        wall, usage = self._start
        now = resource.getrusage(resource.RUSAGE_SELF)
        seconds = time.monotonic() - wall
        user = now.ru_utime - usage.ru_utime
        system = now.ru_stime - usage.ru_stime
        print(
            json.dumps(
                {
                    "events": events,
                    "seconds": seconds,
                    "events_per_second": events / seconds,
                    "mb_per_second": body_bytes / seconds / 1e6,
                    "cpu_us_per_event": (user + system) / events * 1e6,
                    "user_us_per_event": user / events * 1e6,
                    "system_us_per_event": system / events * 1e6,
                    "peak_rss_bytes": now.ru_maxrss * 1024,
                }
            ),
            flush=True,
        )
