"""Pictures painted by parts: windows to measure them by, and tiles with a border.

A generator normalises by statistics of the whole picture. Where these are given, a tile
is painted as it is in the whole.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

# Of the generators of the first models, which do not tell theirs.
FIRST_FILTERS, FIRST_RESIDUAL_BLOCKS = (16, 32, 64), 5
LARGEST_WHOLE = 8_400_000  # px of a picture that is measured and painted whole
# A picture that is not measured whole is measured by windows. A batch is normalised
# together; the mean of several is nearer to the whole than one of as many windows.
BATCHES, WINDOWS = 3, 12  # windows of a batch, at least
WINDOW = 384  # px, side of a window with its border, at most
TILE = 768  # px, side of a tile without its border, at most
STRIP = 1_000_000  # px that are worked on at a time beside the network
OVERLAP = 48  # px in which a tile blends with the one before, for int8's ranges differ


# From rows of a picture, and the same rows painted, to those of the result.
Finish = Callable[[np.ndarray, np.ndarray], np.ndarray]
Progress = Callable[[int, int], None]  # told how many tiles are done, and of how many


def as_painted(pixels: np.ndarray, painted: np.ndarray) -> np.ndarray:
    """Return painted rows as they are; this is a `Finish`."""
    return painted


def silent(done: int, count: int) -> None:
    """Take no note of tiles that are done; this is a `Progress`."""


def strips(pixels: np.ndarray) -> Iterator[slice]:
    """Yield the rows of a picture in strips of some STRIP pixels."""
    height, width = pixels.shape[:2]
    step = max(1, STRIP // width)
    for top in range(0, height, step):
        yield slice(top, top + step)


@dataclass(frozen=True)
class Geometry:
    """How a generator lies on a picture.

    Its convolutions have no padding, so each of them makes a picture smaller. What they
    take away is added first: the pixels around a tile, or a picture's own edges,
    mirrored. In a whole picture the residual blocks take nothing away.

    Args:
        border: Pixels that a tile brings along before and after each side, whose length
            is else a multiple of `stride`.
        stride: Pixels from one feature of the residual blocks to the next, 4 or 8.
        margin: Pixels that the network itself adds before and after each side of a
            whole picture.
    """

    border: tuple[int, int]
    stride: int
    margin: tuple[int, int]

    def places(self, length: int) -> np.ndarray:
        """Return which pixels make up a side with its mirrored border.

        Args:
            length: Pixels of the side.

        Returns:
            Indices of the side's pixels: a multiple of `stride` and the border.
        """
        before, after = self.border
        ends = (before, -length % self.stride + after)
        return np.pad(np.arange(length), ends, "reflect")

    @classmethod
    def of(
        cls, filters: Sequence[int], residual_blocks: int, upsampling: str
    ) -> "Geometry":
        """Return the geometry of a generator.

        Args:
            filters: Channels at full, half and quarter resolution, and at an eighth if
                the generator has a third stride.
            residual_blocks: Number of residual blocks, 0 or more.
            upsampling: "nearest" or "transposed".
        """
        stride = 2 ** (len(filters) - 1)
        before, after = stride + 8, 2 * stride + 8
        if upsampling == "transposed":
            before, after = before - 1, after + 1
        cropped = 2 * stride * residual_blocks
        return cls((before + cropped, after + cropped), stride, (before, after))

    @classmethod
    def of_model(cls, metadata: dict) -> "Geometry":
        """Return the geometry of a model; without settings that of the first ones.

        Models that do not tell their margin mirror pictures by the whole border.

        Args:
            metadata: The model's fast_style.json; see `metadata.read`.

        Raises:
            ValueError: The generator's settings are no numbers and names.
        """
        try:
            generator = metadata.get("generator", {})
            geometry = cls.of(
                generator.get("filters", FIRST_FILTERS),
                int(generator.get("residual_blocks", FIRST_RESIDUAL_BLOCKS)),
                generator.get("upsampling", "nearest"),
            )
            before, after = map(int, metadata.get("margin", geometry.border))
            return replace(geometry, margin=(before, after))
        except (AttributeError, TypeError, ValueError) as error:
            raise ValueError(f"The model's generator is broken: {error}.") from error


def windows(pixels: np.ndarray, geometry: Geometry) -> list[np.ndarray]:
    """Return the windows of a picture that its statistics are measured by, in batches.

    They are cut at full size and spread evenly. A thumbnail has other textures, and the
    results are further from the whole picture's.

    Args:
        pixels: uint8 (H, W, 3).
        geometry: The generator's.

    Returns:
        Batches of one shape, uint8 (B, H', W', 3), each side a multiple of the stride
        and the border. A small picture is its only window, with its border.
    """
    height, width = pixels.shape[:2]
    rows, columns = geometry.places(height), geometry.places(width)
    if height * width <= LARGEST_WHOLE:
        return [pixels[rows][:, columns][None]]
    side = WINDOW - (WINDOW - sum(geometry.border)) % geometry.stride
    count = BATCHES * WINDOWS
    down = max(1, round(np.sqrt(count * height / width)))
    across = math.ceil(count / down)
    across += across % BATCHES == 0  # or each batch would have columns of its own
    spread = [
        pixels[rows[top : top + side]][:, columns[left : left + side]]
        for top in _spread(len(rows), side, down)
        for left in _spread(len(columns), side, across)
    ]
    size = len(spread) // BATCHES
    return [np.stack(spread[batch::BATCHES][:size]) for batch in range(BATCHES)]


def _spread(length: int, side: int, count: int) -> Iterator[int]:
    """Yield the first places of windows that are spread evenly."""
    middles = (np.arange(count) + 0.5) * length / count
    for place in np.clip(middles - side / 2, 0, max(0, length - side)):
        yield round(place)


@dataclass(frozen=True)
class Span:
    """One tile along a side, in pixels of the grid.

    Args:
        start: Its first pixel without the border.
        size: Its pixels without the border.
        done: The first pixel that the tile before does not have.
    """

    start: int
    size: int
    done: int

    @property
    def seam(self) -> int:
        """Pixels that it blends with the tile before."""
        return min(OVERLAP, self.done - self.start)


def spans(length: int, stride: int) -> list[Span]:
    """Return equal tiles of a side, each overlapping the one before.

    All have one size: another would have LiteRT allocate its memory anew. The last one
    may overlap more than the others.

    Args:
        length: Pixels of the side without its border, a multiple of the stride.
        stride: What the tiles' sizes are a multiple of.
    """
    count = max(1, math.ceil((length - OVERLAP) / (TILE - OVERLAP)))
    size = math.ceil(((length - OVERLAP) / count + OVERLAP) / stride) * stride
    size = min(size, length)
    starts = [min(i * (size - OVERLAP), length - size) for i in range(count)]
    ends = [0, *(start + size for start in starts)]
    return [Span(start, size, ends[i]) for i, start in enumerate(starts)]


def paint(
    pixels: np.ndarray,
    paint_tile: Callable[[np.ndarray], np.ndarray],
    geometry: Geometry,
    *,
    out: np.ndarray,
    finish: Finish = as_painted,
    progress: Progress = silent,
) -> None:
    """Paint a picture by tiles, strip after strip.

    Args:
        pixels: uint8 (H, W, 3).
        paint_tile: Returns the inner part of a tile, uint8 (H', W', 3), painted.
        geometry: The generator's.
        out: The result, uint8 (H, W, 3). It may be `pixels`: originals are kept as long
            as a tile needs them.
        finish: Makes the result of painted rows, strip by strip.
        progress: Called after each tile.
    """
    rows, columns = map(geometry.places, pixels.shape[:2])
    around, before = sum(geometry.border), geometry.border[0]
    down = spans(len(rows) - around, geometry.stride)
    across = spans(len(columns) - around, geometry.stride)
    strip, painted = pixels[:0], np.empty((down[0].size, *pixels.shape[1:]), np.uint8)
    for i, span in enumerate(down):
        strip = _next_strip(
            pixels, strip, rows[: span.start + span.size + around], span
        )
        for j, part in enumerate(across):
            tile = strip[:, columns[part.start : part.start + part.size + around]]
            inner = paint_tile(tile)
            _lay(inner.swapaxes(0, 1), painted.swapaxes(0, 1), part)
            progress(i * len(across) + j + 1, len(down) * len(across))
        for some in strips(painted):
            inner = strip[before : before + span.size][some]
            painted[some] = finish(inner, painted[some])
        _lay(painted, out, span)


def _next_strip(
    pixels: np.ndarray, before: np.ndarray, rows: np.ndarray, span: Span
) -> np.ndarray:
    """Return the original rows of a span with its border.

    Args:
        pixels: The picture, whose rows above `span.done` may be painted already.
        before: The strip of the span above; of no rows for the first.
        rows: Which rows of the picture make up its side, to the end of the span.
        span: The span.
    """
    if not len(before):
        return pixels[rows]
    shift = span.start + span.size - span.done
    kept, fresh = before[shift:], rows[-shift:]
    strip = np.concatenate([kept, pixels[fresh]])
    places = {row: place for place, row in enumerate(rows[span.start : -shift])}
    for place, row in enumerate(fresh, start=len(kept)):
        if row in places:  # mirrored at the lower edge
            strip[place] = kept[places[row]]
    return strip


def _lay(painted: np.ndarray, target: np.ndarray, span: Span) -> None:
    """Lay painted rows over a target's, and blend them where both have some.

    Args:
        painted: The rows of the span, uint8 (H', W, 3).
        target: uint8 (H, W, 3).
        span: The span.
    """
    last = min(span.start + span.size, len(target))
    target[span.done : last] = painted[span.done - span.start : last - span.start]
    begin = span.done - span.seam
    rows = np.arange(begin, min(span.done, len(target)))
    shares = ((rows - begin + 0.5) / max(1, span.seam)).astype(np.float32)
    old = target[rows].astype(np.float32)
    change = shares[:, None, None] * (painted[rows - span.start] - old)
    target[rows] = np.rint(old + change)
