"""A node of ComfyUI that paints pictures by fast_style."""

import os
from functools import lru_cache
from typing import Any

import numpy as np

from fast_style import Stylizer, catalogue, likeness
from fast_style.color import KEEP_COLOR
from fast_style.styles import parse


class FastStyle:
    """Paints each picture of a batch in a style, a blend, or like another picture."""

    CATEGORY = "image/stylize"
    DESCRIPTION = "Paints in the style of a painting."
    FUNCTION = "paint"
    RETURN_TYPES = ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict[str, tuple]]:  # noqa: N802, ComfyUI's name
        """Return what ComfyUI asks for, with ranges and defaults."""
        share = {"default": 1.0, "min": 0.0, "max": 1.0, "step": 0.05}
        length = {"default": 1.0, "min": 1.0, "max": 8.0, "step": 0.25}

        def text(tooltip: str) -> tuple:
            return "STRING", {"default": "", "tooltip": tooltip}

        return {
            "required": {
                "image": ("IMAGE",),
                "style": (list(catalogue.read()),),
                "strength": ("FLOAT", share),
                "keep_color": (list(KEEP_COLOR),),
                "stroke": ("FLOAT", length),
            },
            "optional": {
                "blend": text("wave:0.6,scream:0.4, in place of style"),
                "painting": ("IMAGE", {"tooltip": "to paint like, in place of style"}),
                "model": text("a .tflite file of fast-style export"),
            },
        }

    def paint(
        self,
        image: Any,
        style: str,
        *,
        blend: str = "",
        painting: Any = None,
        model: str = "",
        **look: Any,
    ) -> tuple[Any]:
        """Return the painted pictures.

        Args:
            image: A tensor of PyTorch's, float (B, H, W, C) from 0 to 1, of which the
                first three channels are painted.
            style: Name of a style of the package.
            blend: Styles of the model and their weights, in place of `style`.
            painting: Such a tensor; its first picture is what to paint like, in place
                of both.
            model: Path of a .tflite file; empty for the model in the package.
            **look: `strength`, `keep_color` and `stroke` of `Stylizer.stylize`.

        Returns:
            One tensor, float (B, H, W, 3) from 0 to 1.

        Raises:
            OSError, ValueError: As `Stylizer` and its `stylize` do.
        """
        stylizer = _stylizer(model)
        styles: Any = parse(blend) if blend else style
        if painting is not None:
            styles = likeness.of(stylizer, _pixels(painting)[0])
        photos = _pixels(image)
        painted = [stylizer.stylize(photo, styles=styles, **look) for photo in photos]
        return (image.new_tensor(np.stack(painted).astype(np.float32) / 255),)


def _stylizer(model: str) -> Stylizer:
    changed = os.stat(model).st_mtime_ns if os.path.exists(model) else 0
    return _of_file(model, changed)


@lru_cache(maxsize=2)
def _of_file(model: str, _changed: int) -> Stylizer:
    return Stylizer(model or None)


def _pixels(image: Any) -> np.ndarray:
    """Return pictures of ComfyUI's as uint8 (B, H, W, 3)."""
    levels = np.asarray(image.cpu().numpy(), np.float32)[..., :3] * 255
    return np.rint(levels.clip(0, 255)).astype(np.uint8)


NODE_CLASS_MAPPINGS = {"FastStyle": FastStyle}
NODE_DISPLAY_NAME_MAPPINGS = {"FastStyle": "Paint in a style (fast_style)"}
