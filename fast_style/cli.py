"""The command fast-style: stylises pictures, folders of them, and streams."""

import json
import os
import sys
import textwrap
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from absl import flags

from fast_style import batch, color, images
from fast_style.stylizer import Stylizer

_USAGE = """\
usage: fast-style IN... [-o OUT] [flags]

Paints photographs in the style of a painting. IN is a picture (JPEG, PNG, WebP,
TIFF, BMP, a GIF's first frame), a folder of them, or - for stdin.

  fast-style photo.jpg
  fast-style holiday/ -o painted/ --style wave --strength 0.8 --keep_color luminance

flags:
"""


def define_flags() -> flags.FlagValues:
    """Gives the command's flags, apart from those of any other program."""
    values = flags.FlagValues()
    values.set_gnu_getopt()
    flags.DEFINE_string(
        "output",
        None,
        "File, or folder for several pictures (made if missing), or - for stdout. "
        "Left out: photo.jpg becomes photo-STYLE.jpg beside it, a folder DIR becomes "
        "DIR-STYLE, stdin goes to stdout.",
        short_name="o",
        flag_values=values,
    )
    flags.DEFINE_string(
        "style",
        None,
        "Name of a style of the model, or several with weights: wave:0.6,scream:0.4. "
        "Left out: the model's first style.",
        flag_values=values,
    )
    flags.DEFINE_float(
        "strength",
        1.0,
        "0 (the photo) to 1 (the whole effect).",
        lower_bound=0.0,
        upper_bound=1.0,
        flag_values=values,
    )
    flags.DEFINE_enum(
        "keep_color",
        "none",
        color.KEEP_COLOR,
        "luminance: the photo's colours under the stylised brightness; "
        "histogram: stylised colours moved to the photo's mean and covariance.",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "max_size",
        2048,
        "px. A picture with a longer side is made smaller first; 0 keeps any size.",
        lower_bound=0,
        flag_values=values,
    )
    flags.DEFINE_string(
        "model",
        None,
        "A .tflite file made by export.py. Left out: the one in the package.",
        flag_values=values,
    )
    flags.DEFINE_enum(
        "format",
        None,
        [name.lower() for name in images.WRITABLE],
        "Kind of file to write. Left out: what the output's suffix says, "
        "for stdout the input's own.",
        flag_values=values,
    )
    flags.DEFINE_integer(
        "quality",
        95,
        "1 to 100, for JPEG and WebP.",
        lower_bound=1,
        upper_bound=100,
        flag_values=values,
    )
    flags.DEFINE_bool(
        "overwrite", False, "Replace files that exist.", flag_values=values
    )
    flags.DEFINE_bool(
        "json", False, "Print one JSON object a picture on stdout.", flag_values=values
    )
    flags.DEFINE_bool("help", False, "Show this.", short_name="h", flag_values=values)
    flags.DEFINE_bool("version", False, "Show the version.", flag_values=values)
    return values


def help_text(values: flags.FlagValues) -> str:
    """Gives the usage and each flag with its range and default."""
    lines = []
    for flag in dict.fromkeys(values[name] for name in values):
        short = f"-{flag.short_name}, " if flag.short_name else ""
        lines.append(f"  {short}--{flag.name}")
        text = flag.help
        if not (flag.boolean or flag.default is None):
            text += f" Default: {flag.default}."
        lines.append(
            textwrap.fill(text, 80, initial_indent=" " * 6, subsequent_indent=" " * 6)
        )
    return _USAGE + "\n".join(lines)


def parse_styles(text: str | None) -> dict[str, float] | None:
    """Reads "wave" or "wave:0.6,scream:0.4"; None stays None."""
    if text is None:
        return None
    styles = {}
    for part in text.split(","):
        name, colon, weight = part.strip().partition(":")
        try:
            styles[name.strip()] = float(weight) if colon else 1.0
        except ValueError:
            raise ValueError(
                f"{part!r} in --style has no number after the colon. "
                "Give --style like wave:0.6,scream:0.4."
            ) from None
    return styles


def main(argv: list[str]) -> int:
    """Runs the command; gives its exit status, 1 if any picture failed."""
    values = define_flags()
    try:
        inputs = values(argv)[1:]
        if values.help:
            print(help_text(values))
            return 0
        if values.version:
            from fast_style import __version__

            print(f"fast-style {__version__}")
            return 0
        return _stylize(inputs, values)
    except (flags.Error, ValueError, OSError) as error:
        _report(error)
        return 1


def run() -> None:
    """Entry point of the console script."""
    warnings.simplefilter("ignore")  # Pillow's remarks on odd files; errors are told
    try:
        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)


def _stylize(inputs: list[str], values: flags.FlagValues) -> int:
    with _native_log_off():
        stylizer = Stylizer(values.model)
    styles = stylizer.weights(parse_styles(values.style))
    format = values.format and values.format.upper()
    jobs = batch.plan(
        inputs,
        values.output,
        label="-".join(styles),
        format=format,
        overwrite=values.overwrite,
    )
    to_stdout = jobs[0].target == batch.STREAM
    if values.json and to_stdout:
        raise ValueError("--json needs stdout for itself. Give a file as --output.")
    errors = []
    begin = time.perf_counter()
    for job in _progress(jobs):
        start = time.perf_counter()
        line = {"input": job.source}
        try:
            picture = batch.apply(
                job,
                stylizer,
                styles=styles,
                strength=values.strength,
                keep_color=values.keep_color,
                max_size=values.max_size,
                format=format,
                quality=values.quality,
            )
        except (ValueError, OSError, MemoryError) as error:
            errors.append(error)
            line["error"] = str(error)
        else:
            height, width = picture.pixels.shape[:2]
            line |= {
                "output": job.target,
                "width": width,
                "height": height,
                "seconds": round(time.perf_counter() - start, 3),
                "styles": styles,
                "strength": values.strength,
                "keep_color": values.keep_color,
            }
        if values.json:
            print(json.dumps(line), flush=True)
    for error in errors:
        _report(error)
    if not (values.json or to_stdout) and len(jobs) > len(errors):
        done = len(jobs) - len(errors)
        what = jobs[0].target if len(jobs) == 1 else f"{done} pictures"
        print(f"{what} in {time.perf_counter() - begin:.1f} s")
    return 1 if errors else 0


def _report(error: Exception) -> None:
    text = " ".join(str(error).split()) or type(error).__name__
    print(f"fast-style: error: {text}", file=sys.stderr)


def _progress(jobs: list[batch.Job]) -> list[batch.Job]:
    if len(jobs) == 1 or not sys.stderr.isatty():
        return jobs
    from tqdm import tqdm

    return tqdm(jobs, unit="picture")


@contextmanager
def _native_log_off() -> Iterator[None]:
    """Silences LiteRT's remark on its delegate, which no setting of its own does."""
    sys.stderr.flush()
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
