"""The generator and its layers, on any backend of Keras.

Importing the package registers them with Keras, so that `keras.saving.load_model` reads
a generator.
"""

from fast_style.network.generator import Generator

__all__ = ["Generator"]
