"""Applying a trained generator to pictures, by LiteRT alone."""

import math
import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from numbers import Real
from typing import Any

import numpy as np

from fast_style import MIN_SIZE, PHOTO, catalogue, color, gallery, metadata, strokes
from fast_style.painting import Painter
from fast_style.runner import Runner, count_cores
from fast_style.styles import Rows
from fast_style.tiling import Geometry

DEFAULT_MODEL = gallery.MODEL
FADES = ("network", "pixels")


class Stylizer:
    """Paints photographs in the styles of one model.

    Loading the model takes time, so keep a Stylizer for many pictures. It takes
    pictures of any size; a picture is quicker after one of its own size. Use a Stylizer
    from one thread at a time.

    Args:
        model: A .tflite file of `fast-style export`; None for the model in the package.
        num_threads: Processor threads; None for every core this process may use.
        network: Runs the network in place of LiteRT. It is called as the model's
            signature serving_default is, and the file only describes the styles.

    Attributes:
        styles: Names of the model's painted styles, those of the gallery last.
        rows: Names of all that the network weighs, in its own order: the styles and, in
            some models, "photo", which stands for the photograph itself.
        catalogue: What the model says of each style, by name; see `catalogue.Style`.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file holds no model of this project.
    """

    def __init__(
        self,
        model: str | os.PathLike | None = None,
        num_threads: int | None = None,
        *,
        network: Callable[..., dict[str, np.ndarray]] | None = None,
    ) -> None:
        path = os.fspath(DEFAULT_MODEL if model is None else model)
        description = metadata.read(path)
        self.rows: tuple[str, ...] = tuple(description["styles"])
        self.catalogue = catalogue.of_model(description)
        self.styles: tuple[str, ...] = tuple(self.catalogue)
        self._geometry = Geometry.of_model(description)
        self._network = network or self._load(path, num_threads, description)
        self._painter = Painter(self._network, self._geometry)

    @property
    def border(self) -> tuple[int, int]:
        """Pixels added before and after each side of a picture; see `tiling.border`."""
        return self._geometry.border

    @property
    def stride(self) -> int:
        """Pixels from one point of the network's grid to the next."""
        return self._geometry.stride

    @property
    def tiles(self) -> bool:
        """Whether the model can paint tiles by statistics that it is given."""
        return self._painter.paints_tiles

    @property
    def held_memory(self) -> int:
        """Bytes that LiteRT may hold between two pictures."""
        return self._network.held if isinstance(self._network, Runner) else 0

    def release(self) -> None:
        """Give back the memory that LiteRT holds between two pictures.

        The next picture takes some 20 ms longer.
        """
        if isinstance(self._network, Runner):
            self._network.release()

    def stylize(
        self,
        pixels: Any,
        *,
        styles: Mapping[str, float] | Iterable[str] | None = None,
        strength: float = 1.0,
        fade: str | None = None,
        keep_color: str = "none",
        stroke: float | str = 1.0,
        statistics: np.ndarray | None = None,
        offset: tuple[int, int] = (0, 0),
    ) -> np.ndarray:
        """Return a photograph painted in one style or in a blend of several.

        Args:
            pixels: The photograph, both sides at least 16 px: uint8 (H, W, 3), RGB, or
                (H, W), grey; or whatever `images.read` takes, such as a path or a
                picture of Pillow's.
            styles: Weight of each row by name, at least 0 and of any sum; or a name, or
                names of rows to mix in equal parts; None for the first style.
            strength: From 0, the photograph itself, to 1, the whole effect.
            fade: How a strength under 1 comes about. "network": the network paints
                less, by the weight of its row "photo". "pixels": the painted picture
                is laid over the photograph with this opacity. None: "network" where the
                model has that row, otherwise "pixels".
            keep_color: "none"; "luminance": the photograph's colours under the stylized
                brightness; "histogram": the stylized colours moved to the photograph's
                mean and covariance.
            stroke: Length of the strokes, from 1 to 8 times the network's own; or
                "auto", as long against the picture as at 512 px on the longer side.
            statistics: What `statistics` returned for this or a similar photograph, or
                a mean of such; None for those of this one.
            offset: Pixels down and right by which the network's grid of `stride` px is
                moved. If a photograph's content moves by as much, so does the result.

        Returns:
            uint8 (H, W, 3).

        Raises:
            OSError: The photograph's file cannot be opened.
            ValueError: An argument is out of its range, or the photograph unreadable.
                The last two need a model that paints tiles, and a stroke of 1.
            memory.Shortage: The picture takes more memory than there is.
        """
        pixels = _read(pixels)
        weights = self._row_weights(styles, strength, fade)
        if keep_color not in color.KEEP_COLOR:
            choices = ", ".join(color.KEEP_COLOR)
            raise ValueError(f"keep_color is {keep_color!r}. Give one of {choices}.")
        times = strokes.choose(stroke, *pixels.shape[:2])
        if strength == 0:
            return pixels.copy()
        if statistics is None and not any(offset):
            paint = partial(self._painter.paint_whole, weights=weights)
            stylized = strokes.paint(pixels, times, paint)
        elif times == 1:
            stylized = self._painter.paint_tiles(pixels, weights, statistics, offset)
        else:
            raise ValueError("Give statistics and offset, or a stroke, not both.")
        if keep_color == "luminance":
            stylized = color.keep_luminance(pixels, stylized)
        elif keep_color == "histogram":
            stylized = color.keep_histogram(pixels, stylized)
        if strength == 1 or self.choose_fade(fade) == "network":
            return stylized
        photo = pixels.astype(np.float32)
        return np.rint(photo + strength * (stylized - photo)).astype(np.uint8)

    def statistics(
        self,
        pixels: Any,
        *,
        styles: Mapping[str, float] | Iterable[str] | None = None,
        strength: float = 1.0,
        fade: str | None = None,
    ) -> np.ndarray:
        """Return what the network normalises a photograph by, for `stylize`.

        They are measured on the whole of a small photograph, and on windows that are
        spread over a large one.

        Args:
            pixels, styles, strength, fade: As of `stylize`.

        Returns:
            float32 (1, 1, 1, N): the mean colour, and the scale and shift of each
            normalisation.

        Raises:
            OSError, ValueError, memory.Shortage: As `stylize` does.
        """
        weights = self._row_weights(styles, strength, fade)
        return self._painter.measure(_read(pixels), weights)

    def weights(
        self, styles: Mapping[str, float] | Iterable[str] | None
    ) -> dict[str, float]:
        """Return the weights that `stylize` makes of its `styles`.

        Returns:
            The weights above 0 by the name of the row, their sum being 1.

        Raises:
            ValueError: A row is not in the model, or a weight is out of its range.
        """
        if styles is None:
            return {self.styles[0]: 1.0}
        names = (styles,) if isinstance(styles, str) else styles
        names = tuple(names) if isinstance(names, Iterable) else (names,)
        if not all(isinstance(name, str) for name in names):
            raise ValueError(
                f"styles are {styles!r}. Give a name, names, or weights by name."
            )
        weights = dict(
            styles if isinstance(styles, Mapping) else dict.fromkeys(names, 1.0)
        )
        for name, weight in weights.items():
            if name not in self.rows:
                raise ValueError(self._no_style(name))
            if not (isinstance(weight, Real) and 0 <= float(weight) < math.inf):
                raise ValueError(
                    f"The weight of style {name!r} is {weight!r}. Give 0 or more."
                )
        total = sum(weights.values())
        if not total:
            raise ValueError("No style has a weight above 0. Give one, such as 1.0.")
        return {name: weight / total for name, weight in weights.items() if weight}

    def choose_fade(self, fade: str | None) -> str:
        """Return the fade that `stylize` makes of its `fade`.

        Raises:
            ValueError: There is no such fade, or the model has no row for it.
        """
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

    def _load(
        self, path: str, num_threads: int | None, description: dict[str, Any]
    ) -> Runner:
        """Return the network of a .tflite file, which has painted once."""
        runner = Runner(
            path,
            num_threads or count_cores(),
            border=sum(self.border),
            bytes_per_pixel=description.get("bytes_per_pixel"),
        )
        smallest = np.zeros((1, MIN_SIZE, MIN_SIZE, 3), np.uint8)
        weights = Rows(self.rows).weights(self.weights(None))
        try:
            runner.run(images=smallest, style_weights=weights[None])
        except (ValueError, RuntimeError) as error:
            reason = str(error).strip()
            raise ValueError(
                f"Cannot load '{path}' ({reason}). Make it anew with fast-style export."
            ) from error
        return runner

    def _row_weights(
        self,
        styles: Mapping[str, float] | Iterable[str] | None,
        strength: float,
        fade: str | None,
    ) -> np.ndarray:
        """Return the network's style weights, float32 (1, rows)."""
        weights = self.weights(styles)
        in_network = self.choose_fade(fade) == "network"
        if not (isinstance(strength, Real) and 0 <= strength <= 1):
            raise ValueError(f"strength is {strength!r}. Give a number from 0 to 1.")
        if in_network:
            weights = {name: strength * weight for name, weight in weights.items()}
            weights[PHOTO] = weights.get(PHOTO, 0.0) + 1 - strength
        return Rows(self.rows).weights(weights)[None]

    def _no_style(self, name: str) -> str:
        from difflib import get_close_matches

        similar = get_close_matches(name, self.rows, n=5)
        if similar:
            hint = f"Did you mean {', '.join(similar)}?"
        else:
            hint = f"It has {', '.join(self.rows)}."
        return f"No style {name!r} in this model. {hint}"


def _read(photo: Any) -> np.ndarray:
    """Return a photograph as uint8 (H, W, 3)."""
    if not isinstance(photo, np.ndarray):
        from fast_style import images  # here, because Pillow takes long to load

        return images.read(photo).pixels
    if photo.ndim == 2:
        photo = np.stack([photo] * 3, -1)
    got = f"pixels are {photo.dtype} {photo.shape}"
    if photo.dtype != np.uint8 or photo.ndim != 3 or photo.shape[2] != 3:
        alpha = photo.ndim == 3 and photo.shape[2] == 4
        remedy = "Give pixels[..., :3]" if alpha else "fast_style.images.read makes one"
        raise ValueError(
            f"{got}, and a uint8 array (height, width, 3) is expected. {remedy}."
        )
    if min(photo.shape[:2]) < MIN_SIZE:
        raise ValueError(f"{got}. Give at least {MIN_SIZE} x {MIN_SIZE} px.")
    return photo
