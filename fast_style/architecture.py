"""What a generator may look like, in names and numbers alone.

Settings and flags are made of these, so nothing here loads Keras.
"""

from collections.abc import Sequence

# Channels at full, half and quarter resolution, and at an eighth.
PRESETS = {
    "full": (32, 64, 128),
    "light": (0, 32, 64, 128),
}
UPSAMPLINGS = ("nearest", "transposed")
# The arguments that decide the shapes of a generator's weights, and their defaults.
ARCHITECTURE = {
    "filters": "light",
    "residual_blocks": None,  # as many as the filters suggest
    "upsampling": "nearest",
    "skip": None,  # as the filters suggest
}
PRECISIONS = ("auto", "float32", "bfloat16")


def channels_of(filters: str | Sequence[int]) -> tuple[int, ...]:
    """Return the channels that `filters` of a Generator stands for.

    Args:
        filters: See Generator.

    Raises:
        ValueError: There is no such preset, or the numbers cannot be channel counts.
    """
    if isinstance(filters, str):
        if filters not in PRESETS:
            raise ValueError(
                f"filters is {filters!r}; give one of {', '.join(PRESETS)} or three "
                "or four channel counts."
            )
        filters = PRESETS[filters]
    least = 0 if len(filters) == 4 else 1  # for the first
    if len(filters) not in (3, 4) or filters[0] < least or min(filters[1:]) < 1:
        raise ValueError(
            f"filters is {filters}; give three or four channel counts from 1, or 0 as "
            "the first of four."
        )
    return tuple(filters)


def blocks_of(filters: str | Sequence[int]) -> int:
    """Return the residual blocks that suit `filters` of a Generator.

    At an eighth of the resolution, each sees twice as far as at a quarter.
    """
    return 4 if len(channels_of(filters)) == 4 else 5
