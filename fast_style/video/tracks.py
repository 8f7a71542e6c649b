"""A film's other tracks: sound, subtitles, further pictures, and what files add."""

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av

from fast_style.video import containers

_KEPT = ("language", "title", "handler_name", "creation_time", "timecode")
_NAMES = {"audio": "sound", "subtitle": "subtitles", "video": "pictures"}
_SOUND = {"webm": "libopus"}  # what sound is coded in that a container does not take
_USUAL_SOUND = "aac"


class _Copied:
    """A track whose packets are copied as they are."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def packets(self, packet: Any) -> Iterator[Any]:
        """Yield what is written for a packet."""
        if packet.size:
            packet.stream = self._stream
            yield packet


class _Recoded:
    """A track of sound that is coded anew."""

    def __init__(self, out: Any, source: Any, codec: str) -> None:
        rate = 48000 if codec == "libopus" else source.codec_context.sample_rate
        self._stream = out.add_stream(codec, rate=rate)
        self._stream.metadata.update(metadata_of(source))
        context = self._stream.codec_context
        context.layout = "mono" if source.codec_context.channels == 1 else "stereo"
        self._resampler: Any = None

    def packets(self, packet: Any) -> Iterator[Any]:
        """Yield what is written for a packet; one without content ends the track."""
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            return  # a moment of silence
        if self._resampler is None:
            context = self._stream.codec_context
            self._resampler = av.AudioResampler(
                format=context.format,
                layout=context.layout,
                rate=context.sample_rate,
                frame_size=context.frame_size or None,
            )
        for frame in frames if packet.size else [*frames, None]:
            for part in self._resampler.resample(frame):
                yield from self._stream.encode(part)
        if not packet.size:
            yield from self._stream.encode(None)


def metadata_of(stream: Any) -> dict[str, str]:
    """Return what is said of a track and holds for its painting, too."""
    return {key: stream.metadata[key] for key in _KEPT if key in stream.metadata}


def add(
    out: Any, source: Any, painted: Any
) -> tuple[dict[int, _Copied | _Recoded], list[str]]:
    """Add a film's other tracks to another film.

    Args:
        out: The container of the other film.
        source: That of the film.
        painted: The track that is painted.

    Returns:
        What becomes of each track's packets, by its index in `source`; and what is done
        with each kind of track that the other film does not take.
    """
    format, notes = out.format.name, []
    handlers: dict[int, _Copied | _Recoded] = {}
    for stream in source.streams:
        if stream.index == painted.index or stream.type in ("data", "unknown"):
            continue
        name = _name(stream)
        if _takes(format, stream):
            copy = out.add_stream_from_template(stream)
            copy.metadata.update(metadata_of(stream))
            copy.disposition = stream.disposition
            copy.time_base = stream.time_base
            handlers[stream.index] = _Copied(copy)
        elif stream.type == "audio" and stream.codec_context is not None:
            codec = _SOUND.get(format, _USUAL_SOUND)
            handlers[stream.index] = _Recoded(out, stream, codec)
            other = codec.removeprefix("lib")
            notes.append(f"takes no {name}, so it is coded anew as {other}.")
        else:
            notes.append(f"takes no {name}, so it is left out.")
    return handlers, list(dict.fromkeys(notes))


def packets(
    source: Any, handlers: dict[int, _Copied | _Recoded], shift: Fraction
) -> Iterator[Any]:
    """Yield what is written of the other tracks, in the order of the film.

    Args:
        source: The container of the film.
        handlers: Those that `add` returns.
        shift: Seconds that all times are moved to the front.
    """
    if not handlers:
        return
    for packet in source.demux([source.streams[index] for index in handlers]):
        if shift and packet.time_base:
            offset = round(shift / packet.time_base)
            packet.pts = None if packet.pts is None else packet.pts - offset
            packet.dts = None if packet.dts is None else packet.dts - offset
        yield from handlers[packet.stream.index].packets(packet)


def _name(stream: Any) -> str:
    """Return what messages call a track, such as "aac sound"."""
    codec = f"{stream.codec_context.name} " if stream.codec_context else ""
    return codec + _NAMES.get(stream.type, stream.type)


def _takes(format: str, stream: Any) -> bool:
    """Return whether a container takes a track as it is, by a trial without packets."""
    if containers.is_cover(stream) and format not in ("mp4", "matroska"):
        return False
    try:
        with av.open(io.BytesIO(), "w", format=format) as trial:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
    except (ValueError, OSError, av.error.FFmpegError):
        return False
    return True
