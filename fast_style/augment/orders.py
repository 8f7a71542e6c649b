"""What to make of a folder of pictures, and what an earlier run was asked to make."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fast_style import files
from fast_style.augment.choices import Choices
from fast_style.fields import SettingError
from fast_style.gallery import MODEL

_NAME = "dataset.json"  # says what a copy was made by


@dataclass(frozen=True)
class Order:
    """What to make of a folder.

    Args:
        source: The folder of pictures.
        output: The folder to fill.
        choices: What may be drawn for a result.
        per_image: Results of each picture, 1 or more.
        shard: Which part of the pictures to paint, from 1 on, and of how many parts.
        max_size: Longer side in px that pictures are brought down to; 0 keeps any size.
        format: One of images.WRITABLE; None keeps each picture's own where it can.
        quality: 1 to 100, for JPEG, WebP and AVIF.
        model: A .tflite file; None for the model in the package.
    """

    source: str
    output: str
    choices: Choices
    per_image: int = 1
    shard: tuple[int, int] = (1, 1)
    max_size: int = 0
    format: str | None = None
    quality: int = 95
    model: str | None = None

    def list_of(self, kind: str) -> Path:
        """Return the path of this shard's list of a kind, such as manifest.jsonl."""
        number, count = self.shard
        part = "" if count == 1 else f"-{number}-of-{count}"
        return Path(self.output, f"{kind}{part}.jsonl")

    def described(self) -> dict[str, Any]:
        """Return all that the results depend on, by the names of the arguments."""
        choices = self.choices
        return {
            "styles": list(choices.styles) if choices.styles else None,
            "blend": choices.blend,
            "strength": list(choices.strength),
            "seed": choices.seed,
            "per_image": self.per_image,
            "max_size": self.max_size,
            "format": self.format,
            "quality": self.quality,
            "model": files.fingerprint(self.model or MODEL),
        }


def prepare(order: Order) -> None:
    """Prepare the output folder, or refuse it.

    Raises:
        files.Unwritable: It cannot be written.
        SettingError: It is no place for this copy.
    """
    source, output = os.path.realpath(order.source), os.path.realpath(order.output)
    if f"{output}{os.sep}".startswith(f"{source}{os.sep}"):
        problem = f"is '{order.output}', which lies in '{order.source}'. Give another."
        raise SettingError("output", problem)
    path = Path(order.output, _NAME)
    holds = _visible(order.output)
    described = order.described()
    try:
        earlier = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        if holds or isinstance(error, ValueError):
            problem = f"is '{order.output}', which holds other files. Give a new one."
            raise SettingError("output", problem) from None
        files.check_writable(path)
        with files.replacing(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(described, indent=2) + "\n")
        return
    files.check_writable(path)
    for name, value in described.items():
        if earlier.get(name) != value:
            problem = (
                f"is not what '{order.output}' was begun with. Give the flags in "
                f"'{path}', or another --output."
            )
            raise SettingError(name, problem)


def _visible(folder: str) -> bool:
    """Return whether a folder holds anything.

    Raises:
        OSError: It is a file, or cannot be opened.
    """
    try:
        return any(not name.startswith(".") for name in os.listdir(folder))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OSError(f"Cannot open '{folder}': {error.strerror}.") from error
