"""Sets up the program and runs it, its tests and its tools: ``python packaging/dev.py --help``.

Needs nothing but Python. This file stays readable to old Pythons, so that they get a sentence
instead of a syntax error.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "nnsim needs Python 3.11 or newer; this is %s (%s).\n"
        "Start it with a newer one, for example:  python3.12 packaging/dev.py %s"
        % (sys.version.split()[0], sys.executable, " ".join(sys.argv[1:]) or "run")
    )

from developer import main

sys.exit(main(sys.argv[1:]))
