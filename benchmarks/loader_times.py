"""Processor time that loaders take for a batch: all threads', nothing else running.

Usage: python -m benchmarks.loader_times PHOTOGRAPHS IMAGE_SIZE BATCH_SIZE BATCHES

prints {source: [seconds a batch, seconds to start]} as JSON.
"""

import json
import sys
import time

from fast_style.content import drawn, sources


def main(photographs, image_size, batch_size, batches):
    # So many crops later the drawn pictures have all been drawn once.
    first = -(-drawn.RENEWAL // batch_size)
    shared = dict(image_size=image_size, batch_size=batch_size, steps=first + batches)
    loaders = {
        "drawn pictures": lambda: sources.from_synthetic(**shared),
        "a folder of 400x300 px JPEG files": lambda: sources.from_folder(
            photographs, **shared
        ),
    }
    taken = {}
    for name, load in loaders.items():
        began = time.process_time()
        content = load().batches
        for step in range(first):
            content[step]
        steady = time.process_time()
        for step in range(first, first + batches):
            content[step]
        ended = time.process_time()
        taken[name] = [(ended - steady) / batches, steady - began]
    print(json.dumps(taken))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
