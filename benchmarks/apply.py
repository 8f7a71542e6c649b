"""Times applying a style beside what else one would use: python benchmarks/apply.py

Wants an idle machine, 20 GB of free memory (ONNX Runtime's 2048 px run alone takes 5),
TensorFlow ([train]) in the Python that runs it, and about ten minutes.
"""

import sys
from pathlib import Path

from absl import app, flags

flags.DEFINE_string(
    "work_dir",
    str(Path.home() / ".cache" / "fast_style_bench"),
    "Folder for the peers' environments (3 GB) and the models; kept for the next run.",
)
flags.DEFINE_bool(
    "quick", False, "256 px only, few runs, nothing written: to see that all works."
)
flags.DEFINE_string(
    "output",
    str(Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"),
    "Markdown file whose section is replaced, or added.",
)


def main(argv):
    del argv
    from applying import benchmark

    names = ("work_dir", "quick", "output")
    benchmark(**{name: flags.FLAGS[name].value for name in names})


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"apply.py: error: {error}")
