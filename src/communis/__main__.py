"""`python -m communis` is the command `communis`."""

import sys

from communis.cli import main

if __name__ == "__main__":
    sys.exit(main())
