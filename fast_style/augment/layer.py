"""A layer of Keras that paints pictures at random, for the pipelines of a training."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import keras
import numpy as np
from keras import ops

from fast_style.augment.augmenter import Augmenter
from fast_style.augment.choices import Choices
from fast_style.tensors import Shape, Tensor


@keras.saving.register_keras_serializable("fast_style")
class RandomStyle(keras.layers.Layer):
    """Paints each picture of a batch in a random style.

    It belongs into a `map` of tf.data, on any backend of Keras, or into a PyDataset. In
    a model it works on the tensorflow backend, without jit_compile. It has no weights,
    and no gradient passes through it.

    Args:
        styles, blend, strength, probability, seed: As of `Choices`.
        model: Path of a .tflite file; None for the model in the package.
        threads: How many pictures are painted at once; None for one on each core.
    """

    def __init__(
        self,
        styles: Sequence[str] | None = None,
        blend: int = 1,
        strength: Sequence[float] = (1.0, 1.0),
        probability: float = 1.0,
        seed: int = 0,
        model: str | None = None,
        threads: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.choices = Choices(styles, blend, strength, probability, seed)
        self.augmenter = Augmenter(self.choices, model=model, threads=threads)
        self.model, self.threads = model, threads
        self.supports_jit = False
        self.built = True

    def __call__(self, images: Any, *arguments: Any, **options: Any) -> Tensor:
        # Keras converts inputs to its backend's tensors, which tf.data could not take.
        if _is_tensorflow(images) and keras.backend.backend() != "tensorflow":
            return self.call(images, *arguments, **options)
        return super().__call__(images, *arguments, **options)

    def call(
        self, images: Tensor, indices: Tensor | None = None, training: bool = True
    ) -> Tensor:
        """Return the pictures painted.

        Args:
            images: (B, H, W, 3) or (H, W, 3), RGB, of 0 to 255.
            indices: Whole number of each picture, (B,) or one alone; None to draw them.
            training: Whether to paint at all.

        Returns:
            Pictures of the same shape and type.
        """
        if not training:
            return images
        given = [images] if indices is None else [images, indices]
        if not _is_tensorflow(images):
            painted = self._paint(*map(ops.convert_to_numpy, given))
            return ops.convert_to_tensor(painted)
        import tensorflow as tf

        painted = tf.numpy_function(self._paint, given, images.dtype)
        painted.set_shape(images.shape)
        return painted

    def compute_output_shape(
        self, images_shape: Shape, indices_shape: Shape | None = None
    ) -> Shape:
        return images_shape

    def compute_output_spec(
        self, images: Any, indices: Any = None, training: bool = True
    ) -> Any:
        return keras.KerasTensor(images.shape, images.dtype)

    def get_config(self) -> dict[str, Any]:
        own = {"model": self.model, "threads": self.threads}
        return {**super().get_config(), **asdict(self.choices), **own}

    def _paint(
        self, images: np.ndarray, indices: np.ndarray | None = None
    ) -> np.ndarray:
        levels = images
        if images.dtype != np.uint8:
            levels = np.rint(images).clip(0, 255).astype(np.uint8)
        return self.augmenter(levels, indices).astype(images.dtype, copy=False)


def _is_tensorflow(value: Any) -> bool:
    """Return whether a value is a tensor of TensorFlow, which need not be installed."""
    return type(value).__module__.startswith("tensorflow.")
