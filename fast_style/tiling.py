"""Pictures painted by parts: windows to measure them by, and tiles with a border.

A generator normalises by statistics of the whole picture. Where these are given, a tile
is painted as it is in the whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

# Of the generators of the first models, which do not tell theirs.
FIRST_FILTERS, FIRST_RESIDUAL_BLOCKS = (16, 32, 64), 5
WINDOWS = 12  # of a picture that is too large to be measured whole
WINDOW = 384  # px, side of a window with its border, at most
LARGEST_WINDOW = 1024  # px, side of the largest square picture that is measured whole
TILE = 768  # px, side of a tile without its border, at most


def border(residual_blocks: int, upsampling: str, *, stride: int) -> tuple[int, int]:
    """Return how far a side of a picture is extended before a generator paints it.

    The generator's convolutions have no padding, so each of them makes a picture
    smaller. What they take away is added first: a picture's own edges, mirrored, or the
    pixels around a tile.

    Args:
        residual_blocks: Number of blocks that take pixels away: 0 or more.
        upsampling: "nearest" or "transposed", as of the generator.
        stride: Pixels from one feature of the residual blocks to the next, 4 or 8.

    Returns:
        Pixels before the first and after the last of a side whose length is a multiple
        of `stride`.
    """
    before = stride * (2 * residual_blocks + 1) + 8
    if upsampling == "nearest":
        return before, before + stride
    return before - 1, before + stride + 1


def stride_of(filters: Sequence[int]) -> int:
    """Return the pixels from one feature of the residual blocks to the next.

    Args:
        filters: Channels at full, half and quarter resolution, and at an eighth if the
            generator has a third stride.
    """
    return 2 ** (len(filters) - 1)


@dataclass(frozen=True)
class Geometry:
    """How a generator lies on a picture.

    Args:
        border: Pixels that it sees before and after each side; see `border`.
        stride: Pixels from one point of its grid to the next.
    """

    border: tuple[int, int]
    stride: int

    def places(self, length: int, offset: int = 0) -> np.ndarray:
        """Return which pixels make up a side with its mirrored border.

        Args:
            length: Pixels of the side.
            offset: Pixels by which the grid is moved; see `lead`.

        Returns:
            Indices of the side's pixels: a multiple of `stride` and the border.
        """
        before, after = self.border
        lead = self.lead(offset)
        trail = -(lead + length) % self.stride
        ends = (before + lead, trail + after)
        return np.pad(np.arange(length), ends, "reflect")

    def lead(self, offset: int) -> int:
        """Return how many pixels before a side its grid begins."""
        return -offset % self.stride

    @classmethod
    def of_model(cls, metadata: dict) -> "Geometry":
        """Return the geometry of a model; without settings that of the first ones.

        Args:
            metadata: The model's fast_style.json; see `metadata.read`.

        Raises:
            ValueError: The generator's settings are no numbers and names.
        """
        try:
            generator = metadata.get("generator", {})
            blocks = int(generator.get("residual_blocks", FIRST_RESIDUAL_BLOCKS))
            stride = stride_of(generator.get("filters", FIRST_FILTERS))
            upsampling = generator.get("upsampling", "nearest")
            return cls(border(blocks, upsampling, stride=stride), stride)
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"The model's generator is broken: {error}.") from error


def windows(pixels: np.ndarray, geometry: Geometry) -> np.ndarray:
    """Return the windows of a picture that its statistics are measured by.

    They are cut at full size and spread evenly. A thumbnail has other textures, and the
    results are further from the whole picture's.

    Args:
        pixels: uint8 (H, W, 3).
        geometry: The generator's.

    Returns:
        uint8 (B, H', W', 3), each side a multiple of the stride and the border. A small
        picture is its only window, with its border.
    """
    height, width = pixels.shape[:2]
    rows, columns = geometry.places(height), geometry.places(width)
    if height * width <= LARGEST_WINDOW**2:
        return pixels[rows][:, columns][None]
    side = WINDOW - (WINDOW - sum(geometry.border)) % geometry.stride
    down = max(1, round(np.sqrt(WINDOWS * height / width)))
    return np.stack(
        [
            pixels[rows[top : top + side]][:, columns[left : left + side]]
            for top in _spread(len(rows), side, down)
            for left in _spread(len(columns), side, -(-WINDOWS // down))
        ]
    )


def _spread(length: int, side: int, count: int) -> Iterator[int]:
    """Yield the first places of windows that are spread evenly."""
    for place in np.linspace(0, max(0, length - side), count + 2)[1:-1]:
        yield round(place)


def paint(
    pixels: np.ndarray,
    paint_tile: Callable[[np.ndarray], np.ndarray],
    geometry: Geometry,
    offset: tuple[int, int] = (0, 0),
) -> np.ndarray:
    """Return a picture painted by tiles.

    Args:
        pixels: uint8 (H, W, 3).
        paint_tile: Returns the inner part of a tile, uint8 (H', W', 3), painted.
        geometry: The generator's.
        offset: Pixels down and right by which the generator's grid is moved.

    Returns:
        uint8 (H, W, 3).
    """
    height, width = pixels.shape[:2]
    result = np.empty_like(pixels)
    rows, columns = map(geometry.places, (height, width), offset)
    around = sum(geometry.border)
    for top, tall in _tiles(len(rows) - around, geometry.stride):
        strip = pixels[rows[top : top + tall + around]]
        for left, wide in _tiles(len(columns) - around, geometry.stride):
            tile = strip[:, columns[left : left + wide + around]]
            y, x = top - geometry.lead(offset[0]), left - geometry.lead(offset[1])
            inner = paint_tile(tile)[max(-y, 0) :, max(-x, 0) :]
            target = result[max(y, 0) : y + tall, max(x, 0) : x + wide]
            target[:] = inner[: target.shape[0], : target.shape[1]]
    return result


def _tiles(length: int, stride: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the length of equal tiles of a side.

    The last one overlaps the one before where they do not fit: other sizes would have
    LiteRT allocate its memory anew.
    """
    count = -(-length // TILE)
    size = -(-length // (count * stride)) * stride
    for i in range(count):
        yield min(i * size, length - size), size
