"""The generator in PyTorch, plainly written: float32, channels last, no gradients."""

import os

import numpy as np
import torch
from torch.nn import functional

EPSILON = 1e-5


class Network:
    """A function from pictures, uint8 (H, W, 3) with multiples of 4, to pictures.

    Args:
        path: Weights (.npz) that prepare_applying wrote.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        arrays = dict(np.load(path))
        before, after = (int(n) for n in arrays.pop("border"))
        self.border = (before, after, before, after)
        self.weights = {}
        for name, array in arrays.items():
            if name.endswith("kernel"):
                kernel = torch.from_numpy(array.transpose(3, 2, 0, 1).copy())
                array = kernel.contiguous(memory_format=torch.channels_last)
            else:
                array = torch.from_numpy(array.reshape(-1, array.shape[-1])[0].copy())
            self.weights[name] = array
        names = {name.split("/")[0] for name in arrays if name.startswith("residual")}
        self.residuals = sorted(names)

    def block(self, x: torch.Tensor, name: str, stride: int = 1) -> torch.Tensor:
        """Convolve and normalise."""
        x = functional.conv2d(x, self.weights[f"{name}/kernel"], stride=stride)
        gamma = self.weights[f"{name}/normalization/gamma"]
        beta = self.weights[f"{name}/normalization/beta"]
        return functional.instance_norm(x, weight=gamma, bias=beta, eps=EPSILON)

    @torch.inference_mode()
    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        x = torch.from_numpy(pixels).permute(2, 0, 1)[None]
        x = x.to(torch.float32, memory_format=torch.channels_last) / 127.5 - 1
        x = functional.pad(x, self.border, mode="reflect")
        x = self.block(x, "conv_1").relu_()
        x = self.block(x, "conv_2", stride=2).relu_()
        x = self.block(x, "conv_3", stride=2).relu_()
        for name in self.residuals:
            y = self.block(x, f"{name}/first").relu_()
            x = x[:, :, 2:-2, 2:-2] + self.block(y, f"{name}/second")
        for name in ("upsample_1", "upsample_2"):
            x = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = self.block(x, name).relu_()
        weights = self.weights
        x = functional.conv2d(x, weights["pixels/kernel"], weights["pixels/bias"])
        height, width = pixels.shape[:2]
        x = 127.5 * (x.tanh()[0, :, :height, :width] + 1)
        return x.round().to(torch.uint8).permute(1, 2, 0).contiguous().numpy()
