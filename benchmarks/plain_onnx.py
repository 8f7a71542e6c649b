"""The generator as a plain ONNX graph, without this project's faster kernels.

It upsamples to the nearest and then convolves with 3x3, at the end with 9x9. Where the
generator works on 2x2 blocks of pixels, it does so, too, with 5x5. It takes and returns
uint8 pictures (1, H, W, 3) of any H and W that are multiples of the generator's stride,
4 or 8.

Usage: python -m benchmarks.plain_onnx WEIGHTS.npz MODEL.onnx
"""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

EPSILON = 1e-5


class _Graph:
    """Nodes and constants, and the operations that the network consists of."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, value: Any, dtype: type = np.float32) -> str:
        name = f"constant_{len(self.constants)}"
        value = np.ascontiguousarray(value, dtype)
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def names(self, kind: str) -> list[str]:
        """Return the names of the layers of a kind, in their order."""
        names = {name.split("/")[0] for name in self.weights}
        return sorted(name for name in names if name.startswith(kind))

    def convolve(self, x: str, name: str, strides: int = 1) -> str:
        kernel = self.weights[f"{name}/kernel"].transpose(3, 2, 0, 1)  # (out, in, h, w)
        inputs = [x, self.constant(kernel)]
        if f"{name}/bias" in self.weights:
            bias = self.weights[f"{name}/bias"]
            # The last kernel may give the pixels of a block, which share a bias.
            inputs.append(self.constant(np.tile(bias, len(kernel) // len(bias))))
        return self.add("Conv", *inputs, strides=[strides, strides])

    def block(self, x: str, name: str, strides: int = 1, relu: bool = True) -> str:
        x = self.convolve(x, name, strides)
        gamma, beta = (
            self.constant(self.weights[f"{name}/normalization/{table}"][0])
            for table in ("gamma", "beta")
        )
        x = self.add("InstanceNormalization", x, gamma, beta, epsilon=EPSILON)
        return self.add("Relu", x) if relu else x

    def mirror(self, x: str, before: int, after: int) -> str:
        widths = [0, 0, before, before, 0, 0, after, after]
        return self.add("Pad", x, self.constant(widths, np.int64), mode="reflect")

    def crop(self, x: str, before: int, after: int) -> str:
        starts = self.constant([before, before], np.int64)
        ends = self.constant([-after, -after], np.int64)
        return self.add("Slice", x, starts, ends, self.constant([2, 3], np.int64))

    def upsample(self, x: str) -> str:
        return self.add(
            "Resize",
            x,
            "",
            self.constant([1, 1, 2, 2]),
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )


def build(weights: Mapping[str, np.ndarray]) -> onnx.ModelProto:
    """Return the graph of a generator, which prepare_applying wrote."""
    graph = _Graph(weights)
    first, *strided = graph.names("conv")
    residuals = graph.names("residual")
    in_blocks = weights["pixels/kernel"].shape[-1] > 3
    before, after = (int(n) for n in weights["margin"])
    x = graph.add("Transpose", "pixels", perm=[0, 3, 1, 2])
    x = graph.add("Cast", x, to=TensorProto.FLOAT)
    x = graph.mirror(x, before, after)
    x = graph.add("Mul", x, graph.constant(1 / 127.5))
    x = graph.add("Sub", x, graph.constant(1))
    if in_blocks:
        x = graph.add("SpaceToDepth", x, blocksize=2)
    x = graph.block(x, first)
    for name in strided:
        shortcut, x = x, graph.block(x, name, strides=2)
    for name in residuals:
        y = graph.block(graph.mirror(x, 2, 2), f"{name}/first")
        y = graph.block(y, f"{name}/second", relu=False)
        x = graph.add("Add", x, y)
    skip = bool(weights["skip"])
    for name in graph.names("upsample"):
        x = graph.block(graph.upsample(x), name, relu=not skip)
        if skip:
            inner = graph.crop(shortcut, 1, 2)
            x, skip = graph.add("Relu", graph.add("Add", inner, x)), False
    x = graph.convolve(x, "pixels")
    if in_blocks:
        x = graph.add("DepthToSpace", x, blocksize=2)
    x = graph.add("Tanh", x)
    # A margin up to the stride grid leaves two pixels or blocks over.
    x = graph.crop(x, 0, 4 if in_blocks else 2)
    x = graph.add("Mul", x, graph.constant(127.5))
    x = graph.add("Add", x, graph.constant(127.5 + 0.5))  # the cast rounds down
    x = graph.add("Cast", x, to=TensorProto.UINT8)
    graph.nodes.append(
        helper.make_node("Transpose", [x], ["stylized"], perm=[0, 2, 3, 1])
    )
    return _model(graph)


def _model(graph: _Graph) -> onnx.ModelProto:
    """Return the checked model of a graph from "pixels" to "stylized"."""
    shape = [1, "height", "width", 3]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "generator",
            [helper.make_tensor_value_info("pixels", TensorProto.UINT8, shape)],
            [helper.make_tensor_value_info("stylized", TensorProto.UINT8, shape)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    onnx.save(build(dict(np.load(sys.argv[1]))), sys.argv[2])
