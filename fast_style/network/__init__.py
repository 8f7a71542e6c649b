"""The generator and its layers, on any backend of Keras.

Nothing in this file loads Keras, so that settings can name what is here.
"""

# Channels at full, half and quarter resolution, and at an eighth.
PRESETS = {
    "full": (32, 64, 128),
    "light": (16, 32, 64),
    "bold": (16, 32, 64, 128),
}
UPSAMPLINGS = ("nearest", "transposed")
# The arguments that decide the shapes of a generator's weights, and their defaults.
ARCHITECTURE = {
    "filters": "light",
    "residual_blocks": 5,
    "upsampling": "nearest",
    "skip": None,  # as the filters suggest
}
PRECISIONS = ("auto", "float32", "bfloat16")
