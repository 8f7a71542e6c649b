"""Picture files inside the SavedModel, read as serve/image_bytes.py reads them."""

from functools import partial

import tensorflow as tf

UNKNOWN = "A file of image_bytes is no JPEG, PNG, GIF, WebP or BMP."
INDEXED = "A BMP file of image_bytes has a palette, under 24 bits or a compression."


def decode(encoded: tf.Tensor) -> tf.Tensor:
    """Return the picture of a file, by operations that TF Serving has.

    Transparent parts lie on white, those of a GIF on black. No picture is turned as its
    EXIF orientation says.

    Args:
        encoded: Content of a JPEG, PNG, GIF, WebP or BMP file, a scalar string.

    Returns:
        uint8 (H, W, 3), the first frame of a GIF. Where the operations run, they raise
        an InvalidArgumentError for a file that TensorFlow would read wrong.
    """
    readers = {
        b"\xff\xd8\xff": _jpeg,
        b"\x89PNG\r\n\x1a\n": _png,
        b"GIF8": _any,
        b"RIFF": _any,  # WebP
        b"BM": _bmp,
    }
    start = {mark: tf.strings.substr(encoded, 0, len(mark)) for mark in readers}
    branches = [
        (tf.equal(start[mark], mark), partial(read, encoded))
        for mark, read in readers.items()
    ]
    pixels = tf.case(branches, default=_refuse)
    return tf.ensure_shape(pixels, (None, None, 3))


def _any(encoded: tf.Tensor) -> tf.Tensor:
    # Three channels let TensorFlow refuse a WebP that has alpha or moves; other numbers
    # do not always end in an error (2.21).
    return tf.io.decode_image(encoded, channels=3, expand_animations=False)


def _jpeg(encoded: tf.Tensor) -> tf.Tensor:
    # The default is a coarse transform, up to 4 levels off that of other readers.
    return tf.io.decode_jpeg(encoded, channels=3, dct_method="INTEGER_ACCURATE")


def _png(encoded: tf.Tensor) -> tf.Tensor:
    values = tf.cast(tf.io.decode_png(encoded, channels=4), tf.float32)
    color, alpha = values[..., :3], values[..., 3:]
    # Of an opaque file of fewer bits, TensorFlow's alpha is their largest number.
    bits = tf.io.decode_raw(tf.strings.substr(encoded, 24, 1), tf.uint8)[0]
    opaque = tf.reduce_all(alpha == 2 ** tf.cast(bits, tf.float32) - 1)
    alpha = tf.where(opaque, 255.0, alpha)
    return tf.cast(tf.round(255 - (255 - color) * alpha / 255), tf.uint8)


def _bmp(encoded: tf.Tensor) -> tf.Tensor:
    """Read a BMP file without a palette, of which TensorFlow reads the indices."""
    header = tf.io.decode_raw(tf.strings.substr(encoded, 14, 20), tf.int32)
    size, bits, compression = header[0], header[3] // 2**16, header[4]
    plain = (size >= 40) & ((bits == 24) | (bits == 32)) & (compression == 0)
    with tf.control_dependencies([tf.debugging.Assert(plain, [INDEXED])]):
        return tf.io.decode_bmp(tf.identity(encoded), channels=0)[..., :3]


def _refuse() -> tf.Tensor:
    with tf.control_dependencies([tf.debugging.Assert(False, [UNKNOWN])]):
        return tf.zeros((1, 1, 3), tf.uint8)
