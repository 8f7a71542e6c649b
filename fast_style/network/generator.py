"""The generator: a photograph in, the stylised photograph out (Johnson et al. 2016)."""

import keras
from keras import ops

from fast_style import MIN_SIZE, tiling
from fast_style.network.adapters import StyleAdapters
from fast_style.network.layers import (
    ConvBlock,
    PixelConvolution,
    ResidualBlock,
    UpsampleBlock,
)
from fast_style.network.normalization import is_table
from fast_style.styles import Rows

# Default of each argument that decides the shapes of the weights.
ARCHITECTURE = {"filters": "light", "residual_blocks": 5, "upsampling": "nearest"}
PRESETS = {"full": (32, 64, 128), "light": (16, 32, 64)}


def mirrored_indices(size, before, length):
    """Indices that mirror an axis at both its ends, as often as it takes.

    A triangle wave, so an axis shorter than the mirrored border is served too.

    Args:
        size: Length of the axis, at least 2; an int or a scalar tensor.
        before: Entries wanted before the axis' first.
        length: Entries wanted in all; an int or a scalar tensor.

    Returns:
        int32 (length,), values in 0..size - 1.
    """
    wave = ops.mod(ops.arange(length, dtype="int32") - before, 2 * (size - 1))
    return (size - 1) - ops.abs(wave - (size - 1))


