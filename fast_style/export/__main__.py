"""Export a trained generator: fast-style export --model=run --output_dir=export"""

import os
import sys
from collections.abc import Sequence
from typing import Any

from absl import flags, logging

from fast_style import extras, gallery, images, native_log, script, trained
from fast_style.export import folders
from fast_style.export.wanted import (
    LEAST_PHONE,
    OPSETS,
    PRECISIONS,
    RANGES,
    Wanted,
    read_bakes,
    read_sizes,
)
from fast_style.fields import expanded

DESCRIPTION = """\
Write a trained generator as a SavedModel and .tflite files, and prove each of them.

  {program} --model=run --output_dir=export
"""


def define_flags(values: flags.FlagValues) -> None:
    """Define the flags: the arguments of `export` and the fields of Wanted."""
    texts = {
        "model": (
            None,
            "Run directory of a training, .keras file, or name of a model of the "
            "package, such as gallery.",
        ),
        "output_dir": ("export", "Directory to make."),
        "photo": (
            str(gallery.SAMPLE),
            "Photograph on which every artefact is compared with Keras.",
        ),
        "phone": (
            "",
            "Sizes of files for phones' GPUs, such as 512x512,1080x1920. Default: "
            "none.",
        ),
        "bake_size": (
            "",
            "Width and height that the files of --bake take, such as 640x360. Default: "
            "any.",
        ),
        "prove": (
            "",
            "Styles to compare alone, such as wave,scream, beside a blend of all. "
            "Default: all.",
        ),
    }
    for name, (default, help) in texts.items():
        flags.DEFINE_string(name, default, help, flag_values=values)
    flags.DEFINE_bool(
        "overwrite", False, "Replace an earlier export.", flag_values=values
    )
    flags.DEFINE_enum(
        "only",
        None,
        list(PRECISIONS),
        "Write the .tflite file of this precision alone, which is quicker. Default: "
        "all of them, and the SavedModel.",
        flag_values=values,
    )
    _define_onnx(values)


def _define_onnx(values: flags.FlagValues) -> None:
    flags.DEFINE_bool(
        "onnx", False, "Write ONNX files for any size and blend.", flag_values=values
    )
    flags.DEFINE_multi_string(
        "bake",
        [],
        "Write an ONNX file with these styles inside, such as wave:0.6,scream:0.4; "
        "may be given again. Default: none.",
        flag_values=values,
    )
    flags.DEFINE_enum(
        "bake_range",
        str(RANGES[0]),
        list(map(str, RANGES)),
        "What white is in the files of --bake.",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "opset", OPSETS[0], "Version of ONNX's operations.", flag_values=values
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
        wanted = _wanted(values)
        if not arguments["model"]:
            raise ValueError(
                "--model is missing; give a run directory or a .keras file."
            )
        folders.check(arguments["output_dir"], values.overwrite)
        models = gallery.trainable_models()
        arguments["model"] = str(models.get(arguments["model"], arguments["model"]))
        trained.find(arguments["model"])
        images.read_size(arguments["photo"])
        with native_log.off():
            import keras

            keras.distribution.list_devices()
        from fast_style.export import proof
        from fast_style.export.export import export

        results = export(**arguments, overwrite=values.overwrite, wanted=wanted)
        print(proof.table(results))
        if wanted.proves:
            print(f"Compared: a blend of all, and alone {', '.join(wanted.proves)}.")
        print(f"Saved {arguments['output_dir']}")
    return 0


def _wanted(values: flags.FlagValues) -> Wanted:
    """Return what flags ask for.

    Raises:
        OSError: The extra onnx is missing, and asked for.
        SettingError: A flag is not understood.
    """
    wanted = Wanted(
        only=values.only,
        onnx=values.onnx,
        opset=values.opset,
        bakes=read_bakes(values.bake, values.bake_size, int(values.bake_range)),
        phones=read_sizes("phone", values.phone, LEAST_PHONE),
        proves=tuple(filter(None, map(str.strip, values.prove.split(",")))),
    )
    if wanted.onnx or wanted.bakes:
        if advice := extras.missing(("onnx", "onnxruntime", "tf2onnx"), "onnx"):
            raise OSError(f"Cannot write ONNX: {advice}")
    return wanted


if __name__ == "__main__":
    sys.exit(main([f"python -m {__package__}", *sys.argv[1:]]))
