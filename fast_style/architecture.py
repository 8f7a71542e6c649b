"""What a generator may look like, in names and numbers alone.

Settings and flags are made of these, so nothing here loads Keras.
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
