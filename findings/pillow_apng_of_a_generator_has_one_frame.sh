#!/usr/bin/env bash
# Pillow 13.0.0: an APNG whose append_images is a generator is written with one frame.
#
# Image.save(..., save_all=True, append_images=frames) takes any iterable for GIF and WebP,
# so that a long animation never needs all of its frames in memory. For PNG a generator is
# accepted, too, but the file has the first frame alone, without an error or a warning: the
# encoder looks through the frames once to choose the mode, which uses the generator up.
#
# Instead: give a list to PNG, and read the number of frames back.
#
# Seen with Pillow 13.0.0, Python 3.11, Linux x86-64; printed:
#
#   Pillow 13.0.0, GIF: 4 frames of a list, 4 of a generator
#   Pillow 13.0.0, WEBP: 4 frames of a list, 4 of a generator
#   Pillow 13.0.0, PNG: 4 frames of a list, 1 of a generator
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import io

import PIL
from PIL import Image

pictures = [Image.new("RGB", (32, 24), (60 * i, 0, 0)) for i in range(4)]


def count(format, others):
    file = io.BytesIO()
    pictures[0].save(
        file, format, save_all=True, append_images=others, duration=100
    )
    return getattr(Image.open(file), "n_frames", 1)


seen = {}
for format in ("GIF", "WEBP", "PNG"):
    seen[format] = (
        count(format, pictures[1:]),
        count(format, (picture for picture in pictures[1:])),
    )
    of_list, of_generator = seen[format]
    print(
        f"Pillow {PIL.__version__}, {format}: {of_list} frames of a list, "
        f"{of_generator} of a generator"
    )
raise SystemExit(seen != {"GIF": (4, 4), "WEBP": (4, 4), "PNG": (4, 1)})
PYTHON
