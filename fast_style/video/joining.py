"""Joining painted segments and the film's other tracks into one file."""

import heapq
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from fast_style import files
from fast_style.video import containers, tracks
from fast_style.video.coding import Coding
from fast_style.video.reading import Film

_OF_THE_FILE = ("major_brand", "minor_version", "compatible_brands", "encoder")


def join(
    segments: list[Path],
    film: Film,
    target: str | os.PathLike,
    coding: Coding,
    note: Callable[[str], None],
) -> None:
    """Write a film of painted segments and of the other tracks, whole or not at all.

    Args:
        segments: Files of `coding.write_segment`, in order.
        film: What was painted.
        target: The file to write.
        coding: How the segments are coded.
        note: Takes a line on what could not be kept.

    Raises:
        OSError: The file cannot be written.
    """
    options = {"movflags": "+faststart"} if coding.format in ("mp4", "mov") else {}
    with (
        files.replacing(target) as file,
        containers.open_film(film.path) as source,
        av.open(f"file:{segments[0]}") as first,
        av.open(f"file:{file.name}", "w", format=coding.format, options=options) as out,
    ):
        painted = containers.main_stream(source, film.path)
        stream = out.add_stream_from_template(first.streams.video[0])
        stream.time_base = film.time_base
        stream.metadata.update(tracks.metadata_of(painted))
        depth = first.streams.video[0].codec_context.reorder_depth
        others, notes = tracks.add(out, source, painted)
        for text in notes:
            note(f"'{target}' {text}")
        kept = {k: v for k, v in source.metadata.items() if k not in _OF_THE_FILE}
        out.metadata.update(kept)
        if source.chapters():
            out.set_chapters(source.chapters())
        shift = start_of(source)
        pictures = _video_packets(segments, stream, film, depth, shift)
        further = tracks.packets(source, others, shift)
        for packet in heapq.merge(pictures, further, key=_when):
            out.mux(packet)


def start_of(source: Any) -> Fraction:
    """Return the seconds at which a film begins that is cut from a broadcast."""
    if "mpeg" not in source.format.name:
        return Fraction(0)
    return Fraction(source.start_time or 0, av.time_base)


def _when(packet: Any) -> Fraction:
    time = packet.dts if packet.dts is not None else packet.pts
    return (time or 0) * packet.time_base


def _video_packets(
    segments: list[Path], stream: Any, film: Film, depth: int, shift: Fraction
) -> Iterator[Any]:
    """Yield the packets of all segments, with times of decoding that never go back.

    Each packet is decoded when the one `depth` places before it in the order of being
    shown is shown. Encoders do the same, but each segment's knew nothing of the others.
    """
    offset = round(shift / film.time_base)
    times = [p.pts - offset for path in segments for p in _packets(path, film)]
    times.sort()
    step = times[1] - times[0] if times[1:] else 1
    lead = [times[0] - step * place for place in range(depth, 0, -1)]
    ends = dict(zip(times, [*times[1:], times[-1] + film.last_duration], strict=True))
    decoded = iter([*lead, *times])
    for path in segments:
        for packet in _packets(path, film):
            packet.stream, packet.pts = stream, packet.pts - offset
            packet.dts = next(decoded)
            packet.duration = ends[packet.pts] - packet.pts
            yield packet


def _packets(segment: Path, film: Film) -> Iterator[Any]:
    """Yield a segment's packets with times in the film's units."""
    packet: Any
    with av.open(f"file:{segment}") as container:
        for packet in container.demux(video=0):
            if packet.size:
                time = packet.pts * packet.time_base / film.time_base
                packet.pts, packet.time_base = round(time), film.time_base
                yield packet
