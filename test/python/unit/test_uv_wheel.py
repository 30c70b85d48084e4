"""The wheel of uv, taken from an index over HTTP by its hash."""

import hashlib
import http.server
import io
import os
import pathlib
import platform
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "python" / "slipway_tools"))
import uv_wheel  # noqa: E402


def wheel():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("uv/__init__.py", "raise SystemExit('this ran')")
        archive.writestr("uv-1.2.3.data/scripts/uv", "#!/bin/sh\necho uv 1.2.3\n")
    return data.getvalue()


WHEEL = wheel()
PLATFORMS = ["%s_%s_%s" % (libc, version, machine) for libc, version in (("manylinux", "2_17"), ("musllinux", "1_1")) for machine in ("x86_64", "aarch64", "riscv64")]
NAMES = ["uv-1.2.%d-py3-none-%s.whl" % (patch, name) for patch in (2, 3) for name in PLATFORMS]


class Index(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        links = "".join('<a href="/files/%s">x</a>' % name for name in NAMES)
        body = WHEEL if "/files/" in self.path else links.encode()
        self.send_response(200 if self.path.startswith(("/files/", "/simple/uv/")) else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


class UvWheel(unittest.TestCase):
    def setUp(self):
        self.server = socketserver.TCPServer(("127.0.0.1", 0), Index)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        shutil.rmtree(self.folder)

    def fetch(self, requirements, index="simple"):
        base = "http://127.0.0.1:%d/%s" % (self.server.server_address[1], index)
        return uv_wheel.fetch_wheel(requirements, self.folder, {"UV_DEFAULT_INDEX": base})

    def pins(self, *hashes, **more):
        lines = " \\\n    ".join("--hash=sha256:" + one for one in hashes)
        return "%s==%s \\\n    %s\nother==2 \\\n    --hash=sha256:%s\n" % (more.get("name", "uv"), more.get("version", "1.2.3"), lines, "0" * 64)

    def test_what_is_wanted_besides(self):
        digest = hashlib.sha256(WHEEL).hexdigest()
        rest = "other==2 \\\n    --hash=sha256:%s\n" % ("0" * 64)
        self.assertEqual(uv_wheel.without_uv(self.pins("0" * 64, digest)), rest)
        self.assertEqual(uv_wheel.without_uv(rest), rest)

    def test_the_wheel_of_this_machine_by_one_of_its_hashes(self):
        path = self.fetch(self.pins("1" * 64, hashlib.sha256(WHEEL).hexdigest()))
        name = os.path.basename(path)
        self.assertTrue(name.startswith("uv-1.2.3-") and name.endswith("_%s.whl" % platform.machine()), name)
        self.assertEqual("manylinux" in name, platform.libc_ver()[0] == "glibc")
        program = uv_wheel.unpack_program(path, self.folder)
        self.assertEqual(subprocess.check_output([program]), b"uv 1.2.3\n")

    def test_nothing_that_is_not_pinned(self):
        with self.assertRaisesRegex(ValueError, "not the file that is wanted"):
            self.fetch(self.pins("1" * 64))
        self.assertEqual(os.listdir(self.folder), [])

    def test_nothing_where_it_is_not_to_be_had(self):
        good = hashlib.sha256(WHEEL).hexdigest()
        for requirements, index, why in (
            (self.pins(good, version="1.2.9"), "simple", "has no uv 1.2.9 for this machine"),
            (self.pins(good, name="nginx"), "simple", "no uv is wanted"),
        ):
            with self.assertRaisesRegex(ValueError, why):
                self.fetch(requirements, index)
        with self.assertRaises(OSError):
            self.fetch(self.pins(good), "none")


if __name__ == "__main__":
    unittest.main()
