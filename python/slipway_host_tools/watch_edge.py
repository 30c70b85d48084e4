"""Watches what visitors of an edge get: reads its access log as it grows and, where asked to, sends requests of its own at a low rate.

watch_edge.py --log FILE --release VERSION --name DOMAIN --certificate FILE [--address ADDRESS] [--rate PER_SECOND] [--path PATH]

Prints one JSON object a line until it is stopped:
{"log": {"requests": 3, "failed": 0}, "new": true}   answers since the line before; `new`: they are of VERSION, or of nobody (the edge could not reach it)
{"probe": {"ms": 12.3, "status": 200}}               an own request; `status` null, with a `problem`, when nothing good came
The first line tells of the last ten minutes of the log. Only what the application answered counts, and what failed in its place; own requests do not.
The certificate is pinned: what is served must be the first one in the file, whoever gave it.
"""

import argparse
import http.client
import json
import os
import socket
import ssl
import sys
import threading
import time

AGENT = "slipway-probe"
HISTORY_BYTES = 512 * 1024
HISTORY_SECONDS = 600
PAUSE = 0.1
TIMEOUT = 5
lock = threading.Lock()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("log", "release", "name", "certificate"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--address")
    parser.add_argument("--path", default="/")
    parser.add_argument("--rate", type=float, default=5)
    options = parser.parse_args()
    if options.address:
        threading.Thread(target=probe, args=(options,), daemon=True).start()
    follow(options)
    return 0


def follow(options):
    log = Log(options.log)
    first = tally(log.history(), options.release, time.time() - HISTORY_SECONDS)
    say({"log": {"requests": first[0][0] + first[1][0], "failed": first[0][1] + first[1][1]}, "new": False})
    while True:
        time.sleep(PAUSE)
        for new, (requests, failed) in enumerate(tally(log.lines(), options.release)):
            if requests:
                say({"log": {"requests": requests, "failed": failed}, "new": bool(new)})


def tally(lines, release, since=0.0):
    """((requests, failed) of other releases, the same of this one)."""
    counts = [[0, 0], [0, 0]]
    for line in lines:
        try:
            entry = json.loads(line)
            status = int(entry["status"])
            if float(entry.get("epoch", since)) < since or entry.get("agent", "").startswith(AGENT):
                continue
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        failed = status >= 500
        if not failed and entry.get("upstream_status", "-") == "":
            continue
        count = counts[1 if entry.get("release") in (release, "", "-", None) else 0]
        count[0] += 1
        count[1] += failed
    return counts


class Log:
    """A file that grows, and that may be turned over meanwhile or not be there yet."""

    def __init__(self, path):
        self.path = path
        self.file = None
        self.rest = b""
        self.open()

    def open(self):
        try:
            self.file = open(self.path, "rb")
        except OSError:
            self.file = None

    def history(self):
        if self.file is None:
            return []
        size = os.fstat(self.file.fileno()).st_size
        self.file.seek(max(0, size - HISTORY_BYTES))
        # Of the first line there may be only an end.
        lines = self.read()
        return lines[1:] if size > HISTORY_BYTES else lines

    def lines(self):
        found = self.read()
        try:
            turned = self.file is None or os.stat(self.path).st_ino != os.fstat(self.file.fileno()).st_ino
        except OSError:
            turned = False
        if turned:
            self.open()
            found += self.read()
        return found

    def read(self):
        if self.file is None:
            return []
        *whole, self.rest = (self.rest + self.file.read()).split(b"\n")
        return [line.decode("utf-8", "replace") for line in whole]


def probe(options):
    began = time.monotonic()
    number = 0
    while True:
        time.sleep(max(0.0, began + number / options.rate - time.monotonic()))
        number += 1
        threading.Thread(target=ask, args=(options,), daemon=True).start()


def ask(options):
    due = time.monotonic()
    status, problem = None, None
    try:
        status = answer(options)
    except (OSError, ValueError, http.client.HTTPException) as error:
        problem = "%s: %s" % (type(error).__name__, error)
    took = {"ms": round((time.monotonic() - due) * 1000, 2), "status": status}
    if problem is not None:
        took["problem"] = problem
    say({"probe": took})


def answer(options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = socket.create_connection((options.address, 443), TIMEOUT)
    try:
        secure = context.wrap_socket(plain, server_hostname=options.name)
    except BaseException:
        plain.close()
        raise
    connection = http.client.HTTPConnection(options.name)
    connection.sock = secure
    try:
        if secure.getpeercert(True) != pinned(options.certificate):
            raise ssl.SSLError("another certificate is served than is installed")
        headers = {"host": options.name, "accept": "text/html", "user-agent": AGENT, "connection": "close"}
        connection.request("GET", options.path, headers=headers)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def pinned(path):
    with open(path, encoding="ascii") as file:
        text = file.read()
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(text[text.index(begin) : text.index(end) + len(end)])


def say(entry):
    with lock:
        print(json.dumps(entry), flush=True)


if __name__ == "__main__":
    sys.exit(main())
