"""A network that paints like any picture, in PyTorch: AdaIN, of its usual size.

The encoder is VGG19 up to relu4_1, the decoder its mirror image. Speed does not depend
on the weights, which are random.

Reference:
    Huang and Belongie 2017, "Arbitrary Style Transfer in Real-time with Adaptive
    Instance Normalization".
"""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

CHANNELS = [(64, 64), (128, 128), (256, 256, 256, 256), (512,)]  # by size, VGG19's
EPSILON = 1e-5


def convolution(inputs: int, outputs: int) -> list[nn.Module]:
    """Return the layers that mirror a border, convolve, and drop what is negative."""
    return [nn.ReflectionPad2d(1), nn.Conv2d(inputs, outputs, 3), nn.ReLU()]


def encoder() -> nn.Sequential:
    """Return VGG19 up to relu4_1, behind the layer that adapts the colours."""
    layers: list[nn.Module] = [nn.Conv2d(3, 3, 1)]
    inputs = 3
    for number, group in enumerate(CHANNELS):
        if number:
            layers.append(nn.MaxPool2d(2, ceil_mode=True))
        for outputs in group:
            layers += convolution(inputs, outputs)
            inputs = outputs
    return nn.Sequential(*layers)


def decoder() -> nn.Sequential:
    """Return the mirror image of the encoder."""
    sizes = [[*group] for group in reversed(CHANNELS)]
    layers: list[nn.Module] = []
    for group, smaller in pairwise([*sizes, [3]]):
        for inputs, outputs in pairwise([*group, smaller[0]]):
            layers += convolution(inputs, outputs)
        if smaller != [3]:
            layers.append(nn.Upsample(scale_factor=2, mode="nearest"))
    return nn.Sequential(*layers[:-1])  # pixels may be negative before they are cut


class Network:
    """A function from pictures, uint8 (B, H, W, 3), to pictures.

    Args:
        style: The picture to paint like, uint8 (H, W, 3).
        batch: How many pictures are painted at once.
        keeps_style: Whether the style is encoded once, or for each picture.
    """

    def __init__(self, style: np.ndarray, batch: int, keeps_style: bool) -> None:
        self.encoder, self.decoder = encoder().eval(), decoder().eval()
        self.style, self.batch = _tensor(style[None]), batch
        with torch.inference_mode():
            self.kept = self.encoder(self.style) if keeps_style else None

    @torch.inference_mode()
    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        parts = np.split(pixels, range(self.batch, len(pixels), self.batch))
        return np.concatenate([self.paint(part) for part in parts])

    def paint(self, pixels: np.ndarray) -> np.ndarray:
        """Return the pictures of a batch, painted."""
        content = self.encoder(_tensor(pixels))
        style = self.encoder(self.style) if self.kept is None else self.kept
        deviation, mean = _moments(content)
        style_deviation, style_mean = _moments(style)
        features = (content - mean) / deviation * style_deviation + style_mean
        painted = self.decoder(features).mul(255).round().clamp(0, 255)
        return painted.to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()


def _moments(features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    variance, mean = torch.var_mean(features, (2, 3), keepdim=True)
    return (variance + EPSILON).sqrt(), mean


def _tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
