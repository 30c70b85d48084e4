"""redis_ping.py PORT: 0 when Redis on 127.0.0.1 has its data and answers, 1 while it loads or refuses, 2 when nothing answers. The password comes in SLIPWAY_REDIS_PASSWORD."""

import os
import socket
import sys


def main(port):
    password = os.environ.get("SLIPWAY_REDIS_PASSWORD")
    try:
        with socket.create_connection(("127.0.0.1", port), 3) as connection:
            if password is not None and not ask(connection, "AUTH", password).startswith(b"+OK"):
                return 1
            return 0 if ask(connection, "PING") == b"+PONG\r\n" else 1
    except OSError:
        return 2


def ask(connection, *words):
    parts = [word.encode() for word in words]
    connection.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
    answer = b""
    while not answer.endswith(b"\r\n"):
        more = connection.recv(4096)
        if not more:
            break
        answer += more
    return answer


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
