export interface GunicornConfArgs {
  readonly socket: string;
  /** `gthread`, `sync`, or the path of a class. */
  readonly workerClass: string;
  readonly workers: number;
  readonly threads: number;
  readonly gracefulSeconds: number;
}

/** Strings of JSON are strings of Python. */
const text = (value: string): string => JSON.stringify(value);

/**
 * A configuration of Slipway's own, so that the project's `gunicorn.conf.py` is not read. Settings an older Gunicorn does not know are passed over by it.
 * https://docs.gunicorn.org/en/stable/settings.html
 */
export const gunicornConf = (args: GunicornConfArgs): string => `import os
import socket

import gunicorn

# Before 19.8 it asks unix sockets for what only others have, and kernels of today refuse: https://docs.gunicorn.org/en/stable/2018-news.html
if gunicorn.version_info < (19, 8) and hasattr(socket, "SO_REUSEPORT"):
    del socket.SO_REUSEPORT

bind = ${text(`unix:${args.socket}`)}
backlog = 2048
worker_class = ${text(args.workerClass)}
workers = ${args.workers}
threads = ${args.threads}
# A sync worker's longest request; for the others only a sign of life.
timeout = 60
graceful_timeout = ${args.gracefulSeconds}
keepalive = 5
preload_app = False
reload = False
reuse_port = False
daemon = False
umask = 0o007
# The heartbeat file: a busy disk must not look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None
# Only the edge reaches the socket, and it overwrites these headers.
forwarded_allow_ips = "*"
accesslog = None
errorlog = "-"
loglevel = "info"
control_socket_disable = True
`;
