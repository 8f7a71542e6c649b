"""The generator and its layers, on any Keras backend."""
