"""Ends a release at once and takes its units away: end_release.py --key shop --release VERSION --live LINK --own FOLDER --web-socket SOCKET --flag FILE [--ended]

The release that is live is not touched. --ended asks: exit 0 when nothing of it is left, else 1.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from release_units import Release, options_parser, systemctl  # noqa: E402

POLL = 0.1


def main():
    parser = options_parser(__doc__)
    parser.add_argument("--ended", action="store_true")
    options = parser.parse_args()
    release = Release(options)
    if options.ended:
        return 0 if release.is_forgotten() else 1
    if release.is_live():
        print("release %s is live: left alone" % release.version, file=sys.stderr)
        return 3
    systemctl("stop", "%s-drain@%s.service" % (options.key, options.release))
    systemctl("stop", *(release.targets + release.wanted()))
    while release.running():
        time.sleep(POLL)
    release.forget()
    return 0


if __name__ == "__main__":
    sys.exit(main())
