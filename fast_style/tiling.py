"""How far a generator sees around the pixels that it paints."""


def border(residual_blocks: int, upsampling: str) -> tuple[int, int]:
    """Return how far a side of a picture is extended before a generator paints it.

    The generator's convolutions have no padding, so each of them makes a picture
    smaller. What they take away is added first: a picture's own edges, mirrored, or the
    pixels around a tile.

    Args:
        residual_blocks: Number of blocks that take pixels away: 0 or more.
        upsampling: "nearest" or "transposed", as of the generator.

    Returns:
        Pixels before the first and after the last of a side whose length is a multiple
        of 4.
    """
    before = 8 * residual_blocks + 12
    if upsampling == "nearest":
        return before, before + 4
    return before - 1, before + 5


def border_of_model(metadata: dict) -> tuple[int, int]:
    """Return the border of a model; without settings it is the embedded gallery's.

    Args:
        metadata: The model's fast_style.json; see `metadata.read`.

    Raises:
        ValueError: The generator's settings are no numbers and names.
    """
    try:
        generator = metadata.get("generator", {})
        residual_blocks = int(generator.get("residual_blocks", 5))
        return border(residual_blocks, generator.get("upsampling", "nearest"))
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"The model's generator is broken: {error}.") from error
