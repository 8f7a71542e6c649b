"""The generator in PyTorch, plainly written: float32, channels last, no gradients."""

import os

import numpy as np
import torch
from torch.nn import functional

EPSILON = 1e-5


class Network:
    """A function from pictures, uint8 (H, W, 3), to pictures.

    H and W are multiples of the generator's stride, 4 or 8.

    Args:
        path: The generator (.npz) that prepare_applying wrote.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        arrays = dict(np.load(path))
        before, after = (int(n) for n in arrays.pop("margin"))
        self.margin = (before, after, before, after)
        self.skip = bool(arrays.pop("skip"))
        self.in_blocks = arrays["pixels/kernel"].shape[-1] > 3
        layers = sorted({name.split("/")[0] for name in arrays})
        self.first, *self.strided = (n for n in layers if n.startswith("conv"))
        self.residuals = [name for name in layers if name.startswith("residual")]
        self.upsamplings = [name for name in layers if name.startswith("upsample")]
        if self.in_blocks:
            # Keras has all channels of a pixel together, PyTorch all pixels of one.
            order = np.arange(12).reshape(4, 3).T.ravel()
            for name, axis in ((f"{self.first}/kernel", 2), ("pixels/kernel", 3)):
                arrays[name] = arrays[name].take(order, axis)
            arrays["pixels/bias"] = arrays["pixels/bias"].repeat(4)
        self.weights = {}
        for name, array in arrays.items():
            if name.endswith("kernel"):
                kernel = torch.from_numpy(array.transpose(3, 2, 0, 1).copy())
                array = kernel.contiguous(memory_format=torch.channels_last)
            else:
                array = torch.from_numpy(array.reshape(-1, array.shape[-1])[0].copy())
            self.weights[name] = array

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
        x = functional.pad(x, self.margin, mode="reflect")
        if self.in_blocks:
            x = functional.pixel_unshuffle(x, 2)
        x = self.block(x, self.first).relu_()
        for name in self.strided:
            shortcut, x = x, self.block(x, name, stride=2).relu_()
        for name in self.residuals:
            y = functional.pad(x, (2, 2, 2, 2), mode="reflect")
            y = self.block(y, f"{name}/first").relu_()
            x = x + self.block(y, f"{name}/second")
        for name in self.upsamplings:
            x = functional.interpolate(x, scale_factor=2, mode="nearest")
            x = self.block(x, name)
            if self.skip and name == self.upsamplings[0]:
                x = x + shortcut[:, :, 1:-2, 1:-2]
            x = x.relu_()
        weights = self.weights
        x = functional.conv2d(x, weights["pixels/kernel"], weights["pixels/bias"])
        if self.in_blocks:
            x = functional.pixel_shuffle(x, 2)
        height, width = pixels.shape[:2]
        x = 127.5 * (x.tanh()[0, :, :height, :width] + 1)
        return x.round().to(torch.uint8).permute(1, 2, 0).contiguous().numpy()
