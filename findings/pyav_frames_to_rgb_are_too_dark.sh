#!/usr/bin/env bash
# PyAV 18.1.0: a frame of a film comes out of to_ndarray(format="rgb24") too dark.
#
# Grey frames of every level from 16 to 235, in yuv420p and limited range, become RGB by
# libswscale's quick path, which cuts fractions off: half a grey level too dark on average,
# and never too bright. Whoever decodes, changes nothing and encodes again darkens a film a
# little every time. With SWS_ACCURATE_RND alone, which promises better, it is 1.8 levels.
# With SWS_FULL_CHR_H_INT and SWS_FULL_CHR_H_INP beside it, every level is the nearest one.
#
# Instead: frame.reformat(format="rgb24", interpolation=ACCURATE_RND | FULL_CHR_H_INT |
# FULL_CHR_H_INP | BICUBIC), and to_ndarray() of that.
#
# Seen with av 18.1.0, Python 3.11, Linux x86-64; printed:
#
#   av 18.1.0, as it is: mean -0.49, from -0.99 to +0.00 grey levels
#   av 18.1.0, accurate rounding: mean -1.77, from -2.27 to +0.00 grey levels
#   av 18.1.0, and full chroma: mean -0.00, from -0.49 to +0.49 grey levels
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet av==18.1.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import av
import numpy as np
from av.video.reformatter import Interpolation as I

KINDS = {
    "as it is": None,
    "accurate rounding": I.BICUBIC | I.ACCURATE_RND,
    "and full chroma": I.BICUBIC
    | I.ACCURATE_RND
    | I.FULL_CHR_H_INT
    | I.FULL_CHR_H_INP,
}
levels = np.arange(16, 236)
picture = np.full((96, 64), 128, np.uint8)  # yuv420p: 64 rows of Y, then U and V
errors = {kind: [] for kind in KINDS}
for level in levels:
    picture[:64] = level
    frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    exact = (level - 16) * 255 / 219
    for kind, interpolation in KINDS.items():
        rgb = (
            frame.to_ndarray(format="rgb24")
            if interpolation is None
            else frame.reformat(
                format="rgb24", interpolation=interpolation
            ).to_ndarray()
        )
        errors[kind].append(float(rgb.mean()) - exact)
for kind, values in errors.items():
    print(
        f"av {av.__version__}, {kind}: mean {np.mean(values):+.2f}, "
        f"from {min(values):+.2f} to {max(values):+.2f} grey levels"
    )
default, rounding, full = (np.array(errors[kind]) for kind in KINDS)
raise SystemExit(
    not (
        default.mean() < -0.4
        and default.max() <= 0.01
        and rounding.mean() < -1.5
        and abs(full).max() <= 0.51
    )
)
PYTHON
