#!/usr/bin/env python3
"""A plug-in of GIMP 3 that paints a layer, or what is selected, by fast_style."""

import sys
from typing import Any

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gegl, Gimp, GimpUi, GLib, GObject  # noqa: E402

PROCEDURE = "fast-style-paint"
FORMAT = "R'G'B'A u8"  # of four bytes a pixel, in GIMP's own space
MISSING = (
    "fast_style is not installed for {}, which runs GIMP's plug-ins. The plug-in's "
    "README says how to install it there."
)


class FastStyle(Gimp.PlugIn):
    """The plug-in, as GIMP asks for it."""

    def do_query_procedures(self) -> list[str]:
        """Return the names of what the plug-in does."""
        return [PROCEDURE]

    def do_set_i18n(self, name: str) -> bool:
        """Return that nothing is translated."""
        return False

    def do_create_procedure(self, name: str) -> Any:
        """Return what GIMP shows in its menu and asks for in its dialog."""
        new = Gimp.ImageProcedure.new
        procedure = new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("RGB*, GRAY*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        procedure.set_menu_label("_Paint in a Style…")
        procedure.add_menu_path("<Image>/Filters/Artistic")
        about = "Paint a layer in the style of a painting"
        procedure.set_documentation(about, about, name)
        procedure.set_attribution("fast_style", "fast_style", "2026")
        add_arguments(procedure)
        return procedure


def add_arguments(procedure: Any) -> None:
    """Add what a user chooses; without fast_style nothing, as `run` will tell."""
    try:
        from fast_style import catalogue, color
    except ImportError:
        return
    flags = GObject.ParamFlags.READWRITE
    styles = Gimp.Choice.new()
    for number, style in enumerate(catalogue.read().values()):
        styles.add(style.name, number, f"{style.title} ({style.artist})", "")
    first = next(iter(catalogue.read()))
    procedure.add_choice_argument("style", "_Style", "", styles, first, flags)
    procedure.add_double_argument("strength", "S_trength", "", 0, 1, 1, flags)
    procedure.add_double_argument("stroke", "Stroke _length", "", 1, 8, 1, flags)
    colors = Gimp.Choice.new()
    for number, mode in enumerate(color.KEEP_COLOR):
        colors.add(mode, number, mode.capitalize(), "")
    procedure.add_choice_argument("keep-color", "_Keep", "", colors, "none", flags)


def run(
    procedure: Any,
    run_mode: Any,
    image: Any,
    drawables: list[Any],
    config: Any,
    data: Any,
) -> Any:
    """Ask for the style if a person called, and paint; return GIMP's own answer."""
    try:
        from fast_style import Stylizer
    except ImportError:
        return failure(procedure, MISSING.format(sys.executable))
    if run_mode == Gimp.RunMode.INTERACTIVE:
        GimpUi.init(PROCEDURE)
        dialog = GimpUi.ProcedureDialog.new(procedure, config, "Paint in a Style")
        dialog.fill(None)
        accepted = dialog.run()
        dialog.destroy()
        if not accepted:
            cancelled = Gimp.PDBStatusType.CANCEL
            return procedure.new_return_values(cancelled, GLib.Error())
    look = {
        "styles": config.get_property("style"),
        "strength": config.get_property("strength"),
        "stroke": config.get_property("stroke"),
        "keep_color": config.get_property("keep-color"),
    }
    Gegl.init(None)
    image.undo_group_start()
    try:
        stylizer = Stylizer()
        for drawable in drawables:
            paint(drawable, stylizer, look)
    except (OSError, ValueError, MemoryError) as error:
        return failure(procedure, str(error))
    finally:
        image.undo_group_end()
    Gimp.displays_flush()
    return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


def paint(drawable: Any, stylizer: Any, look: dict[str, Any]) -> None:
    """Paint the selected part of a layer; transparency stays."""
    import numpy as np

    selected, x, y, width, height = drawable.mask_intersect()
    if not selected:
        return
    place = Gegl.Rectangle.new(x, y, width, height)
    buffer = drawable.get_buffer()
    levels = buffer.get(place, 1.0, FORMAT, Gegl.AbyssPolicy.NONE)
    pixels = np.frombuffer(levels, np.uint8).reshape(height, width, 4).copy()
    pixels[..., :3] = stylizer.stylize(pixels[..., :3], **look)
    shadow = drawable.get_shadow_buffer()
    shadow.set(place, FORMAT, pixels.tobytes())
    shadow.flush()
    drawable.merge_shadow(True)
    drawable.update(x, y, width, height)


def failure(procedure: Any, problem: str) -> Any:
    """Return GIMP's answer that tells a problem."""
    quark = Gimp.PlugIn.error_quark()
    error = GLib.Error.new_literal(quark, problem, 0)
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, error)


if __name__ == "__main__":
    Gimp.main(FastStyle.__gtype__, sys.argv)
