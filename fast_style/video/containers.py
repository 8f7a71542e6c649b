"""Containers of films, opened: their tracks, and why one cannot be read."""

import os
from typing import Any

import av

from fast_style import opening

_DEMUXERS = (  # none that reads further files or a network, and none of pictures
    "mov,mp4,m4a,3gp,3g2,mj2 matroska,webm avi mpegts mpeg mpegvideo flv asf ogg mxf "
    "nut ivf gif apng"
).replace(" ", ",")


def open_film(path: str | os.PathLike) -> Any:
    """Return a film's container; no name is taken for an address or a pattern.

    Raises:
        OSError: It cannot be opened.
        ValueError: It is no film, or a damaged one.
    """
    name = os.fspath(path)
    if not os.path.getsize(path):
        raise ValueError(f"'{name}' is empty: it has 0 bytes.")
    try:
        # A demuxer is chosen by content, and an animated PNG's looks like a picture's.
        format = "apng" if name.lower().endswith((".png", ".apng")) else None
        options = {"format_whitelist": _DEMUXERS}
        return av.open(
            f"file:{name}", format=format, options=options, metadata_errors="ignore"
        )
    except (OSError, ValueError, LookupError, av.error.FFmpegError) as error:
        if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError):
            raise OSError(f"Cannot open '{name}': {error.strerror}.") from error
        raise ValueError(_unreadable(name)) from error


def main_stream(container: Any, path: str) -> Any:
    """Return the film's first track of moving pictures.

    Raises:
        ValueError: There is none, or its codec is not known.
    """
    streams = moving_streams(container)
    if not streams:
        found = {stream.type for stream in container.streams} & {"audio", "subtitle"}
        kinds = {"audio": "sound", "subtitle": "subtitles"}
        only = " and ".join(kinds[kind] for kind in sorted(found)) or "other tracks"
        raise ValueError(f"'{path}' has no moving pictures, only {only}.")
    if streams[0].codec_context is None or streams[0].codec_context.codec is None:
        raise ValueError(
            f"'{path}' is coded in a way that this PyAV cannot decode. Convert it, for "
            "example: ffmpeg -i film.mov -c:v libx264 other.mp4."
        )
    return streams[0]


def moving_streams(container: Any) -> list[Any]:
    """Return the tracks of moving pictures."""
    return [s for s in container.streams.video if not is_cover(s)]


def is_cover(stream: Any) -> bool:
    """Return whether a track is a picture that stands for the film elsewhere."""
    return bool(stream.disposition & stream.disposition.attached_pic)


def _unreadable(name: str) -> str:
    """Return why a file is no film that can be read, with what to do."""
    try:
        with opening.open_picture(name) as image:
            return (
                f"Cannot read '{name}' as a film: it is a {image.format} picture. End "
                "its name as such a picture's."
            )
    except (OSError, ValueError):
        return (
            f"Cannot read '{name}' as a film: it is damaged, cut short or of another "
            "kind."
        )
