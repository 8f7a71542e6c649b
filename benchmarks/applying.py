"""Time applying a style beside other programs: python -m benchmarks.applying

Needs an idle machine, 20 GB of free memory (ONNX Runtime takes 5 at 2048 px), the extra
[train] in the Python that runs it, the network to install the peers, and ten minutes.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks import (
    applying_systems,
    kernel_profile,
    measuring,
    peer_benchmark,
    report,
    script,
)
from benchmarks.applying_systems import FAST_STYLE, PEER
from benchmarks.measuring import System, Usage
from benchmarks.peer_benchmark import Bench, say
from benchmarks.report import Target
from benchmarks.script import ROOT
from fast_style.runner import count_cores

PEERS = (FAST_STYLE, "onnxruntime", "pytorch", PEER)
PREPARE = ["-m", "benchmarks.prepare_applying"]
PLAIN_ONNX = ["-m", "benchmarks.plain_onnx"]
UNITS = {"light": "light LiteRT int8", "full": "full LiteRT int8"}
COSTS = {"light": 1, "full": 3}  # time of a run, roughly, for the progress bar


@dataclass(frozen=True)
class Plan:
    """What to measure.

    Args:
        rounds: Number of timed runs at each size in px.
        command_size: Side of the photograph of the whole commands, in px.
        command_rounds: Number of timed runs of each command.
        check_size: Size at which pictures are compared with Keras'.
        presets: Names of the generators.
    """

    rounds: Mapping[int, int]
    command_size: int
    command_rounds: int
    check_size: int = 256
    presets: Sequence[str] = tuple(COSTS)


FULL = Plan({256: 15, 512: 7, 1024: 5, 2048: 3}, 1024, 5)
QUICK = Plan({256: 3}, 256, 2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_peers(parser)
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL

    def measure(bench: Bench) -> str:
        return section(plan, _models(bench), bench)

    peer_benchmark.make(measure, PEERS, options)


def section(plan: Plan, models: Path, bench: Bench) -> str:
    """Measure a plan, and return the section.

    Args:
        plan: The plan.
        models: Folder that prepare_applying has filled.
        bench: Where to measure. Systems are left out where their environment is.

    Raises:
        OSError: A system stopped.
        ValueError: A picture differs too much from Keras'.
    """
    threads = count_cores()
    systems = applying_systems.systems(models, plan.presets, bench.homes)
    photo = models / f"photo_{plan.command_size}.jpg"
    commands = applying_systems.commands(models, photo, systems, bench.homes)
    work = len(commands) * (plan.command_rounds + 1) * plan.command_size**2
    for size, rounds in plan.rounds.items():
        work += sum(COSTS[s.preset] * (rounds + 1) * size**2 for s in systems)
    with tqdm(total=work, bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar:
        seconds, versions = _in_process(plan, models, systems, threads, bench, bar)
        bar.set_description("whole commands")
        usages = measuring.whole_commands(
            commands,
            rounds=plan.command_rounds,
            log=bench.log,
            advance=lambda: bar.update(plan.command_size**2),
        )
    targets = _targets(seconds, usages, plan)
    parts = [
        "## Applying a style",
        "Made by `python -m benchmarks.applying` on:",
        f"- {report.machine(threads)}, load {bench.load:.1f} at the start\n- "
        + ", ".join(f"{name} {versions[name]}" for name in sorted(versions)),
        report.target_table("target", targets),
        _in_process_text(systems, seconds, plan),
        _whole_commands_text(usages, plan),
    ]
    if any(target.missed for target in targets):
        say("A target is missed; here is where the time goes.")
        own = [system for system in systems if system.label in UNITS.values()]
        picture = models / f"photo_{plan.command_size}.npy"
        parts.append(kernel_profile.text(own, picture, threads, bench.log))
    return "\n\n".join(parts) + "\n"


def _in_process(
    plan: Plan,
    models: Path,
    systems: Sequence[System],
    threads: int,
    bench: Bench,
    bar: tqdm,
) -> tuple[dict[tuple[str, int], float], dict[str, str]]:
    """Return the seconds by label and size, and the versions of the packages."""
    seconds: dict[tuple[str, int], float] = {}
    versions: dict[str, str] = {}
    for size, rounds in plan.rounds.items():
        # One preset after the other: at 2048 px both would not fit into memory.
        for preset in plan.presets:
            bar.set_description(f"{size} px, {preset}")
            checked = size == plan.check_size
            usages, packages = measuring.in_process(
                [system for system in systems if system.preset == preset],
                models / f"photo_{size}.npy",
                rounds=rounds,
                threads=threads,
                log=bench.log,
                expected=models / f"{preset}_expected.npy" if checked else None,
                advance=lambda done=COSTS[preset] * size**2: bar.update(done),
            )
            seconds |= {(label, size): u.seconds for label, u in usages.items()}
            versions |= packages
    return seconds, versions


def _models(bench: Bench) -> Path:
    """Return the folder of the exports, which are made anew when the code changed."""
    here = Path(__file__).parent
    sources = [here / "prepare_applying.py", here / "plain_onnx.py"]
    sources += sorted((ROOT / "fast_style").rglob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    models = bench.work_dir / f"models-{digest.hexdigest()[:12]}"
    if not (models / "done").is_file():
        say("Exporting both presets")
        for old in bench.work_dir.glob("models-*"):
            shutil.rmtree(old)
        sizes = [str(size) for size in FULL.rounds]
        python = bench.homes["tensorflow"].python
        measuring.output([python, *PREPARE, str(models), *sizes], bench.log)
        (models / "done").touch()
    for preset in COSTS:
        model = models / f"{preset}.onnx"
        if "onnxruntime" in bench.homes and not model.is_file():
            python = bench.homes["onnxruntime"].python
            paths = [str(model.with_suffix(".npz")), str(model)]
            measuring.output([python, *PLAIN_ONNX, *paths], bench.log)
    return models


def _targets(
    seconds: Mapping[tuple[str, int], float], usages: Mapping[str, Usage], plan: Plan
) -> list[Target]:
    def quotient(label: str, unit: str) -> float | None:
        if (label, 1024) in seconds and (unit, 1024) in seconds:
            return seconds[label, 1024] / seconds[unit, 1024]
        return None

    command = None
    if plan.command_size == 1024 and PEER in usages:
        command = usages[f"{FAST_STYLE}, light int8"].seconds / usages[PEER].seconds
    onnx = quotient("full ONNX Runtime float32", UNITS["full"])
    return [
        Target(
            f"light int8 / {PEER}, 1024 px, in process",
            quotient(UNITS["light"], PEER),
            0.8,
        ),
        Target(
            f"{FAST_STYLE} with light int8 / {PEER}, 1024 px, whole command",
            command,
            0.6,
        ),
        Target(
            "ONNX Runtime float32 / full int8, 1024 px, in process",
            onnx,
            2.2,
            at_most=False,
        ),
    ]


def _in_process_text(
    systems: Sequence[System], seconds: Mapping[tuple[str, int], float], plan: Plan
) -> str:
    lines = []
    for system in systems:
        cells = [system.label]
        for size in plan.rounds:
            taken = seconds[system.label, size]
            ratio = taken / seconds[UNITS[system.preset], size]
            cells.append(f"{taken:.3f} ({ratio:.2f})")
        lines.append(cells)
    runs = ", ".join(str(number) for number in plan.rounds.values())
    header = ["system", *(f"{size} px" for size in plan.rounds)]
    return IN_PROCESS.format(runs=runs, table=report.table(header, lines))


def _whole_commands_text(usages: Mapping[str, Usage], plan: Plan) -> str:
    unit = next(iter(usages.values()))
    lines = [
        [
            label,
            f"{usage.seconds:.2f} ({usage.seconds / unit.seconds:.2f})",
            f"{usage.megabytes:.0f} ({usage.megabytes / unit.megabytes:.2f})",
        ]
        for label, usage in usages.items()
    ]
    return WHOLE_COMMANDS.format(
        size=plan.command_size,
        rounds=plan.command_rounds,
        table=report.table(["command", "seconds", "peak memory, MB"], lines),
    )


IN_PROCESS = f"""### In process

Seconds from one square uint8 photo in memory to the stylized one. In brackets is the
multiple of int8's time of the same preset ({PEER}: of light int8).
Median of {{runs}} runs, the systems in turn, after one run to warm up; as many threads
as cores. The weights are untrained. Each system is compared with Keras before it is
timed, except the peer, which has a network of its own.

{{table}}"""
WHOLE_COMMANDS = f"""### Whole commands

One {{size}} px JPEG photo to a JPEG file, from the command's start to its end: seconds
by the clock (median of {{rounds}} runs) and peak memory. In brackets is the multiple of
{FAST_STYLE}'s with light int8. Both programs have their own defaults; a script reads
the photo with Pillow, loads the network and runs it once.

{{table}}"""


if __name__ == "__main__":
    script.run(main)
