"""Export a trained generator: python export.py --model=run --output_dir=export"""

import os
from collections.abc import Sequence
from pathlib import Path

from fast_style import script

with script.one_line_errors("export.py"):
    from absl import app, flags

PHOTO = Path(__file__).parent / "examples" / "astronaut.jpg"


def define_flags() -> None:
    """Define the flags, which are the arguments of `export`."""
    flags.DEFINE_string("model", None, "Run directory of train.py, or .keras file.")
    flags.DEFINE_string("output_dir", "export", "Directory to make.")
    flags.DEFINE_string(
        "photo",
        str(PHOTO),
        "Photograph on which every artefact is compared with Keras.",
    )


def main(argv: Sequence[str]) -> None:
    if argv[1:]:
        raise ValueError(f"'{argv[1]}' belongs to no flag. Write --flag=value.")
    names = ("model", "output_dir", "photo")
    arguments = {name: flags.FLAGS[name].value for name in names}
    if not arguments["model"]:
        raise ValueError("--model is missing; give a run directory or a .keras file.")
    from fast_style.export import export, proof

    results = export(**arguments)
    print(proof.table(results))
    print(f"Saved {arguments['output_dir']}")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no remarks of TensorFlow
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whichever trained the model
    define_flags()
    with script.one_line_errors("export.py"):
        app.run(main, flags_parser=script.flags_parser(flags, "python export.py"))
