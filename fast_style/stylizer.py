"""Applying a trained generator to pictures, by LiteRT alone."""

import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fast_style import MIN_SIZE, PHOTO, catalogue, color, gallery, metadata, tiling
from fast_style.styles import Rows

DEFAULT_MODEL = gallery.MODEL
FADES = ("network", "pixels")
CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # microseconds of processor, in how many


class Stylizer:
    """Paints pictures in the styles of one model.

    Making one loads the model; keep it for many pictures. Any size is taken, and runs
    of one size after another are the quickest. Use it from one thread at a time.

    Args:
        model: a .tflite file made by export.py; None is the model in the package.
        num_threads: processor threads; None is every core this process may use.
        network: what runs the network in place of LiteRT, called as the model's
            signature serving_default is; the file then tells the styles alone.

    Raises:
        OSError: the file cannot be opened.
        ValueError: it holds no model of this project.

    Attributes:
        styles: names of the model's painted styles.
        rows: what the network weighs, in its own order: the styles and, in some models,
            "photo", which gives the photograph itself.
        catalogue: what the model knows of each style, by name; see `catalogue.Style`.
        border: pixels that the network paints beyond the two ends of each side of a
            picture; see `tiling.border`.
    """

    def __init__(
        self,
        model: str | os.PathLike | None = None,
        num_threads: int | None = None,
        *,
        network: Callable[..., dict[str, np.ndarray]] | None = None,
    ):
        path = os.fspath(DEFAULT_MODEL if model is None else model)
        known = metadata.read(path)
        self.rows = tuple(known["styles"])
        self.catalogue = catalogue.of_model(known)
        self.styles = tuple(self.catalogue)
        self.border = tiling.border_of_model(known)
        if network:
            self._network = network
            return
        from ai_edge_litert.interpreter import Interpreter

        try:
            interpreter = Interpreter(path, num_threads=num_threads or count_cores())
            self._network = interpreter.get_signature_runner("serving_default")
            self._run(np.zeros((MIN_SIZE, MIN_SIZE, 3), np.uint8), self.weights(None))
        except (ValueError, RuntimeError) as error:
            reason = str(error).strip()
            raise ValueError(
                f"Cannot load '{path}' ({reason}). Make it again with export.py."
            ) from error

    def stylize(
        self,
        pixels: np.ndarray,
        *,
        styles: dict[str, float] | str | None = None,
        strength: float = 1.0,
        fade: str | None = None,
        keep_color: str = "none",
    ) -> np.ndarray:
        """Paints one picture.

        Args:
            pixels: uint8 (H, W, 3), RGB, both sides at least 16 px.
            styles: weight of each row by name, at least 0 and of any sum; or one
                name; None is the model's first style.
            strength: 0 gives the photo itself, 1 the whole effect, in between a fade.
            fade: "network": the network paints less, by the weight of its row "photo";
                "pixels": the painted picture over the photo, as through glass; None
                is "network" where the model has that row.
            keep_color: "none"; "luminance": the photo's colours under the stylised
                brightness; "histogram": stylised colours moved to the photo's mean
                and covariance.

        Returns:
            uint8 (H, W, 3).

        Raises:
            ValueError: an argument is out of its range.
        """
        _check_pixels(pixels)
        weights = self.weights(styles)
        fade = self.choose_fade(fade)
        if not 0 <= strength <= 1:
            raise ValueError(f"strength is {strength}. Give a number from 0 to 1.")
        if keep_color not in color.KEEP_COLOR:
            choices = ", ".join(color.KEEP_COLOR)
            raise ValueError(f"keep_color is {keep_color!r}. Give one of {choices}.")
        if strength == 0:
            return pixels.copy()
        if fade == "network":
            weights = {name: strength * weight for name, weight in weights.items()}
            weights[PHOTO] = weights.get(PHOTO, 0.0) + 1 - strength
        try:
            stylized = self._run(pixels, weights)
        except RuntimeError as error:
            height, width = pixels.shape[:2]
            raise ValueError(
                f"The network failed on {width} x {height} px ({error}). "
                "Give a smaller picture."
            ) from error
        if keep_color == "luminance":
            stylized = color.keep_luminance(pixels, stylized)
        elif keep_color == "histogram":
            stylized = color.keep_histogram(pixels, stylized)
        if strength == 1 or fade == "network":
            return stylized
        photo = pixels.astype(np.float32)
        return np.rint(photo + strength * (stylized - photo)).astype(np.uint8)

    def weights(self, styles: dict[str, float] | str | None) -> dict[str, float]:
        """Checks style weights as `stylize` takes them; gives them with sum one."""
        if styles is None:
            styles = self.styles[0]
        if isinstance(styles, str):
            styles = {styles: 1.0}
        for name, weight in styles.items():
            if name not in self.rows:
                raise ValueError(self._unknown(name))
            if not 0 <= weight < math.inf:
                raise ValueError(
                    f"The weight of style {name!r} is {weight}. Give 0 or more."
                )
        total = sum(styles.values())
        if not total:
            raise ValueError("No style has a weight above 0. Give one, such as 1.0.")
        return {name: weight / total for name, weight in styles.items() if weight}

    def choose_fade(self, fade: str | None) -> str:
        """Checks a fade as `stylize` takes it; gives the one it will be."""
        if fade is None:
            return "network" if PHOTO in self.rows else "pixels"
        if fade not in FADES:
            raise ValueError(f"fade is {fade!r}. Give one of {', '.join(FADES)}.")
        if fade == "network" and PHOTO not in self.rows:
            raise ValueError(
                f"fade is 'network', and this model has no row {PHOTO!r} for it. "
                "Give 'pixels', or leave it out."
            )
        return fade

    def _run(self, pixels: np.ndarray, weights: dict[str, float]) -> np.ndarray:
        outputs = self._network(
            images=np.ascontiguousarray(pixels[None]),
            style_weights=Rows(self.rows).weights(weights)[None],
        )
        return outputs["stylized_images"][0]

    def _unknown(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name, self.rows, n=5)
        near, all_of_it = ", ".join(near), ", ".join(self.rows)
        hint = f"Did you mean {near}?" if near else f"It has {all_of_it}."
        return f"No style {name!r} in this model. {hint}"


def _check_pixels(pixels: np.ndarray) -> None:
    got = (
        f"{pixels.dtype} {pixels.shape}"
        if isinstance(pixels, np.ndarray)
        else type(pixels).__name__
    )
    if got.split()[0] != "uint8" or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(
            f"pixels are {got}, and a uint8 array (height, width, 3) is expected. "
            "fast_style.images.read(path).pixels gives one."
        )
    if min(pixels.shape[:2]) < MIN_SIZE:
        raise ValueError(
            f"pixels are {got}. Give a picture of at least {MIN_SIZE} x {MIN_SIZE} px."
        )


def count_cores() -> int:
    """Gives how many processor cores this process may use, by its container, too."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    try:
        quota, period = map(int, CPU_QUOTA.read_text().split())
    except (OSError, ValueError):  # no container, or "max"
        return cores
    return min(cores, math.ceil(quota / period))
