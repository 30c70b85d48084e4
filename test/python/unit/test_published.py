"""The package index asked for a distribution, over HTTP, in both forms of its pages."""

import hashlib
import http.server
import io
import json
import pathlib
import socketserver
import sys
import tarfile
import threading
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "python" / "slipway_tools"))
import published  # noqa: E402


def wheel(text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("thing/__init__.py", "raise SystemExit('this ran')")
        archive.writestr("thing-1.0.dist-info/METADATA", text)
    return data.getvalue()


def source(text):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        for name, content in (("thing-0.9/setup.py", "raise SystemExit('this ran')"), ("thing-0.9/PKG-INFO", text)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
    return data.getvalue()


NEW = wheel("Name: thing\nProject-URL: Source, https://github.com/owner/thing\n")
OLD = source("Name: thing\n\n[badge](https://x.example/git%2Bhttps%3A%2F%2Fgithub.com%2Fowner%2Fthing.svg)\n")
FILES = {"thing-1.0-py3-none-any.whl": NEW, "thing-0.9.tar.gz": OLD, "thing-2.0rc1.tar.gz": OLD, "thing-1.1.tar.gz": OLD}


class Index(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        if name in FILES:
            return self.answer("application/octet-stream", FILES[name])
        if self.path == "/json/thing/":
            files = [
                {"filename": name, "url": "/files/" + name, "hashes": {"sha256": hashlib.sha256(data).hexdigest()}, "yanked": "1.1" in name}
                for name, data in FILES.items()
            ]
            return self.answer("application/vnd.pypi.simple.v1+json", json.dumps({"files": files}).encode())
        if self.path in ("/html/thing/", "/wrong/thing/"):
            sums = "0" * 64 if "wrong" in self.path else hashlib.sha256(NEW).hexdigest()
            page = (
                '<a href="../../files/thing-1.0-py3-none-any.whl#sha256=%s">x</a><a href="/files/thing-0.9.tar.gz">x</a>'
                '<a href="/files/thing-1.1.tar.gz" data-yanked="bad">x</a>' % sums
            )
            return self.answer("text/html", page.encode())
        self.send_error(404)

    def answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


class Published(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = socketserver.TCPServer(("127.0.0.1", 0), Index)
        cls.thread = threading.Thread(target=cls.server.serve_forever)
        cls.thread.start()
        cls.base = "http://127.0.0.1:%d" % cls.server.server_address[1]

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.thread.join()
        cls.server.server_close()

    def ask(self, form, repository="github.com/owner/thing", wanted=None):
        return published.published("thing", repository, wanted, {"UV_DEFAULT_INDEX": "%s/%s/" % (self.base, form)})

    def test_the_newest_final_release_that_is_not_withdrawn(self):
        for form in ("json", "html"):
            self.assertEqual(self.ask(form), "1.0")

    def test_the_wanted_one_from_a_source_archive_whose_badge_names_the_repository(self):
        self.assertEqual(self.ask("json", wanted="0.9.0"), None)
        self.assertEqual(self.ask("json", wanted="0.9"), "0.9")

    def test_nothing_of_another_project(self):
        for repository in ("github.com/owner/other", "github.com/owner/thin", "github.com/someowner/thing", "gitlab.com/owner/thing"):
            self.assertIsNone(self.ask("json", repository))

    def test_nothing_of_a_file_that_is_not_the_one_the_index_names(self):
        self.assertIsNone(self.ask("wrong"))

    def test_another_index_is_asked_where_the_first_has_none(self):
        environ = {"UV_INDEX": "own=%s/none" % self.base, "UV_DEFAULT_INDEX": "%s/html" % self.base}
        self.assertEqual(published.published("thing", "github.com/owner/thing", None, environ), "1.0")


if __name__ == "__main__":
    unittest.main()
