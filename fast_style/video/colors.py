"""Colours of films: from a decoder's frames to RGB, and back to what is encoded."""

from dataclasses import dataclass

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorTrc, Interpolation
from av.video.reformatter import VideoReformatter as Reformatter

LIMITED = 1  # range of luma from 16 to 235, as libav counts; every player takes it
_RGB, _BT709, _UNTOLD, _BT470BG, _SMPTE170M = 0, 1, 2, 5, 6  # matrices, by H.273
_KNOWN = (_BT709, 4, _BT470BG, _SMPTE170M, 7, 9)  # those that swscale converts by
_SD_HEIGHT, _SD_WIDTH = 576, 1279  # px, up to which players take BT.601 if untold
_HDR = {int(ColorTrc.SMPTE2084): "PQ", int(ColorTrc.ARIB_STD_B67): "HLG"}
_ACCURATE = (
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)


@dataclass(frozen=True)
class Colors:
    """What a film's numbers mean, as ITU-T H.273 counts.

    Args:
        matrix: From RGB to luma and chroma.
        primaries: Those of the RGB.
        transfer: Curve from light to RGB.
        hdr: "PQ" or "HLG" where its light has to be compressed, otherwise "".
    """

    matrix: int
    primaries: int
    transfer: int
    hdr: str = ""

    @property
    def written(self) -> "Colors":
        """Those of the painted film, which has no high dynamic range."""
        if self.hdr:
            return Colors(_BT709, ColorPrimaries.BT709, ColorTrc.BT709)
        if self.matrix == _RGB:
            return Colors(_BT709, self.primaries, self.transfer)
        return self


def colors_of(frame: av.VideoFrame) -> Colors:
    """Return the colours of a frame, with what players assume where it does not say.

    Raises:
        ValueError: They cannot be converted to RGB.
    """
    matrix = frame.colorspace
    if frame.format.is_rgb or frame.format.name.startswith(("gray", "mono", "pal")):
        matrix = _RGB
    elif matrix in (_RGB, _UNTOLD):
        large = frame.height > _SD_HEIGHT or frame.width > _SD_WIDTH
        matrix = _BT709 if large else _SMPTE170M
    elif matrix not in _KNOWN:
        raise ValueError(
            f"its colours have the matrix {matrix} of H.273, which is not read. "
            "Convert it, for example: ffmpeg -i film.mp4 -vf colorspace=bt709 new.mp4."
        )
    return Colors(
        matrix, frame.color_primaries, frame.color_trc, _HDR.get(frame.color_trc, "")
    )


class Converter:
    """Converts the frames of one film to RGB and painted ones back.

    Args:
        colors: Those of the film.
        size: Width and height in px of the RGB frames.
        pix_fmt: libav's name of the format that is encoded, such as "yuv420p".
    """

    def __init__(self, colors: Colors, size: tuple[int, int], pix_fmt: str) -> None:
        self._colors, self._size, self._pix_fmt = colors, size, pix_fmt
        # Of its own, because it builds large tables for a high dynamic range.
        self._reader, self._writer = Reformatter(), Reformatter()

    def to_rgb(self, frame: av.VideoFrame) -> np.ndarray:
        """Return a frame as uint8 (H, W, 3); transparent parts are white."""
        if self._colors.matrix != _RGB:
            frame.colorspace = self._colors.matrix
        has_alpha = any(component.is_alpha for component in frame.format.components)
        dynamic = bool(self._colors.hdr)
        width, height = self._size
        pixels = self._reader.reformat(
            frame,
            width=width,
            height=height,
            format="rgba" if has_alpha else "rgb24",
            interpolation=_ACCURATE,
            dst_color_trc=ColorTrc.BT709 if dynamic else None,
            dst_color_primaries=ColorPrimaries.BT709 if dynamic else None,
        ).to_ndarray()
        if not has_alpha:
            return pixels
        opacity = pixels[..., 3:].astype(np.uint16)
        mixed = pixels[..., :3] * opacity + 255 * (255 - opacity)
        return (mixed // 255).astype(np.uint8)

    def from_rgb(self, pixels: np.ndarray) -> av.VideoFrame:
        """Return uint8 (H, W, 3) as a frame to encode, with its colours told."""
        written = self._colors.written
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels))
        frame = self._writer.reformat(
            frame,
            format=self._pix_fmt,
            dst_colorspace=_SMPTE170M - 1 if written.matrix == 6 else written.matrix,
            dst_color_range=LIMITED,
            interpolation=_ACCURATE,
        )
        frame.color_primaries, frame.color_trc = written.primaries, written.transfer
        return frame
