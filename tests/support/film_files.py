"""Small films, made in code, and what is in a film."""

from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from av.video.reformatter import Interpolation

NTSC = Fraction(1001, 30000)
ACCURATE = Interpolation.BICUBIC | Interpolation.ACCURATE_RND
ACCURATE |= Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP


@dataclass(frozen=True)
class Clip:
    """What a film holds.

    Args:
        times: When each frame is shown, in units of `time_base`.
        time_base: Seconds of a unit.
        size: Width and height in px.
        codec: libav's name of the encoder.
        pix_fmt: That of the pixels' format.
        tags: What the film says of its colours: fields of a codec context.
        untold: Matrix of the colours, by H.273, where the film does not tell it.
        rotation: Degrees against the clock that its player turns it.
        aspect: Width of a pixel over its height.
        sound: Encoder of a track of sound, or "".
        subtitles: Whether there are subtitles.
        metadata: What the file says of itself.
        options: Those of the encoder.
    """

    times: tuple[int, ...] = tuple(range(6))
    time_base: Fraction = Fraction(1, 25)
    size: tuple[int, int] = (64, 48)
    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    tags: dict = field(default_factory=dict)
    untold: int = 6
    rotation: int = 0
    aspect: Fraction | None = None
    sound: str = ""
    subtitles: bool = False
    metadata: dict = field(default_factory=dict)
    options: dict = field(
        default_factory=lambda: {"crf": "1", "x264-params": "chromaloc=1"}
    )


def scene(number, size=(64, 48)):
    """A frame: red grows rightwards, green downwards; a corner tells the number."""
    width, height = size
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 200 / width + 30, y * 200 / height + 30, 0 * x + 60], -1)
    pixels[: height // 4, : width // 4] = (9 * number) % 200 + 20
    return pixels.astype(np.uint8)


def make(path, clip=None, **changes):
    """Write a film and return its path."""
    clip = clip or Clip(**changes)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(clip.codec, rate=25, options=clip.options)
        stream.width, stream.height = clip.size
        stream.pix_fmt = clip.pix_fmt
        stream.codec_context.time_base = clip.time_base
        for name, value in clip.tags.items():
            setattr(stream.codec_context, name, value)
        if clip.aspect:
            stream.codec_context.sample_aspect_ratio = clip.aspect
        if clip.rotation:
            stream.set_display_rotation(clip.rotation)
        sound = clip.sound and container.add_stream(clip.sound, rate=48000)
        if sound:
            sound.codec_context.layout = "mono"
        words = container.add_mux_stream("mov_text") if clip.subtitles else None
        container.metadata.update(clip.metadata)
        matrix = clip.tags.get("colorspace", clip.untold)
        for number, time in enumerate(clip.times):
            frame = av.VideoFrame.from_ndarray(scene(number, clip.size))
            frame = frame.reformat(
                format=clip.pix_fmt,
                dst_colorspace=5 if matrix == 6 else matrix,
                dst_color_range=clip.tags.get("color_range", 1),
                interpolation=ACCURATE,
            )
            frame.pts, frame.time_base = time, clip.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound:
            add_sound(container, sound)
        if words:
            for number in range(3):
                packet = av.Packet(b"\0\5word" + str(number).encode())
                packet.stream, packet.time_base = words, Fraction(1, 1000)
                packet.pts = packet.dts = 80 * number
                packet.duration = 70
                container.mux(packet)
    return path


def add_sound(container, stream):
    """Encode a quarter of a second of a tone."""
    wave = np.sin(np.arange(12000) * 0.05)
    values = (wave * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(values[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts = 48000, 0
    context = stream.codec_context
    resampler = av.AudioResampler(
        format=context.format, layout="mono", rate=48000, frame_size=1024
    )
    for part in [*resampler.resample(frame), *resampler.resample(None)]:
        container.mux(stream.encode(part))
    container.mux(stream.encode(None))


def times_of(path):
    """Seconds at which the frames of a film are shown."""
    with av.open(str(path)) as container:
        return [frame.pts * frame.time_base for frame in container.decode(video=0)]


def pictures_of(path):
    """The frames of a film as players show them, but for a turn: uint8 (N, H, W, 3)."""
    with av.open(str(path)) as container:
        return np.stack(
            [
                frame.to_ndarray(format="rgb24", interpolation=ACCURATE)
                for frame in container.decode(video=0)
            ]
        )


def packets_of(path, kind):
    """The content and time of each packet of a film's tracks of one kind."""
    with av.open(str(path)) as container:
        streams = [stream for stream in container.streams if stream.type == kind]
        return [
            (bytes(packet), packet.pts * packet.time_base)
            for packet in (container.demux(streams) if streams else ())
            if packet.size
        ]
