"""Export a trained generator: python export.py --model=run --output_dir=export"""

import os
import sys
from pathlib import Path

from absl import app, flags

flags.DEFINE_string(
    "model", None, "Run directory of train.py, or .keras file.", required=True
)
flags.DEFINE_string("output_dir", "export", "Directory to make.")
flags.DEFINE_string(
    "photo",
    str(Path(__file__).parent / "examples" / "astronaut.jpg"),
    "Photograph on which every artefact is compared with Keras.",
)


def main(argv: list[str]) -> None:
    if argv[1:]:
        raise ValueError(f"'{argv[1]}' belongs to no flag. Write --flag=value.")
    from fast_style.export import export, proof

    names = ("model", "output_dir", "photo")
    results = export(**{name: flags.FLAGS[name].value for name in names})
    print(proof.table(results))
    print(f"Saved {flags.FLAGS.output_dir}")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no remarks of TensorFlow
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whichever trained the model
    if "--help" in sys.argv:
        app.usage(shorthelp=True, writeto_stdout=True, exitcode=0)
    try:
        app.run(main)
    except ImportError as error:
        sys.exit(f"export.py: error: {error}. Install it by pip install '.[train]'")
    except (OSError, ValueError) as error:
        sys.exit(f"export.py: error: {error}")
