"""Exports a trained style: python export.py --model run --output_dir export"""

import os
import sys
from pathlib import Path

from absl import app, flags

flags.DEFINE_string(
    "model", None, "A run directory of train.py or a .keras file.", required=True
)
flags.DEFINE_string("output_dir", "export", "Directory to make.")
flags.DEFINE_string(
    "photo",
    str(Path(__file__).parent / "examples" / "astronaut.jpg"),
    "Photograph that every artefact is compared on with Keras.",
)


def main(argv):
    if argv[1:]:
        raise ValueError(f"'{argv[1]}' belongs to no flag. Write --flag=value.")
    from fast_style.export.exporting import export, table

    names = ("model", "output_dir", "photo")
    rows = export(**{name: flags.FLAGS[name].value for name in names})
    print(table(rows))
    print(f"Saved {flags.FLAGS.output_dir}")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's own remarks
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whichever trained
    try:
        app.run(main)
    except ImportError as error:
        sys.exit(f"export.py: error: {error}. Install it by pip install '.[train]'")
    except (OSError, ValueError) as error:
        sys.exit(f"export.py: error: {error}")
