"""Calls to supervisord over its unix socket: XML-RPC with nothing but a socket and expat, because these tools must start in milliseconds."""

import re
import socket
from xml.parsers import expat

BAD_NAME = 10
ALREADY_STARTED = 60
NOT_RUNNING = 70
ALREADY_ADDED = 90
STILL_RUNNING = 91

UP = ("STARTING", "RUNNING")
ENDED = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")


class Fault(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Supervisor:
    """One supervisord. Raises OSError when nothing answers, Fault when it refuses."""

    def __init__(self, path):
        self.path = path

    def call(self, method, *parameters, timeout=10):
        body = "<?xml version='1.0'?><methodCall><methodName>supervisor.%s</methodName><params>%s</params></methodCall>" % (
            method,
            "".join("<param><value>%s</value></param>" % _written(value) for value in parameters),
        )
        return _value(_post(self.path, body.encode(), timeout))

    def processes(self, group=None):
        """[{group, name, statename, pid, …}], the names without their group."""
        found = []
        for info in self.call("getAllProcessInfo"):
            if group is not None and info["group"] != group:
                continue
            prefix = info["group"] + "."
            name = info["name"]
            info["name"] = name[len(prefix) :] if name.startswith(prefix) else name
            found.append(info)
        return found

    def tolerate(self, codes, method, *parameters, timeout=10):
        """The call; None instead of one of these faults."""
        try:
            return self.call(method, *parameters, timeout=timeout)
        except Fault as fault:
            if fault.code not in codes:
                raise
            return None


def _written(value):
    if isinstance(value, bool):
        return "<boolean>%d</boolean>" % value
    if isinstance(value, int):
        return "<int>%d</int>" % value
    return "<string>%s</string>" % value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _post(path, body, timeout):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.connect(path)
        head = "POST /RPC2 HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body)
        connection.sendall(head.encode() + body)
        answer = b""
        while True:
            part = connection.recv(65536)
            if not part:
                break
            answer += part
    head, _, content = answer.partition(b"\r\n\r\n")
    if not re.match(rb"HTTP/1\.[01] 200 ", head):
        raise OSError("supervisord answered %r" % head[:80])
    length = re.search(rb"(?i)\r\ncontent-length:\s*(\d+)", head)
    if length and len(content) < int(length.group(1)):
        raise OSError("supervisord's answer was cut short")
    return content


def _value(content):
    stack, text, result = [], [], []

    def start(tag, _attributes):
        if tag in ("array", "struct", "fault"):
            stack.append([])
        text.clear()

    def end(tag):
        word = "".join(text)
        if tag in ("int", "i4"):
            result.append(int(word))
        elif tag == "boolean":
            result.append(word == "1")
        elif tag in ("string", "name"):
            result.append(word)
        elif tag == "double":
            result.append(float(word))
        elif tag == "value" and stack:
            stack[-1].append(result.pop())
        elif tag == "member":
            stack[-1].append((result.pop(), stack[-1].pop()))
        elif tag == "array":
            result.append(stack.pop())
        elif tag == "struct":
            result.append(dict(stack.pop()))
        elif tag == "fault":
            fault = stack.pop()[0]
            raise Fault(fault["faultCode"], fault["faultString"])
        text.clear()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text.append
    parser.Parse(content, True)
    return result[-1]
