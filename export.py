"""Export a generator in a copy of the repository, as `fast-style export` does."""

import sys

from fast_style import script

with script.one_line_errors("python export.py"):
    from fast_style.export.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["python export.py", *sys.argv[1:]]))
