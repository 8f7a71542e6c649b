"""What an export is to hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fast_style import MIN_SIZE, styles
from fast_style.fields import SettingError

PRECISIONS = ("float32", "float16", "int8")  # of the files for all sizes
RANGES = (1, 255)  # what white may be
GUIDE = "phones.md"  # of an export; its template lies here, with $names
LEAST_PHONE = 64  # px; less cannot be mirrored by slices
OPSETS = (11, 18)  # of ONNX: 11 is the first with Range, for free sizes without loops


@dataclass(frozen=True)
class Bake:
    """A file to make with styles inside.

    Args:
        styles: Weights of the styles, by their names.
        size: Width and height of its pictures in px; None for any.
        largest: What white is, 1 or 255.
    """

    styles: Mapping[str, float]
    size: tuple[int, int] | None = None
    largest: int = 1

    @property
    def name(self) -> str:
        """What tells the file from others, such as "wave-3_kiss-1_640x360"."""
        several = len(self.styles) > 1
        parts = [f"{s}-{w:g}" if several else s for s, w in self.styles.items()]
        if self.size:
            parts.append("{}x{}".format(*self.size))
        return "_".join(parts)


@dataclass(frozen=True)
class Wanted:
    """What an export is to hold.

    Args:
        only: The precision of the one LiteRT file for all sizes to write, which is
            quicker; None writes all of them, and the SavedModel.
        onnx: Whether to write ONNX files for any size and blend.
        opset: Version of ONNX's operations, within OPSETS.
        bakes: ONNX files with styles inside.
        phones: Width and height in px of each file for phones' GPUs, at least
            LEAST_PHONE.
        proves: Names of the rows to compare each alone; none stands for all.

    Raises:
        SettingError: The opset does not fit.
    """

    only: str | None = None
    onnx: bool = False
    opset: int = OPSETS[0]
    bakes: Sequence[Bake] = ()
    phones: Sequence[tuple[int, int]] = ()
    proves: Sequence[str] = ()

    def __post_init__(self) -> None:
        least, most = OPSETS
        if not least <= self.opset <= most:
            problem = f"is {self.opset}; the network needs {least} to {most}."
            raise SettingError("opset", problem)


NOTHING = Wanted()


def read_bakes(texts: Sequence[str], size: str, largest: int) -> list[Bake]:
    """Return the files with styles inside that flags ask for.

    Args:
        texts: Styles of each as in `styles.parse`.
        size: As of `read_sizes`, one or none.
        largest: One of RANGES.

    Raises:
        SettingError: A text is not understood, or is there twice.
    """
    sizes = read_sizes("bake_size", size, MIN_SIZE)
    if len(sizes) > 1:
        raise SettingError("bake_size", f"is '{size}'; give one size, or none.")
    bakes: list[Bake] = []
    for text in texts:
        try:
            weights = styles.parse(text) or {}
        except ValueError as error:
            raise SettingError("bake", f"is '{text}'. {error}") from error
        bake = Bake(weights, sizes[0] if sizes else None, largest)
        if bake.name in [other.name for other in bakes]:
            raise SettingError("bake", f"has {text} twice; give it once.")
        bakes.append(bake)
    return bakes


def read_sizes(name: str, text: str, least: int) -> Sequence[tuple[int, int]]:
    """Return the sizes that a flag gives, as (width, height) in px.

    Args:
        name: Name of the flag.
        text: Sizes such as "512x512,1080x1920".
        least: The shortest side in px that is allowed.

    Raises:
        SettingError: A size is not understood, too small, or there twice.
    """
    sizes = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        numbers = part.lower().split("x")
        if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
            problem = f"has '{part}'; give width and height in px, such as 512x512."
            raise SettingError(name, problem)
        size = (int(numbers[0]), int(numbers[1]))
        if min(size) < least:
            problem = f"has {part}; each side must have {least} px or more."
            raise SettingError(name, problem)
        if size in sizes:
            raise SettingError(name, f"has {part} twice; give it once.")
        sizes.append(size)
    return sizes


def places(rows: Sequence[str], names: Sequence[str]) -> list[int]:
    """Return the places of rows by their names; those of all without a name.

    Raises:
        SettingError: There is no such row.
    """
    if missing := [name for name in names if name not in rows]:
        problem = f"names {missing[0]}, which is no style; give {', '.join(rows)}."
        raise SettingError("prove", problem)
    return [list(rows).index(name) for name in names or rows]
