"""Applying a trained generator to pictures, by LiteRT alone."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import Any

import numpy as np

from fast_style import (
    MIN_SIZE,
    PHOTO,
    arrays,
    catalogue,
    color,
    gallery,
    metadata,
    profiles,
    strokes,
)
from fast_style.painting import Painter
from fast_style.runner import Runner, count_cores
from fast_style.styles import Likeness, Rows
from fast_style.tiling import Geometry, Progress, silent

DEFAULT_MODEL = gallery.MODEL
FADES = ("network", "pixels")
Styles = Likeness | Mapping[str, float] | Iterable[str] | None


@dataclass(frozen=True)
class _Look:
    """How a photograph is painted: arguments of `Stylizer.stylize`."""

    styles: Styles = None
    strength: float = 1.0
    fade: str | None = None
    keep_color: str = "none"
    stroke: float | str = 1.0
    icc: bytes | None = None


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
        model: Path of the model's file.
        catalogue: What the model says of each style, by name; see `catalogue.Style`.
        geometry: How the network lies on a picture.
        painter: Runs the network.

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
        path = self.model = os.fspath(DEFAULT_MODEL if model is None else model)
        description = metadata.read(path)
        if size := description.get("size"):
            raise ValueError(
                f"'{path}' is for phones' GPUs, and for {size[0]}x{size[1]} px alone. "
                "Give a file for all sizes, such as fast_style_int8.tflite."
            )
        self.rows: tuple[str, ...] = tuple(description["styles"])
        self.catalogue = catalogue.of_model(description)
        self.styles: tuple[str, ...] = tuple(self.catalogue)
        self.geometry = Geometry.of_model(description)
        self._network = network or self._load(path, num_threads, description)
        self.painter = Painter(self._network, self.geometry)

    def __call__(self, picture: Any, **look: Any) -> Any:
        """Return a painted array of an array, and of all else a picture of Pillow's.

        Args:
            picture: As `stylize` takes it. Transparency, profile and EXIF are kept.
            **look: The other arguments of `stylize`, which tells of errors, too.
        """
        if isinstance(picture, np.ndarray):
            return self.stylize(picture, **look)
        from fast_style import notebooks  # here, because Pillow takes long to load

        return notebooks.paint(picture, partial(self.stylize, **look))

    def _repr_html_(self) -> str:
        """Return how a notebook shows the model: a picture of each style."""
        from fast_style import notebooks

        return notebooks.show(self)

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
        styles: Styles = None,
        strength: float = 1.0,
        fade: str | None = None,
        keep_color: str = "none",
        stroke: float | str = 1.0,
        icc: bytes | None = None,
    ) -> np.ndarray:
        """Return a photograph painted in one style or in a blend of several.

        Args:
            pixels: The photograph, both sides at least 16 px: uint8 (H, W, 3), RGB, or
                (H, W), grey; or what `images.read` takes, such as a path. An array may
                have 16 bits (uint16): 8 are painted, what stays of it keeps 16.
            styles: Weight of each row by name, at least 0 and of any sum; or a name, or
                names of rows to mix in equal parts; or a painting's `likeness.of`; None
                for the first style.
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
            icc: Colour profile of an array and of its result; None for sRGB, which the
                network sees. Files become sRGB.

        Returns:
            (H, W, 3), uint8, or uint16 of such an array.

        Raises:
            OSError: The photograph's file cannot be opened.
            ValueError: An argument is out of its range, or the photograph unreadable.
            memory.Shortage: The picture takes more memory than there is.
        """
        photo = arrays.photograph(pixels, deep=True)
        icc = icc if isinstance(pixels, np.ndarray) else None
        look = _Look(styles, strength, fade, keep_color, stroke, icc)
        return self._paint(photo, look, np.empty_like(photo), silent)

    def stylize_in_place(
        self, pixels: np.ndarray, *, progress: Progress = silent, **look: Any
    ) -> None:
        """Paint a photograph in its own array, which saves the memory of a second.

        Args:
            pixels: uint8 or uint16 (H, W, 3), RGB.
            progress: Called with the number of tiles that are painted and that of all.
            **look: The other arguments of `stylize`.

        Raises:
            ValueError, memory.Shortage: As `stylize` does. What is painted already then
                stays in the array.
        """
        if arrays.photograph(pixels, deep=True) is not pixels:
            raise ValueError("A grey picture cannot be painted in place. Give RGB.")
        self._paint(pixels, _Look(**look), pixels, progress)

    def _paint(
        self, pixels: np.ndarray, look: "_Look", out: np.ndarray, progress: Progress
    ) -> np.ndarray:
        """Return a photograph painted into an array, which may be its own."""
        weights = self._row_weights(look.styles, look.strength, look.fade)
        in_network = self.choose_fade(look.fade) == "network"
        strength = float(look.strength)
        opacity, share = (1.0, strength) if in_network else (strength, 1.0)
        palette = look.styles.palette if isinstance(look.styles, Likeness) else None
        gamut = profiles.gamut(look.icc)
        finishing = color.Finishing(look.keep_color, opacity, palette, share, gamut)
        stroke = strokes.choose(look.stroke, *pixels.shape[:2])
        if look.strength == 0:
            out[:] = pixels
            return out
        paint = partial(
            self.painter.paint, weights=weights, stroke=stroke, progress=progress
        )
        return finishing.apply(pixels, paint, out)

    def statistics(
        self,
        pixels: Any,
        *,
        styles: Styles = None,
        strength: float = 1.0,
        fade: str | None = None,
    ) -> np.ndarray:
        """Return what the network normalises a photograph by.

        They tell how much each of its features varies there. They are measured on the
        whole of a small photograph, and on windows that are spread over a large one.

        Args:
            pixels, styles, strength, fade: As of `stylize`.

        Returns:
            float32 (1, 1, 1, N): the mean colour, and the scale and shift of each
            normalisation.

        Raises:
            OSError, ValueError, memory.Shortage: As `stylize` does, and if the model
                does not paint tiles.
        """
        weights = self._row_weights(styles, strength, fade)
        return self.painter.measure(arrays.photograph(pixels), weights)

    def weights(self, styles: Styles) -> dict[str, float]:
        """Return the weights that `stylize` makes of its `styles`.

        Returns:
            The weights above 0 by the name of the row, their sum being 1.

        Raises:
            ValueError: A row is not in the model, or a weight is out of its range.
        """
        if styles is None:
            return {self.styles[0]: 1.0}
        if isinstance(styles, Likeness):
            styles = styles.styles
        return Rows(self.rows).shares(styles)

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
            border=sum(self.geometry.margin),
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
        self, styles: Styles, strength: float, fade: str | None
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
