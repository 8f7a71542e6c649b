"""The models of the tests: the real signature, and results that are easily computed.

`python tests/support/make_models.py` writes them to tests/support/models. They are kept
there so that tests of what applies styles need no TensorFlow.
"""

from pathlib import Path

from fast_style import metadata

FOLDER = Path(__file__).with_name("models")
ROWS = {"two": ["wave", "scream"], "gallery": ["photo", "wave", "scream"]}
SCREAM = {
    "title": "The Scream",
    "artist": "Edvard Munch",
    "year": "1893",
    "credit": "public domain, the artist died in 1944",
}


def make(path, rows):
    """Write a model of these rows, with a catalogue entry for "scream" alone."""
    import tensorflow as tf

    paint = {
        "photo": lambda pixels: pixels / 2,
        "wave": lambda pixels: 255 - pixels,
        "scream": lambda pixels: pixels[..., ::-1],
    }

    class Network(tf.Module):
        @tf.function(
            input_signature=[
                tf.TensorSpec([1, None, None, 3], tf.uint8, name="images"),
                tf.TensorSpec([1, len(rows)], tf.float32, name="style_weights"),
            ]
        )
        def serve(self, images, style_weights):
            pixels = tf.cast(images, tf.float32)
            weights = tf.reshape(style_weights, (len(rows), 1, 1, 1, 1))
            painted = tf.stack([paint[row](pixels) for row in rows])
            mixed = tf.reduce_sum(weights * painted, axis=0)
            return {"stylized_images": tf.cast(tf.round(mixed), tf.uint8)}

    network = Network()
    signature = network.serve.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([signature], network)
    path.write_bytes(converter.convert())
    description = {"styles": rows, "catalogue": {"scream": SCREAM}}
    metadata.attach(path, {"fast_style": "0.1.0", **description})


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, rows in ROWS.items():
        make(FOLDER / f"{name}.tflite", rows)
