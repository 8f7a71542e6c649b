"""A model's network on pictures: painted whole, or measured and painted by tiles."""

from collections.abc import Callable

import numpy as np

from fast_style import tiling
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

    def paint_whole(self, pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return a picture painted whole, by statistics of its own.

        Args:
            pixels: The picture.
            weights: The style weights, float32 (1, rows).
        """
        return self._run(images=pixels[None], style_weights=weights)[0]

    def measure(self, pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return a picture's statistics; see `Stylizer.statistics`.

        Raises:
            ValueError: The model does not paint tiles.
        """
        self._tile_runner()
        windows = tiling.windows(pixels, self._geometry)
        return self._run(STATISTICS, windows=windows, style_weights=weights)

    def paint_tiles(
        self,
        pixels: np.ndarray,
        weights: np.ndarray,
        statistics: np.ndarray | None,
        offset: tuple[int, int],
    ) -> np.ndarray:
        """Return a picture painted by tiles; see `Stylizer.stylize`.

        Raises:
            ValueError: The model does not paint tiles, or the statistics are another's.
        """
        shape = self._tile_runner().shape(TILE, STATISTICS)
        if statistics is None:
            statistics = self.measure(pixels, weights)
        if statistics.shape != shape:
            raise ValueError(
                f"statistics are of shape {statistics.shape}, and this model's of "
                f"{shape}. Give what the method statistics returned."
            )
        inputs = {"style_weights": weights, "statistics": statistics.astype(np.float32)}

        def paint_tile(tile: np.ndarray) -> np.ndarray:
            return self._run(TILE, tiles=tile[None], **inputs)[0]

        return tiling.paint(pixels, paint_tile, self._geometry, offset)

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
            "This model does not paint tiles, so statistics and offset have no "
            "meaning. Make it anew with fast-style export."
        )
