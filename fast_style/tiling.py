"""How far a generator sees around the pixels that it paints."""

from collections.abc import Sequence

# Of the generators of the first models, which do not tell theirs.
FIRST_FILTERS, FIRST_RESIDUAL_BLOCKS = (16, 32, 64), 5


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


def border_of_model(metadata: dict) -> tuple[int, int]:
    """Return the border of a model; without settings it is that of the first ones.

    Args:
        metadata: The model's fast_style.json; see `metadata.read`.

    Raises:
        ValueError: The generator's settings are no numbers and names.
    """
    try:
        generator = metadata.get("generator", {})
        residual_blocks = int(generator.get("residual_blocks", FIRST_RESIDUAL_BLOCKS))
        stride = stride_of(generator.get("filters", FIRST_FILTERS))
        upsampling = generator.get("upsampling", "nearest")
        return border(residual_blocks, upsampling, stride=stride)
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"The model's generator is broken: {error}.") from error
