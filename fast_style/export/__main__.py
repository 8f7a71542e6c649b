"""Export a trained generator: fast-style export --model=run --output_dir=export"""

import os
import sys
from collections.abc import Sequence
from typing import Any

from absl import flags, logging

from fast_style import gallery, images, native_log, script, trained
from fast_style.export import folders
from fast_style.fields import expanded

DESCRIPTION = """\
Write a trained generator as a SavedModel and .tflite files, and prove each of them.

  {program} --model=run --output_dir=export
"""


def define_flags(values: flags.FlagValues) -> None:
    """Define the flags, which are the arguments of `export`."""
    texts = {
        "model": (None, "Run directory of a training, or .keras file."),
        "output_dir": ("export", "Directory to make."),
        "photo": (
            str(gallery.SAMPLE),
            "Photograph on which every artefact is compared with Keras.",
        ),
    }
    for name, (default, help) in texts.items():
        flags.DEFINE_string(name, default, help, flag_values=values)
    flags.DEFINE_enum(
        "only",
        None,
        ["float32", "float16", "int8"],
        "Write the .tflite file of this precision alone, which is quicker. Default: "
        "all of them, and the SavedModel.",
        flag_values=values,
    )
    flags.DEFINE_bool(
        "overwrite", False, "Replace an earlier export.", flag_values=values
    )


def main(argv: Sequence[str]) -> int:
    """Export, and return the exit status.

    Args:
        argv: What a person types to run this, and then the flags.

    Raises:
        SystemExit: Help was asked for, or the export failed or was interrupted.
    """
    program, names = argv[0], ("model", "output_dir", "photo")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no remarks of TensorFlow
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whichever trained the model
    logging.use_absl_handler()
    logging.set_verbosity(logging.WARNING)  # of the SavedModel's inside
    with script.one_line_errors(program):
        text = DESCRIPTION.format(program=program)
        values = script.read_flags(flags, define_flags, argv, text)
        arguments: dict[str, Any] = {
            name: expanded(values[name].value or "") for name in names
        }
        if not arguments["model"]:
            raise ValueError(
                "--model is missing; give a run directory or a .keras file."
            )
        folders.check(arguments["output_dir"], values.overwrite)
        trained.find(arguments["model"])
        images.read_size(arguments["photo"])
        with native_log.off():
            import keras

            keras.distribution.list_devices()
        from fast_style.export import proof
        from fast_style.export.export import export

        results = export(**arguments, overwrite=values.overwrite, only=values.only)
        print(proof.table(results))
        print(f"Saved {arguments['output_dir']}")
    return 0


if __name__ == "__main__":
    sys.exit(main([f"python -m {__package__}", *sys.argv[1:]]))
