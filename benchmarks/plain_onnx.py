"""The generator as a plain ONNX graph, without this project's faster kernels.

It upsamples to the nearest and then convolves with 3x3, at the end with 9x9. It takes
and returns uint8 pictures (1, H, W, 3) of any H and W that are multiples of 4.

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

    def convolve(self, x: str, name: str, strides: int = 1) -> str:
        kernel = self.weights[f"{name}/kernel"].transpose(3, 2, 0, 1)  # (out, in, h, w)
        inputs = [x, self.constant(kernel)]
        if f"{name}/bias" in self.weights:
            inputs.append(self.constant(self.weights[f"{name}/bias"]))
        return self.add("Conv", *inputs, strides=[strides, strides])

    def block(self, x: str, name: str, strides: int = 1, relu: bool = True) -> str:
        x = self.convolve(x, name, strides)
        gamma, beta = (
            self.constant(self.weights[f"{name}/normalization/{table}"][0])
            for table in ("gamma", "beta")
        )
        x = self.add("InstanceNormalization", x, gamma, beta, epsilon=EPSILON)
        return self.add("Relu", x) if relu else x

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
    """Return the graph of a generator, whose weights prepare_applying wrote."""
    graph = _Graph(weights)
    before, after = (int(n) for n in weights["border"])
    x = graph.add("Transpose", "pixels", perm=[0, 3, 1, 2])
    x = graph.add("Cast", x, to=TensorProto.FLOAT)
    border = [0, 0, before, before, 0, 0, after, after]
    x = graph.add("Pad", x, graph.constant(border, np.int64), mode="reflect")
    x = graph.add("Mul", x, graph.constant(1 / 127.5))
    x = graph.add("Sub", x, graph.constant(1))
    x = graph.block(x, "conv_1")
    x = graph.block(x, "conv_2", strides=2)
    x = graph.block(x, "conv_3", strides=2)
    residuals = {name.split("/")[0] for name in weights if name.startswith("residual")}
    for name in sorted(residuals):
        y = graph.block(x, f"{name}/first")
        y = graph.block(y, f"{name}/second", relu=False)
        x = graph.add("Add", graph.crop(x, 2, 2), y)
    for name in ("upsample_1", "upsample_2"):
        x = graph.block(graph.upsample(x), name)
    x = graph.add("Tanh", graph.convolve(x, "pixels"))
    x = graph.crop(x, 0, 2)  # a border up to the stride grid leaves two pixels over
    x = graph.add("Mul", x, graph.constant(127.5))
    x = graph.add("Add", x, graph.constant(127.5 + 0.5))  # the cast rounds down
    x = graph.add("Cast", x, to=TensorProto.UINT8)
    graph.nodes.append(
        helper.make_node("Transpose", [x], ["stylized"], perm=[0, 2, 3, 1])
    )
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
