"""Time a training step beside PyTorch's example: python -m benchmarks.training_step

Needs an idle machine, 20 GB of free memory (all systems of one network stay loaded),
the extra [train] in the Python that runs it, the network to install PyTorch, and seven
minutes.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from benchmarks import measuring, peer_benchmark, report, script
from benchmarks.environments import Environment
from benchmarks.measuring import System, Usage
from benchmarks.peer_benchmark import Bench, say
from fast_style.argument_types import path
from fast_style.runner import count_cores

PRESETS = ("light", "full")
# Settings of keras_step.trainer, and of plain_torch_training.Step.
OWN: dict[str, dict[str, Any]] = {
    f"{title} {precision}": {"loss_network": name, "precision": precision}
    for name, title in (("vgg16", "VGG16"), ("compact", "compact"))
    for precision in ("float32", "bfloat16")
}
QUICKEST = "compact bfloat16"
COMPILED = {f"{QUICKEST}, XLA": {**OWN[QUICKEST], "jit": True}}
PROFILED = ("VGG16 bfloat16", "compact bfloat16")
UNIT = "PyTorch float32"
PEERS: dict[str, dict[str, Any]] = {
    UNIT: {},
    f"{UNIT}, channels last": {"channels_last": True},
}


class Plan(NamedTuple):
    """What to measure.

    Args:
        image_size: Side of the photographs, in px.
        batch_size: Photographs in a batch.
        rounds: Number of timed steps.
        batches: Number of batches that each loader makes.
    """

    image_size: int
    batch_size: int
    rounds: int
    batches: int


FULL = Plan(256, 4, 3, 32)
QUICK = Plan(64, 1, 2, 2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--vgg16_weights",
        type=path,
        help="VGG16's weights as train.py takes them, a .h5 file. Default: random "
        "ones, for they make no difference to speed.",
    )
    parser.add_argument(
        "--jit",
        action="store_true",
        help="Time this project's quickest step compiled by XLA, too.",
    )
    script.add_peers(parser)
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL
    own = {**OWN, **(COMPILED if options.jit else {})}
    command = ["python", "-m", "benchmarks.training_step"]
    command += ["--jit"] if options.jit else []

    def measure(bench: Bench) -> str:
        inputs = bench.work_dir / "training"
        say("Writing the inputs")
        sizes = [str(plan.image_size), str(plan.batch_size)]
        weights = [options.vgg16_weights] if options.vgg16_weights else []
        _print_of("prepare_training", [str(inputs), *sizes, *weights], bench)
        return section(plan, own, inputs, shlex.join(command), bench)

    peer_benchmark.make(measure, ["pytorch"], options)


def section(
    plan: Plan,
    own: Mapping[str, dict[str, Any]],
    inputs: Path,
    command: str,
    bench: Bench,
) -> str:
    """Measure a plan, and return the section.

    Args:
        plan: The plan.
        own: Settings of this project's steps, by their names.
        inputs: Folder that prepare_training has filled.
        command: The command that the section names.
        bench: Where to measure. Without PyTorch's environment its steps are left out.

    Raises:
        OSError: A system stopped.
    """
    threads = count_cores()
    systems = _systems(own, inputs, bench.homes)
    usages: dict[str, Usage] = {}
    versions: dict[str, str] = {}
    with tqdm(total=len(systems) * (plan.rounds + 1)) as bar:
        # One network after the other: not all would fit into memory.
        for preset in PRESETS:
            bar.set_description(preset)
            taken, packages = measuring.in_process(
                [system for system in systems if system.preset == preset],
                inputs / "batch.npy",
                rounds=plan.rounds,
                threads=threads,
                log=bench.log,
                advance=bar.update,
            )
            usages |= taken
            versions |= packages
    say("The parts of a step")
    parts = {}
    for name in PROFILED:
        settings = _settings(inputs, "light", OWN[name])
        words = [settings, str(threads), str(plan.rounds)]
        parts[name] = json.loads(_print_of("step_parts", words, bench))
    say("The loaders")
    words = [str(inputs / "photographs"), *map(str, plan[:2]), str(plan.batches)]
    loaders = json.loads(_print_of("loader_times", words, bench))
    return "\n\n".join(
        [
            "## A training step",
            f"Made by `{command}` on:",
            f"- {report.machine(threads)}, load {bench.load:.1f} at the start\n- "
            + ", ".join(f"{name} {versions[name]}" for name in sorted(versions)),
            steps_text(usages, plan),
            parts_text(parts),
            loaders_text(loaders, usages[f"light {QUICKEST}"].seconds * threads),
        ]
    )


def _print_of(name: str, words: Sequence[str], bench: Bench) -> str:
    """Return what a module of this package prints, run where TensorFlow is."""
    python = bench.homes["tensorflow"].python
    return measuring.output([python, "-m", f"benchmarks.{name}", *words], bench.log)


def _settings(inputs: Path, preset: str, settings: Mapping[str, Any]) -> str:
    return json.dumps({"folder": str(inputs), "preset": preset, **settings})


def _systems(
    own: Mapping[str, dict[str, Any]], inputs: Path, homes: Mapping[str, Environment]
) -> list[System]:
    groups = [("tensorflow", "keras_step", own), ("pytorch", "torch_step", PEERS)]
    return [
        System(
            f"{preset} {name}",
            homes[home].python,
            kind,
            _settings(inputs, preset, settings),
            preset,
        )
        for preset in PRESETS
        for home, kind, group in groups
        if home in homes
        for name, settings in group.items()
    ]


def steps_text(usages: Mapping[str, Usage], plan: Plan) -> str:
    """Return the subsection on whole steps.

    Args:
        usages: Usage of each step, by its preset and name.
        plan: The plan.
    """
    lines = []
    for name in dict.fromkeys(label.split(" ", 1)[1] for label in usages):
        cells = [name]
        for preset in PRESETS:
            usage, unit = usages[f"{preset} {name}"], usages.get(f"{preset} {UNIT}")
            speed = f"{plan.batch_size / usage.seconds:.2f}"
            megabytes = f"{usage.megabytes:.0f}"
            if unit:
                speed += f" ({unit.seconds / usage.seconds:.2f})"
                megabytes += f" ({usage.megabytes / unit.megabytes:.2f})"
            cells += [speed, megabytes]
        lines.append(cells)
    figures = ("images/s", "peak MB")
    header = [f"{preset}, {figure}" for preset in PRESETS for figure in figures]
    return STEPS.format(
        size=plan.image_size,
        batch=plan.batch_size,
        rounds=plan.rounds,
        table=report.table(["system", *header], lines),
    )


def parts_text(parts: Mapping[str, Mapping[str, float]]) -> str:
    """Return the subsection on the parts of a step.

    Args:
        parts: Seconds of each part, by the name of the step; "whole step" is one.
    """
    lines = []
    for part in next(iter(parts.values())):
        cells = [part]
        for seconds in parts.values():
            share = seconds[part] / seconds["whole step"]
            cells.append(f"{1000 * seconds[part]:.0f} ({share:.0%})")
        lines.append(cells)
    return PARTS.format(table=report.table(["part", *parts], lines))


def loaders_text(loaders: Mapping[str, Sequence[float]], step: float) -> str:
    """Return the subsection on the loaders.

    Args:
        loaders: Processor seconds of a batch and of the start, by the name of a source.
        step: Processor seconds of a step.
    """
    lines = [
        [source, f"{1000 * seconds:.1f}", f"{seconds / step:.1%}", f"{start:.1f}"]
        for source, (seconds, start) in loaders.items()
    ]
    header = ["source", "CPU ms per batch", "share of a step", "start, CPU s"]
    return LOADERS.format(table=report.table(header, lines))


STEPS = f"""### Steps

Pictures a second, and the most memory of the process; in brackets the multiple of
{UNIT}'s of the same network. {{size}}x{{size}} px, batches of {{batch}}; median of
{{rounds}} steps after one to warm up, the systems in turn, each in a process of its
own; as many threads as cores. The batch lies in memory. VGG16 or compact is the loss
network; bfloat16 is the precision of loss network and generator. PyTorch's step
and full network are those of its own fast_neural_style example, with its defaults; the
light network is this project's, written likewise. VGG16 and the losses are those of
this project, and the terms of one picture are compared with Keras' before.

{{table}}"""
PARTS = """### The parts of a step

Milliseconds, and the share of the whole step, of the light network. Each part is
compiled by itself, and all run in turn in one process, so they need not sum to the
whole.

{table}"""
LOADERS = f"""### Input pipeline

Processor time of the loader by itself, against that of all cores over a step of
light {QUICKEST}, the quickest without XLA. The start is opening the source and the
first 128 pictures, after which the drawn ones have been drawn once.

{{table}}"""


if __name__ == "__main__":
    script.run(main)
