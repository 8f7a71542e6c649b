#!/usr/bin/env bash
# OpenCV: sqrBoxFilter with ddepth=-1 gives doubles for a picture of floats.
#
# -1 stands for the depth of the source, in boxFilter and in sqrBoxFilter's own
# documentation. Of float32 boxFilter makes float32, but sqrBoxFilter float64, and of
# uint8 float32, not uint8. So local variances of films were computed in doubles from
# there on, with twice the memory to move, and nothing said so: NumPy and OpenCV's next
# functions take float64 as well.
#
# Instead: name the depth, cv2.sqrBoxFilter(picture, cv2.CV_32F, size). The values are the
# same but for rounding.
#
# Seen with opencv-python-headless 5.0.0.93 and 4.12.0.88, Python 3.11; printed for each:
#
#   VERSION float32: box float32, squares float64, with CV_32F float32
#   VERSION uint8: box uint8, squares float32, with CV_32F float32
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 5.0.0.93 4.12.0.88; do
  "${PYTHON:-python3}" -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet "opencv-python-headless==$version"
  "$folder/$version/bin/python" - <<'PYTHON'
import cv2
import numpy as np

picture = np.random.default_rng(0).uniform(0, 255, (48, 64))
seen = []
for dtype in (np.float32, np.uint8):
    values = picture.astype(dtype)
    box = cv2.boxFilter(values, -1, (5, 5))
    squares = cv2.sqrBoxFilter(values, -1, (5, 5))
    named = cv2.sqrBoxFilter(values, cv2.CV_32F, (5, 5))
    assert np.allclose(squares, named, rtol=1e-5)
    seen.append((box.dtype.name, squares.dtype.name, named.dtype.name))
    print(
        f"{cv2.__version__} {values.dtype}: box {box.dtype}, squares {squares.dtype}, "
        f"with CV_32F {named.dtype}"
    )
raise SystemExit(
    seen != [("float32", "float64", "float32"), ("uint8", "float32", "float32")]
)
PYTHON
done
