"""Measure the processor time of loaders: all threads, with nothing else running.

Usage: python -m benchmarks.loader_times PHOTOGRAPHS IMAGE_SIZE BATCH_SIZE BATCHES

Prints {source: [seconds of a batch, seconds of the start]} as JSON.
"""

import json
import sys
import time

from fast_style.content import drawn, sources


def measure(
    photographs: str, image_size: int, batch_size: int, batches: int
) -> dict[str, tuple[float, float]]:
    """Return the processor seconds of a batch and of the start, by source.

    Args:
        photographs: Folder of photographs.
        image_size: Side of the crops, in px.
        batch_size: Crops in a batch.
        batches: Number of batches to average over.
    """
    # After so many batches every drawn picture has been drawn once.
    first = -(-drawn.RENEWAL // batch_size)
    shared = dict(image_size=image_size, batch_size=batch_size, steps=first + batches)
    loaders = {
        "drawn pictures": lambda: sources.from_synthetic(**shared),
        "a folder of 400x300 px JPEG files": lambda: sources.from_folder(
            photographs, **shared
        ),
    }
    seconds = {}
    for source, load in loaders.items():
        began = time.process_time()
        content = load().batches
        for step in range(first):
            content[step]
        steady = time.process_time()
        for step in range(first, first + batches):
            content[step]
        ended = time.process_time()
        seconds[source] = ((ended - steady) / batches, steady - began)
    return seconds


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], *map(int, sys.argv[2:]))))
