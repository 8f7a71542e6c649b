"""A model's network on pictures: painted whole, or measured and painted by tiles."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from fast_style import strokes, tiling
from fast_style.runner import WHOLE, Runner
from fast_style.tiling import Geometry

STATISTICS, TILE = "statistics", "stylize_tile"  # signatures, as WHOLE is


class Painter:
    """Runs a model's network on pictures, uint8 (H, W, 3).

    Args:
        network: Called with the name of a signature and its inputs; without a name it
            is WHOLE.
        geometry: How the generator lies on a picture.
    """

    def __init__(
        self, network: Callable[..., dict[str, np.ndarray]], geometry: Geometry
    ) -> None:
        self._network, self._geometry = network, geometry

    @property
    def paints_tiles(self) -> bool:
        """Whether the model paints tiles by statistics that it is given."""
        return isinstance(self._network, Runner) and TILE in self._network.names

    def prepare(self, height: int, width: int) -> None:
        """Have memory laid out for a picture that is still being read.

        Args:
            height: The picture's height in px.
            width: Its width in px.
        """
        if isinstance(self._network, Runner) and height * width <= tiling.LARGEST_WHOLE:
            self._network.prepare(height, width)

    def paint(
        self,
        pixels: np.ndarray,
        weights: np.ndarray,
        *,
        stroke: float = 1.0,
        **ends: Any,
    ) -> np.ndarray:
        """Return a picture painted; see `Stylizer.stylize`.

        Args:
            pixels: The picture.
            weights: The style weights, float32 (1, rows).
            stroke: How many times longer its strokes are than the network's.
            **ends: Arguments `finish`, `progress` and `out` of `tiling.paint`.
        """
        if stroke > 1:
            painted = strokes.paint(pixels, stroke, partial(self._paint_new, weights))
        elif self.paints_tiles and _area(pixels) > tiling.LARGEST_WHOLE:
            return self._paint_large(pixels, weights, **ends)
        else:
            painted = self._run(images=pixels[None], style_weights=weights)[0]
        return _hand_over(pixels, painted, **ends)

    def _paint_new(self, weights: np.ndarray, pixels: np.ndarray) -> np.ndarray:
        """Return a picture painted into a new array."""
        return self.paint(pixels, weights, out=np.empty_like(pixels))

    def measure(self, pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return a picture's statistics; see `Stylizer.statistics`.

        Raises:
            ValueError: The model does not paint tiles.
        """
        self._tile_runner()
        batches = [
            self._run(STATISTICS, windows=windows, style_weights=weights)
            for windows in tiling.windows(pixels, self._geometry)
        ]
        return np.mean(batches, 0)

    def paint_tiles(
        self,
        pixels: np.ndarray,
        weights: np.ndarray,
        statistics: np.ndarray,
        *,
        out: np.ndarray,
        **ends: Any,
    ) -> np.ndarray:
        """Return a picture painted by tiles, whatever its size; see `paint`.

        Args:
            pixels, weights, out, **ends: As of `paint`.
            statistics: What `measure` returned.

        Raises:
            ValueError: The model does not paint tiles.
        """
        self._tile_runner()
        inputs = {"style_weights": weights, "statistics": statistics}

        def paint_tile(tile: np.ndarray) -> np.ndarray:
            return self._run(TILE, tiles=tile[None], **inputs)[0]

        tiling.paint(pixels, paint_tile, self._geometry, out=out, **ends)
        return out

    def _paint_large(
        self, pixels: np.ndarray, weights: np.ndarray, **ends: Any
    ) -> np.ndarray:
        """Return a large picture painted, all memory being given to one step of it."""
        runner = self._tile_runner()
        runner.release()
        statistics = self.measure(pixels, weights)
        runner.release()
        painted = self.paint_tiles(pixels, weights, statistics, **ends)
        runner.release()
        return painted

    def _run(self, signature: str = WHOLE, /, **inputs: np.ndarray) -> np.ndarray:
        """Return the one output of a signature."""
        names = () if signature == WHOLE else (signature,)  # not every network has more
        inputs = {name: np.ascontiguousarray(value) for name, value in inputs.items()}
        (output,) = self._network(*names, **inputs).values()
        return output

    def _tile_runner(self) -> Runner:
        """Return the network, if it paints tiles."""
        if isinstance(self._network, Runner) and self.paints_tiles:
            return self._network
        raise ValueError(
            "This model does not paint tiles, so it measures no statistics. Make it "
            "anew with fast-style export."
        )


def _area(pixels: np.ndarray) -> int:
    return pixels.shape[0] * pixels.shape[1]


def _hand_over(
    pixels: np.ndarray,
    painted: np.ndarray,
    *,
    out: np.ndarray,
    finish: tiling.Finish = tiling.as_painted,
    progress: tiling.Progress = tiling.silent,
) -> np.ndarray:
    """Return a picture that was painted whole, as `tiling.paint` does tiles."""
    for rows in tiling.strips(pixels):
        out[rows] = finish(pixels[rows], painted[rows])
    progress(1, 1)
    return out
