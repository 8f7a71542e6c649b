"""Train styles in a copy of the repository, as `fast-style train` does."""

import sys

from fast_style import script

with script.one_line_errors("python train.py"):
    from fast_style.training.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["python train.py", *sys.argv[1:]]))
