"""The training step in PyTorch, plainly written, with PyTorch's defaults.

The full network is that of Johnson et al. 2016, as PyTorch's own fast_neural_style
example has it: reflection padding before each convolution, nearest upsampling, instance
normalisation, no tanh. The light one is this project's, written likewise. As in the
example, VGG16 computes the photographs' features up to its last layer. The losses and
their layers are this project's.
"""

import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional

CONTENT_LAYER = "block3_conv3"
STYLE_LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")
MEAN = (103.939, 116.779, 123.68)  # of VGG16's training pictures, BGR
STYLE_WEIGHT = 1e6  # about what a training finds for a painting
TOLERANCE = 1e-3


class Step:
    """One step on a batch, uint8 (B, H, W, 3).

    Args:
        folder: Where prepare_training wrote the inputs.
        preset: "light" or "full".
        channels_last: Whether networks and pictures lie in memory pixel by pixel;
            otherwise they lie there channel by channel.

    Raises:
        ValueError: The loss terms of two pictures are not those of Keras.
    """

    def __init__(
        self, folder: str | os.PathLike, preset: str, channels_last: bool = False
    ) -> None:
        folder = Path(folder)
        arrays = dict(np.load(folder / "vgg16.npz"))
        self.layout = torch.channels_last if channels_last else torch.contiguous_format
        channels = [int(n) for n in arrays[f"{preset}/channels"]]
        self.generator = Generator(channels, int(arrays[f"{preset}/residual_blocks"]))
        self.loss_network = LossNetwork(arrays)
        for network in (self.generator, self.loss_network):
            network.to(memory_format=self.layout)
        style = np.array(Image.open(folder / "style.png"))
        with torch.no_grad():
            painting = self.loss_network(self.pictures(style))
        self.style_grams = [gram_matrix(painting[layer]) for layer in STYLE_LAYERS]
        self.style_scales = [1 / gram.square().mean() for gram in self.style_grams]
        self.optimizer = torch.optim.Adam(self.generator.parameters(), lr=1e-3)
        photo, stylized = (self.pictures(arrays[n]) for n in ("photo", "stylized"))
        with torch.no_grad():
            terms = torch.stack(self.terms(stylized, photo)).numpy()
        if not np.allclose(terms, arrays["terms"], rtol=TOLERANCE):
            raise ValueError(f"Loss terms {terms}; Keras has {arrays['terms']}.")

    def pictures(self, pixels: np.ndarray) -> torch.Tensor:
        """Return one picture or a batch as PyTorch has them, (B, 3, H, W)."""
        if pixels.ndim == 3:
            pixels = pixels[None]
        values = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
        return values.contiguous(memory_format=self.layout)

    def terms(self, stylized: torch.Tensor, photos: torch.Tensor) -> list[torch.Tensor]:
        """Return content, style of each layer and total variation, not weighted."""
        features, targets = self.loss_network(stylized), self.loss_network(photos)
        content = functional.mse_loss(features[CONTENT_LAYER], targets[CONTENT_LAYER])
        styles = [
            scale * functional.mse_loss(gram, target.expand_as(gram))
            for gram, target, scale in zip(
                (gram_matrix(features[layer]) for layer in STYLE_LAYERS),
                self.style_grams,
                self.style_scales,
                strict=True,
            )
        ]
        rows = (stylized[:, :, 1:] - stylized[:, :, :-1]).square().sum()
        columns = (stylized[..., 1:] - stylized[..., :-1]).square().sum()
        return [content, *styles, (rows + columns) / len(stylized)]

    def __call__(self, batch: np.ndarray) -> float:
        photos = self.pictures(batch)
        self.optimizer.zero_grad()
        content, *styles, variation = self.terms(self.generator(photos), photos)
        loss = content + STYLE_WEIGHT * sum(styles) + 1e-6 * variation
        loss.backward()
        self.optimizer.step()
        return loss.item()


class LossNetwork(nn.Module):
    """VGG16 up to block4_conv3, frozen.

    Args:
        arrays: Kernels and biases in Keras' layout, as "block1_conv1/kernel".
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        self.convolutions = nn.ModuleDict()
        for name in arrays:
            if name.endswith("/kernel"):
                layer = name.removesuffix("/kernel")
                kernel = torch.from_numpy(arrays[name].transpose(3, 2, 0, 1).copy())
                convolution = nn.Conv2d(*kernel.shape[1::-1], 3, padding=1)
                convolution.weight.data = kernel
                convolution.bias.data = torch.from_numpy(arrays[f"{layer}/bias"])
                self.convolutions[layer] = convolution
        self.requires_grad_(False)
        self.register_buffer("mean", torch.tensor(MEAN).view(3, 1, 1))

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        x = pictures.flip(1) - self.mean
        features, block = {}, "block1"
        for name, convolution in self.convolutions.items():
            if not name.startswith(block):
                block = name[:6]
                x = functional.max_pool2d(x, 2)
            x = features[name] = convolution(x).relu_()
        return features


def gram_matrix(features: torch.Tensor) -> torch.Tensor:
    """Return the Gram matrix, (B, C, C), divided by H * W * C."""
    batch, channels, height, width = features.shape
    matrix = features.reshape(batch, channels, height * width)
    return matrix @ matrix.transpose(1, 2) / (height * width * channels)


class Generator(nn.Module):
    """Johnson's network; with four numbers of channels this project's.

    Args:
        channels: Channels at full, half and quarter resolution, and at an eighth if
            there are four, where the features before the last stride are added to the
            first upsampling. With 0 as the first, pixels come and go in 2x2 blocks.
        residual_blocks: Number of residual blocks.
    """

    def __init__(self, channels: Sequence[int], residual_blocks: int) -> None:
        super().__init__()
        *larger, before, last = (number for number in channels if number)
        larger.append(before)
        self.skip = len(channels) == 4
        if channels[0]:
            start, end = _block(3, larger[0], 9), _convolution(larger[0], 3, 9)
        else:
            start = nn.PixelUnshuffle(2), *_block(12, larger[0], 5)
            end = *_convolution(larger[0], 12, 5), nn.PixelShuffle(2)
        pairs = list(itertools.pairwise(larger))
        self.outer = nn.Sequential(
            *start, *(part for a, b in pairs for part in _block(a, b, 3, stride=2))
        )
        self.inner = nn.Sequential(
            *_block(before, last, 3, stride=2),
            *(_Residual(last) for _ in range(residual_blocks)),
            *_upsampling(last, before)[:-1],  # its ReLU comes after the skip
        )
        self.paint = nn.Sequential(
            nn.ReLU(),
            *(part for a, b in pairs[::-1] for part in _upsampling(b, a)),
            *end,
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.outer(x)
        return self.paint(x + self.inner(x) if self.skip else self.inner(x))


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = (_block(channels, channels, 3) for _ in range(2))
        self.body = nn.Sequential(*first, *second[:-1])  # no ReLU at the end

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


def _upsampling(inputs: int, outputs: int) -> tuple:
    return nn.Upsample(scale_factor=2), *_block(inputs, outputs, 3)


def _block(inputs: int, outputs: int, size: int, stride: int = 1) -> tuple:
    normalization = nn.InstanceNorm2d(outputs, affine=True)
    return *_convolution(inputs, outputs, size, stride), normalization, nn.ReLU()


def _convolution(inputs: int, outputs: int, size: int, stride: int = 1) -> tuple:
    return nn.ReflectionPad2d(size // 2), nn.Conv2d(inputs, outputs, size, stride)
