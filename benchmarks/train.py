"""Times a training step beside PyTorch's example: python benchmarks/train.py

Wants an idle machine, 20 GB of free memory (all systems of one network stay loaded),
TensorFlow ([train]) in the Python that runs it, and about seven minutes.
"""

import sys
from pathlib import Path

from absl import app, flags

flags.DEFINE_string(
    "work_dir",
    str(Path.home() / ".cache" / "fast_style_bench"),
    "Folder for PyTorch's environment (1 GB) and the inputs; kept for the next run.",
)
flags.DEFINE_string(
    "vgg16_weights",
    None,
    "VGG16's weights as train.py takes them, a .h5 file; random ones when not given: "
    "they make no difference to speed.",
)
flags.DEFINE_bool(
    "jit", False, "Also time this project's quickest step compiled by XLA."
)
flags.DEFINE_bool(
    "quick",
    False,
    "64 px, batches of one, few steps, nothing written: to see that all works.",
)
flags.DEFINE_string(
    "output",
    str(Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"),
    "Markdown file whose section is replaced, or added.",
)


def main(argv):
    del argv
    from training import benchmark

    names = ("work_dir", "vgg16_weights", "jit", "quick", "output")
    benchmark(**{name: flags.FLAGS[name].value for name in names})


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"train.py: error: {error}")