@keras.saving.register_keras_serializable("fast_style")
class Generator(keras.Model):
    """Stylises pictures in one feed-forward pass.

    The table of Johnson et al. 2016, with instance normalisation (Ulyanov et al.
    2016), one row of its parameters per style (Dumoulin et al. 2017), and no
    padding but one mirrored border at the start: no border artefacts, and a tile
    with its border gives what the whole picture gives.

    Args:
        styles: Names of the styles, in the order of the style weights. "photo" is the
            photograph itself: its weight is the photograph's share of the result, and
            its row of the tables tells the network what it is to leave to it.
        filters: Channels at full, half and quarter resolution, or a preset's name:
            "full" (32, 64, 128) or "light" (16, 32, 64).
        residual_blocks: Number of residual blocks.
        upsampling: "nearest" or "transposed" (see UpsampleBlock).
        mirror: "picture": the border is the picture's, mirrored once at the start, as
            wide as all convolutions need. "features": for training; each residual
            block mirrors its own input, which saves a third of the work at 256 px.
        adapted: Names of the styles that have adapters before both upsamplings (see
            StyleAdapters): those that were added to a trained generator.

    Call arguments:
        images: (B, H, W, 3) in 0..255, any height and width from 16 px.
        style_weights: (B, number of styles), each row summing to one; None, which
            a generator of one style allows, stands for ones.

    Returns:
        Pictures (B, H, W, 3), float32 in 0..255.

    Raises:
        ValueError: A side is under 16 px.
    """

    def __init__(
        self,
        styles=("style",),
        filters="light",
        residual_blocks=5,
        upsampling="nearest",
        mirror="picture",
        adapted=(),
        **kwargs,
    ):
        super().__init__(**kwargs)
        if isinstance(filters, str):
            if filters not in PRESETS:
                raise ValueError(
                    f"No preset {filters!r}; give one of {', '.join(PRESETS)} or "
                    "three channel counts."
                )
            filters = PRESETS[filters]
        if len(filters) != 3:
            raise ValueError(f"filters is {filters}; give three channel counts.")
        if not styles or len(set(styles)) != len(styles):
            raise ValueError(f"styles is {styles}; give one or more different names.")
        if residual_blocks < 0:
            raise ValueError(f"residual_blocks is {residual_blocks}; give 0 or more.")
        self.styles = tuple(styles)
        self.filters = tuple(filters)
        self.residual_blocks = residual_blocks
        self.upsampling = upsampling
        if mirror not in ("picture", "features"):
            raise ValueError(f"mirror is {mirror!r}; give 'picture' or 'features'.")
        self.mirror = mirror
        if not set(adapted) <= set(styles):
            raise ValueError(f"adapted is {adapted}; give some of the styles {styles}.")
        self.adapted = tuple(adapted)

        w0, w1, w2 = self.filters
        common = {"num_styles": len(self.styles), "dtype": self.dtype_policy}
        rows = [self.styles.index(name) for name in self.adapted]
        self.adapters = [
            StyleAdapters(rows, dtype=self.dtype_policy, name=f"adapters_{i + 1}")
            for i in range(2 if rows else 0)
        ]
        self.blocks = [
            ConvBlock(w0, kernel_size=9, from_blocks=True, name="conv_1", **common),
            ConvBlock(w1, strides=2, name="conv_2", **common),
            ConvBlock(w2, strides=2, name="conv_3", **common),
            *(
                ResidualBlock(
                    w2,
                    mirrored=mirror == "features",
                    name=f"residual_{i + 1}",
                    **common,
                )
                for i in range(residual_blocks)
            ),
            *self.adapters[:1],
            UpsampleBlock(w1, upsampling=upsampling, name="upsample_1", **common),
            *self.adapters[1:],
            UpsampleBlock(
                w0, upsampling=upsampling, to_blocks=True, name="upsample_2", **common
            ),
        ]
        self.pixels = PixelConvolution(dtype=self.dtype_policy, name="pixels")

    @property
    def border(self):
        """Pixels to mirror before the first and after the last of a side of 4 n."""
        cropped = 0 if self.mirror == "features" else self.residual_blocks
        return tiling.border(cropped, self.upsampling)

    @property
    def shared_weights(self):
        """All weights but the adapters', which some generators have."""
        own = {id(weight) for layer in self.adapters for weight in layer.weights}
        return [weight for weight in self.weights if id(weight) not in own]

    @property
    def tables(self):
        """The normalisations' tables among the shared weights: one row per style."""
        return [weight for weight in self.shared_weights if is_table(weight)]

    @property
    def rows(self):
        """What the style weights weigh, as styles.Rows."""
        return Rows(self.styles)

    @property
    def architecture(self):
        """What two generators must share to have weights of the same shapes."""
        return {name: getattr(self, name) for name in ARCHITECTURE}

    def adapter_weights(self, name):
        """The weights of an adapted style's adapters."""
        place = self.adapted.index(name)
        return [each for layer in self.adapters for each in layer.networks[place]]

    def build(self, images_shape, style_weights_shape=None):
        weights_shape = (images_shape[0], len(self.styles))
        shape = (images_shape[0], None, None, 12)
        for block in self.blocks:
            block.build(shape, weights_shape)
            shape = block.compute_output_shape(shape, weights_shape)
        self.pixels.build(shape)
        self.built = True

    def call(self, images, style_weights=None):
        if style_weights is None:
            if len(self.styles) > 1:
                raise ValueError(f"Give style_weights for the styles {self.styles}.")
            style_weights = ops.ones((ops.shape(images)[0], 1))
        batch, height, width, _ = ops.shape(images)
        # Instance normalisation takes any constant out again; without one its
        # variances are exact on pictures of little contrast, too.
        colour = ops.mean(ops.cast(images, "float32"), axis=(1, 2), keepdims=True)
        blocks = ops.cast(self._mirrored_blocks(images), "float32")
        features = (blocks - ops.concatenate([colour] * 4, axis=-1)) / 127.5
        features = ops.cast(features, self.compute_dtype)
        for block in self.blocks:
            features = block(features, style_weights)
        pixels = ops.tanh(ops.cast(self.pixels(features), "float32"))
        pixels = ops.slice(pixels, (0, 0, 0, 0), (batch, height, width, 3))
        pixels = 127.5 * (pixels + 1.0)
        first = self.rows.photo_index
        if first is not None:
            weights = ops.reshape(style_weights, (-1, len(self.styles), 1, 1))
            share = ops.cast(weights[:, first : first + 1], "float32")
            pixels = pixels + share * (ops.cast(images, "float32") - pixels)
        return pixels

    def _mirrored_blocks(self, images):
        """(B, H, W, 3) with its border, as 2x2 blocks (B, H' / 2, W' / 2, 12)."""
        height, width = images.shape[1:3]
        if min(height or MIN_SIZE, width or MIN_SIZE) < MIN_SIZE:
            raise ValueError(
                f"A picture of {width}x{height} px is too small; each side must have "
                f"{MIN_SIZE} px or more."
            )
        before, after = self.border
        rows, columns = (
            mirrored_indices(size, before, before + (size + 3) // 4 * 4 + after)
            for size in ops.shape(images)[1:3]
        )
        halves = [ops.take(images, rows[p::2], axis=1) for p in (0, 1)]
        quarters = [
            ops.take(half, columns[q::2], axis=2) for half in halves for q in (0, 1)
        ]
        return ops.concatenate(quarters, axis=-1)

    def compute_output_shape(self, images_shape, style_weights_shape=None):
        return tuple(images_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "styles": list(self.styles),
            "filters": list(self.filters),
            "residual_blocks": self.residual_blocks,
            "upsampling": self.upsampling,
            "mirror": self.mirror,
            "adapted": list(self.adapted),
        }
