"""``python -m nnsim`` is the same as ``nnsim``."""

import sys

from nnsim.cli import main

if __name__ == "__main__":
    sys.exit(main())
