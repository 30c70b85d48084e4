"""One JSON object a line, as `slipway logs` reads it."""

import json
from datetime import datetime, timezone


def log_line(level, message, **fields):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps(dict(time=now, level=level, message=message, **fields)) + "\n"
