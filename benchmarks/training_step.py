"""Times a training step beside PyTorch's example: python -m benchmarks.training_step

Wants an idle machine, 20 GB of free memory (all systems of one network stay loaded),
TensorFlow ([train]) in the Python that runs it, and about seven minutes.
"""

import json
import shlex
import sys
from pathlib import Path

from absl import app, flags
from tqdm import tqdm

from benchmarks import measuring, peer_benchmark, report
from benchmarks.measuring import ROOT, System
from benchmarks.peer_benchmark import say
from fast_style.stylizer import count_cores

HEADING = "## A training step"
IMAGE_SIZE, BATCH_SIZE, ROUNDS, FED = 256, 4, 3, 32  # px, pictures, steps, batches
QUICK = 64, 1, 2, 2  # the same of --quick
PRESETS = ("light", "full")
# Arguments of keras_step.trainer, and of plain_torch_training.Step.
OURS = {
    f"{title} {precision}": {"loss_network": name, "precision": precision}
    for name, title in (("vgg16", "VGG16"), ("compact", "compact"))
    for precision in ("float32", "bfloat16")
}
COMPILED = "compact bfloat16, XLA"
QUICKEST = "compact bfloat16"
PROFILED = ("VGG16 bfloat16", "compact bfloat16")
UNIT = "PyTorch float32"
PEERS = {UNIT: {}, f"{UNIT}, channels last": {"channels_last": True}}

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
    str(ROOT / "docs" / "benchmarks.md"),
    "Markdown file whose section is replaced, or added.",
)


def benchmark(*, work_dir, vgg16_weights, jit, quick, output):
    """Measures everything, prints the section and writes it.

    Args:
        work_dir: Folder for the environment and the inputs; made if missing.
        vgg16_weights: Path of a .h5 file, or None for random weights.
        jit: Whether to time a step that XLA compiles, too.
        quick: Take small pictures, few steps, and write nothing.
        output: Path of the Markdown file.

    Raises:
        OSError: Something cannot be installed, or a system stopped.
    """

    def measure(work_dir, homes, log, load):
        shape = QUICK if quick else (IMAGE_SIZE, BATCH_SIZE, ROUNDS, FED)
        inputs = work_dir / "training"
        say("Writing the inputs")
        _script(homes, log, "prepare_training", inputs, *shape[:2], vgg16_weights)
        return _measure(inputs, homes, log, shape, jit=jit, load=load)

    peer_benchmark.make(
        measure, ["pytorch"], work_dir=work_dir, quick=quick, output=output
    )


def _measure(inputs, homes, log, shape, *, jit, load):
    image_size, batch_size, rounds, fed = shape
    threads = count_cores()
    systems = _systems(inputs, homes, jit)
    usages, versions = {}, {}
    with tqdm(total=len(systems) * (rounds + 1)) as bar:
        # One network after the other: not all would fit into memory.
        for preset in PRESETS:
            bar.set_description(preset)
            taken, found = measuring.in_process(
                [system for system in systems if system.preset == preset],
                inputs / "batch.npy",
                rounds=rounds,
                threads=threads,
                log=log,
                expected=None,
                advance=bar.update,
            )
            usages |= taken
            versions |= found
    say("The parts of a step")
    parts = {}
    for name in PROFILED:
        settings = _settings(inputs, "light", OURS[name])
        printed = _script(homes, log, "step_parts", settings, threads, rounds)
        parts[name] = json.loads(printed)
    say("The loaders")
    photographs = inputs / "photographs"
    printed = _script(
        homes, log, "loader_times", photographs, image_size, batch_size, fed
    )
    quickest = usages[f"light {QUICKEST}"].seconds * threads
    command = ["python", "-m", "benchmarks.training_step", *(["--jit"] if jit else [])]
    return "\n\n".join(
        [
            HEADING,
            f"Made by `{shlex.join(command)}` on:",
            f"- {report.machine(threads)}, load {load:.1f} at the start\n- "
            + ", ".join(f"{name} {versions[name]}" for name in sorted(versions)),
            _steps_text(systems, usages, shape),
            _parts_text(parts),
            _feeding_text(json.loads(printed), quickest),
        ]
    )


