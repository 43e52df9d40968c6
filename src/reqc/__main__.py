"""`python -m reqc` is `reqc`."""

import sys

from reqc.compiler.cli import main

sys.exit(main())
