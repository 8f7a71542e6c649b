#!/usr/bin/env bash
# Pillow 13.0.0: resize(size, LANCZOS, box) depends on how much picture lies past the box.
#
# The same box of the same pixels, with more than the filter's reach around it, gives other
# results when the picture is cut shorter below: on noise by up to 12 grey levels. Pillow
# resizes in two passes, one for each axis, and rounds and clips to 8 bits in between;
# which axis comes first follows from the size of the whole picture. So a large picture
# that is resized strip by strip, to save memory, is not to the bit what it is in one
# piece. In mode F, which neither rounds nor clips, both agree.
#
# Instead: allow for it where strips are compared with the whole, or resize in mode F.
#
# Seen with Pillow 13.0.0, Python 3.11, Linux x86-64; printed:
#
#   Pillow 13.0.0, uint8: 530 rows in place of 1040: up to 12.0000 levels apart
#   Pillow 13.0.0, uint8: 800 rows in place of 1040: up to 0.0000 levels apart
#   Pillow 13.0.0, float32: 530 rows in place of 1040: up to 0.0000 levels apart
#   Pillow 13.0.0, float32: 800 rows in place of 1040: up to 0.0000 levels apart
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import PIL
from PIL import Image

noise = np.random.default_rng(0).integers(0, 256, (1040, 300), np.uint8)
BOX = (0, 0, 300, 512)  # halved; Lanczos reaches 6 px past it


def resized(height, mode):
    picture = Image.fromarray(noise[:height].astype(mode))
    return np.asarray(
        picture.resize((150, 256), Image.Resampling.LANCZOS, BOX), np.float64
    )


largest = {}
for mode in ("uint8", "float32"):
    whole = resized(1040, mode)
    largest[mode] = {h: abs(resized(h, mode) - whole).max() for h in (530, 800)}
    for height, difference in largest[mode].items():
        print(
            f"Pillow {PIL.__version__}, {mode}: {height} rows in place of 1040: "
            f"up to {difference:.4f} levels apart"
        )
raise SystemExit(
    not (largest["uint8"][530] > 3 and max(largest["float32"].values()) < 0.01)
)
PYTHON