def _script(homes, log, name, *arguments):
    """What a script of this folder prints, run where TensorFlow is."""
    words = [str(word) for word in arguments if word is not None]
    python = homes["tensorflow"].python
    return measuring.output([python, "-m", f"benchmarks.{name}", *words], log)


def _settings(inputs, preset, others):
    return json.dumps({"folder": str(inputs), "preset": preset, **others})


def _systems(inputs, homes, jit):
    ours = {**OURS, **({COMPILED: {**OURS[QUICKEST], "jit": True}} if jit else {})}
    return [
        System(
            f"{preset} {name}",
            homes[home].python,
            kind,
            _settings(inputs, preset, settings),
            preset,
        )
        for preset in PRESETS
        for home, kind, group in (
            ("tensorflow", "keras_step", ours),
            ("pytorch", "torch_step", PEERS),
        )
        for name, settings in group.items()
    ]


def _steps_text(systems, usages, shape):
    image_size, batch_size, rounds, _ = shape
    names = [s.label.split(" ", 1)[1] for s in systems if s.preset == PRESETS[0]]
    rows = []
    for name in names:
        row = [name]
        for preset in PRESETS:
            usage, unit = usages[f"{preset} {name}"], usages[f"{preset} {UNIT}"]
            speed = batch_size / usage.seconds
            row.append(f"{speed:.2f} ({unit.seconds / usage.seconds:.2f})")
            row.append(
                f"{usage.megabytes:.0f} ({usage.megabytes / unit.megabytes:.2f})"
            )
        rows.append(row)
    header = [
        f"{preset}, {what}" for preset in PRESETS for what in ("images/s", "peak MB")
    ]
    return (
        "### Steps\n\n"
        "Pictures a second, and the most memory of the process, in brackets the "
        f"multiple of {UNIT}'s\nof the same network. {image_size}x{image_size} px, "
        f"batches of {batch_size}; median of {rounds} steps, the systems in turn, each "
        "in\na process of its own, after one step to warm up; as many threads as "
        "cores. The batch lies in\nmemory. VGG16 or compact: the loss network; "
        "bfloat16 is of loss network and generator.\n"
        "PyTorch: networks and step as its own fast_neural_style example writes them, "
        "with the losses\nof this project (its terms of one picture are compared with "
        "Keras' before), against VGG16\nand with PyTorch's defaults.\n\n"
        + report.table(["system", *header], rows)
    )


def _parts_text(parts):
    rows = []
    for part in next(iter(parts.values())):
        row = [part]
        for taken in parts.values():
            share = taken[part] / taken["whole step"]
            row.append(f"{1000 * taken[part]:.0f} ({share:.0%})")
        rows.append(row)
    return (
        "### The parts of a step\n\n"
        "Milliseconds, and the share of the whole step, of the light network; each "
        "part compiled by\nitself, in one process and in turn, so that they need not "
        "sum to the whole.\n\n" + report.table(["part", *parts], rows)
    )


def _feeding_text(taken, step):
    rows = [
        [
            name,
            f"{1000 * seconds:.1f}",
            f"{seconds / step:.1%}",
            f"{start:.1f}",
        ]
        for name, (seconds, start) in taken.items()
    ]
    return (
        "### Input pipeline\n\n"
        f"Processor time of the loader by itself, against all cores' over a step of "
        f"light {QUICKEST},\nthe quickest without XLA. The start: opening the "
        "source and the first 128 pictures, until which\nthe drawn ones have been "
        "drawn once.\n\n"
        + report.table(
            ["source", "CPU ms per batch", "share of a step", "start, CPU s"], rows
        )
    )


def main(argv):
    del argv
    names = ("work_dir", "vgg16_weights", "jit", "quick", "output")
    benchmark(**{name: flags.FLAGS[name].value for name in names})


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"training_step: error: {error}")
