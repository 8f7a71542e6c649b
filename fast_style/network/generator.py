"""The generator: a photograph in, the stylized photograph out (Johnson et al. 2016)."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from fast_style.architecture import ARCHITECTURE, blocks_of, channels_of
from fast_style.network.adapters import StyleAdapters
from fast_style.network.layers import (
    ConvBlock,
    NormalizedConvolution,
    ResidualBlock,
)
from fast_style.network.mirroring import mirrored_blocks
from fast_style.network.normalization import (
    SharedStatistics,
    is_table,
    picture_mean,
)
from fast_style.network.upsampling import PixelConvolution, UpsampleBlock
from fast_style.styles import Rows
from fast_style.tensors import Shape, Tensor
from fast_style.tiling import Geometry


@keras.saving.register_keras_serializable("fast_style")
class Generator(keras.Model):
    """Stylizes pictures in one feed-forward pass.

    This is the network of Johnson et al. (2016) with instance normalisation (Ulyanov
    et al. 2016) that has one row of parameters for each style (Dumoulin et al. 2017).
    It pads with no zeros but mirrors: the picture at the start, and what the residual
    blocks see. So it leaves no artefacts at the edges. A part of a picture brings a
    border along instead, and gives what the whole picture gives there; see
    `network.tiles`.

    Args:
        styles: Names of the rows, in the order of the style weights. "photo" is the
            photograph itself: its weight is the photograph's share of the result, and
            its row of the tables adapts the network's share to that.
        filters: Channels at full, half and quarter resolution, and at an eighth if
            there are four of them; or the name of a preset: "light" (0, 32, 64, 128)
            or "full" (32, 64, 128). The residual blocks work at the lowest resolution.
            At an eighth they see twice as far, so they make longer strokes. With 0 as
            the first of four there are no features at full resolution: the picture is
            read and painted in blocks of 2x2 pixels.
        residual_blocks: Number of residual blocks, 0 or more. None: 4 with four
            filters, else 5.
        upsampling: "nearest" or "transposed" (see UpsampleBlock).
        adapted: Names of the styles that have adapters (see StyleAdapters) before
            each upsampling: those that were added to a trained generator.
        skip: Whether the features before the last stride are added to the result of
            the first upsampling, before its ReLU (He et al. 2016; Ronneberger et al.
            2015). At an eighth, faces and outlines need it. None: if there are four
            filters.

    Call arguments:
        images: (B, H, W, 3) in 0..255, of any height and width from 16 px.
        style_weights: (B, number of styles), each row summing to one. None stands for
            ones and is allowed if there is one style.

    Returns:
        Pictures float32 (B, H, W, 3) in 0..255.

    Raises:
        ValueError: An argument does not fit, a side is under 16 px, or the style
            weights are missing.
    """

    def __init__(
        self,
        styles: Sequence[str] = ("style",),
        filters: str | Sequence[int] = "light",
        residual_blocks: int | None = None,
        upsampling: str = "nearest",
        adapted: Sequence[str] = (),
        skip: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not styles or len(set(styles)) != len(styles):
            raise ValueError(f"styles is {styles}; give one or more different names.")
        if residual_blocks is None:
            residual_blocks = blocks_of(filters)
        if residual_blocks < 0:
            raise ValueError(f"residual_blocks is {residual_blocks}; give 0 or more.")
        if not set(adapted) <= set(styles):
            raise ValueError(f"adapted is {adapted}; give some of the styles {styles}.")
        self.styles = tuple(styles)
        self.filters = channels_of(filters)
        self.residual_blocks = residual_blocks
        self.upsampling = upsampling
        self.adapted = tuple(adapted)
        self.skip = len(self.filters) == 4 if skip is None else bool(skip)
        rows = [self.styles.index(name) for name in self.adapted]
        self.adapters = [
            StyleAdapters(rows, dtype=self.dtype_policy, name=f"adapters_{i + 1}")
            for i in range(len(self._upsampled) if rows else 0)
        ]
        self.blocks = self._make_blocks()
        full = self.filters[0] > 0
        self.pixels = PixelConvolution(
            kernel_size=9 if full else 5,
            from_blocks=full,
            dtype=self.dtype_policy,
            name="pixels",
        )

    def _make_blocks(self) -> list[keras.layers.Layer]:
        """Return the layers from the mirrored picture to the last features."""
        full, half, *smaller = self.filters  # channels at each resolution
        common = {"num_styles": len(self.styles), "dtype": self.dtype_policy}
        if full:
            first = [
                ConvBlock(
                    full, kernel_size=9, from_blocks=True, name="conv_1", **common
                ),
                ConvBlock(half, strides=2, name="conv_2", **common),
            ]
        else:
            first = [ConvBlock(half, kernel_size=5, name="conv_2", **common)]
        return [
            *first,
            *(
                ConvBlock(channels, strides=2, name=f"conv_{i}", **common)
                for i, channels in enumerate(smaller, start=3)
            ),
            *(
                ResidualBlock(smaller[-1], name=f"residual_{i + 1}", **common)
                for i in range(self.residual_blocks)
            ),
            *self._make_upsamplings(),
        ]

    def _make_upsamplings(self) -> list[keras.layers.Layer]:
        """Return the upsamplings, each after its adapters if there are any."""
        blocks: list[keras.layers.Layer] = []
        for i, channels in enumerate(self._upsampled):
            block = UpsampleBlock(
                channels,
                num_styles=len(self.styles),
                upsampling=self.upsampling,
                activation="linear" if self.skip and i == 0 else "relu",
                to_blocks=i == len(self.filters) - 2,
                dtype=self.dtype_policy,
                name=f"upsample_{i + 1}",
            )
            blocks += [*self.adapters[i : i + 1], block]
        return blocks

    @property
    def _upsampled(self) -> list[int]:
        """Channels after each upsampling, 0 at full resolution being left out."""
        return [channels for channels in self.filters[-2::-1] if channels]

    @property
    def convolutions(self) -> list[NormalizedConvolution]:
        """The convolutions that are normalised, in their order."""
        return [
            convolution
            for block in self.blocks
            for convolution in (
                (block.first, block.second)
                if isinstance(block, ResidualBlock)
                else (block,)
            )
            if isinstance(convolution, NormalizedConvolution)
        ]

    @property
    def geometry(self) -> Geometry:
        """How the network lies on a picture."""
        return Geometry.of(self.filters, self.residual_blocks, self.upsampling)

    @property
    def shared_weights(self) -> list[keras.Variable]:
        """All weights but those of the adapters.

        Generators of the same architecture have shared weights in the same order.
        """
        own = {id(weight) for layer in self.adapters for weight in layer.weights}
        return [weight for weight in self.weights if id(weight) not in own]

    @property
    def tables(self) -> list[keras.Variable]:
        """The tables among the shared weights, which have one row for each style."""
        return [weight for weight in self.shared_weights if is_table(weight)]

    @property
    def rows(self) -> Rows:
        """The rows of the tables, in the order of the style weights."""
        return Rows(self.styles)

    @property
    def architecture(self) -> dict[str, Any]:
        """The arguments that two generators must share to exchange weights."""
        return {name: getattr(self, name) for name in ARCHITECTURE}

    def adapter_weights(self, style: str) -> list[keras.Variable]:
        """Return the weights of the adapters of an adapted style."""
        place = self.adapted.index(style)
        return [weight for layer in self.adapters for weight in layer.networks[place]]

    def build(
        self, images_shape: Shape, style_weights_shape: Shape | None = None
    ) -> None:
        weights_shape = (images_shape[0], len(self.styles))
        shape: Shape = (images_shape[0], None, None, 12)
        for block in self.blocks:
            block.build(shape, weights_shape)
            shape = block.compute_output_shape(shape, weights_shape)
        self.pixels.build(shape)
        self.built = True

    def call(self, images: Tensor, style_weights: Tensor | None = None) -> Tensor:
        if style_weights is None:
            if len(self.styles) > 1:
                raise ValueError(f"Give style_weights for the styles {self.styles}.")
            style_weights = ops.ones((ops.shape(images)[0], 1))
        # Instance normalisation removes any constant. Without the mean colour, its
        # variances are exact even on pictures of little contrast.
        colour = picture_mean(ops.cast(images, "float32"))
        blocks = mirrored_blocks(images, self.geometry.margin, self.geometry.stride)
        features = self.features(blocks, colour, style_weights)
        return self.painted(features, images, style_weights)

    def features(
        self,
        blocks: Tensor,
        colour: Tensor,
        style_weights: Tensor,
        statistics: SharedStatistics | None = None,
    ) -> Tensor:
        """Return the last features of pictures.

        Args:
            blocks: The pictures with their margins, or parts with their borders, as
                2x2 blocks (B, H, W, 12).
            colour: The mean colours that are taken off first, float32 (B, 1, 1, 3).
            style_weights: As of the call.
            statistics: Those of parts; None for whole pictures.
        """
        blocks = ops.cast(blocks, "float32")
        features = (blocks - ops.concatenate([colour] * 4, axis=-1)) / 127.5
        shortcut = features = ops.cast(features, self.compute_dtype)
        for block in self.blocks:
            if block.name == f"conv_{len(self.filters)}":
                shortcut = features
            features = block(features, style_weights, statistics=statistics)
            if self.skip and block.name == "upsample_1":
                # What the blocks between take off each side, in features of here.
                cropped = 0 if statistics is None else 4 * self.residual_blocks
                inner = slice(cropped + 1, -cropped - 2)
                shortcut = ops.cast(shortcut[:, inner, inner], features.dtype)
                features = ops.relu(shortcut + features)
        return features

    def painted(
        self, features: Tensor, images: Tensor, style_weights: Tensor
    ) -> Tensor:
        """Return the pictures of the last features, with the photographs' share.

        Args:
            features: As of `features`.
            images: The photographs without borders, (B, H, W, 3).
            style_weights: As of the call.
        """
        _, height, width, _ = ops.shape(images)
        pixels = ops.tanh(ops.cast(self.pixels(features), "float32"))
        size = (ops.shape(pixels)[0], height, width, 3)  # one image may have many rows
        pixels = 127.5 * (ops.slice(pixels, (0, 0, 0, 0), size) + 1.0)
        photo = self.rows.photo_index
        if photo is None:
            return pixels
        weights = ops.reshape(style_weights, (-1, len(self.styles), 1, 1))
        share = ops.cast(weights[:, photo : photo + 1], "float32")
        return pixels + share * (ops.cast(images, "float32") - pixels)

    def compute_output_shape(
        self, images_shape: Shape, style_weights_shape: Shape | None = None
    ) -> Shape:
        return tuple(images_shape)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "styles": list(self.styles),
            "filters": list(self.filters),
            "residual_blocks": self.residual_blocks,
            "upsampling": self.upsampling,
            "adapted": list(self.adapted),
            "skip": self.skip,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Generator":
        # Earlier versions said what is mirrored.
        return cls(**{k: v for k, v in config.items() if k != "mirror"})
