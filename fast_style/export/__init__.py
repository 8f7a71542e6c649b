"""Exporting a generator: SavedModel, .tflite files, and the proof of each."""
