"""The plug-in of GIMP, called as GIMP does, with a stand-in for GIMP's modules."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock

import numpy as np
import pytest

from fast_style import Stylizer, catalogue

FOLDER = Path(__file__).parents[2] / "integrations" / "gimp" / "fast-style"


class Layer:
    """A layer of GIMP's that holds RGBA pixels, of which a part is selected."""

    def __init__(self, pixels, selection):
        self.pixels, self.selection = pixels, selection
        self.shadow = None
        self.updated = None

    def mask_intersect(self):
        return (self.selection is not None, *(self.selection or (0, 0, 0, 0)))

    def get_buffer(self):
        def get(place, scale, format, policy):
            assert (scale, format) == (1.0, "R'G'B'A u8")
            x, y, width, height = place
            return self.pixels[y : y + height, x : x + width].tobytes()

        return SimpleNamespace(get=get)

    def get_shadow_buffer(self):
        def set(place, format, levels):
            assert format == "R'G'B'A u8"
            x, y, width, height = place
            self.shadow = self.pixels.copy()
            part = np.frombuffer(levels, np.uint8).reshape(height, width, 4)
            self.shadow[y : y + height, x : x + width] = part

        return SimpleNamespace(set=set, flush=lambda: None)

    def merge_shadow(self, undo):
        assert undo
        self.pixels = self.shadow

    def update(self, *place):
        self.updated = place


class Procedure(MagicMock):
    """A procedure of GIMP's, whose answers are (status, error)."""

    def new_return_values(self, status, error):
        return status, error


@pytest.fixture
def gimp(monkeypatch):
    """GIMP's modules, as far as the plug-in knows them."""
    host = MagicMock()
    host.Gimp.PlugIn = type("PlugIn", (), {"error_quark": staticmethod(lambda: 1)})
    host.Gimp.RunMode = SimpleNamespace(INTERACTIVE=0, NONINTERACTIVE=1)
    host.Gimp.PDBStatusType = SimpleNamespace(
        SUCCESS="success", CANCEL="cancel", EXECUTION_ERROR="error"
    )
    host.Gimp.ImageProcedure.new = lambda *arguments: Procedure(made_of=arguments)
    host.Gimp.Choice.new = MagicMock
    host.Gegl.Rectangle.new = lambda *place: place
    host.GLib.Error.new_literal = lambda quark, text, code: text
    gi = ModuleType("gi")
    gi.require_version = lambda name, version: None
    gi.repository = host
    monkeypatch.setitem(sys.modules, "gi", gi)
    monkeypatch.setitem(sys.modules, "gi.repository", host)
    return host


@pytest.fixture
def plugin(gimp):
    """The plug-in, from the file that GIMP finds by its folder's name."""
    path = FOLDER / f"{FOLDER.name}.py"
    # GIMP leaves out what is not executable, but for Windows.
    assert os.name == "nt" or path.stat().st_mode & 0o100
    spec = importlib.util.spec_from_file_location("plugin", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def layer(photo):
    alpha = np.arange(photo.shape[0] * photo.shape[1]).reshape(photo.shape[:2]) % 256
    return Layer(np.dstack([photo, alpha.astype(np.uint8)]), (3, 5, 40, 24))


LOOK = {"style": "scream", "strength": 0.5, "stroke": 1.0, "keep-color": "luminance"}


def call(plugin, gimp, layer, mode=1, **changed):
    config = SimpleNamespace(get_property={**LOOK, **changed}.__getitem__)
    image = MagicMock()
    answer = plugin.run(Procedure(), mode, image, [layer], config, None)
    assert image.undo_group_start.call_count == image.undo_group_end.call_count
    return answer


def test_the_menu_and_the_dialog_offer_every_style(plugin, gimp):
    made = plugin.FastStyle()
    (name,) = made.do_query_procedures()
    procedure = made.do_create_procedure(name)
    assert procedure.made_of[3] is plugin.run
    procedure.add_menu_path.assert_called_once_with("<Image>/Filters/Artistic")
    arguments = [
        *procedure.add_choice_argument.call_args_list,
        *procedure.add_double_argument.call_args_list,
    ]
    assert {argument.args[0] for argument in arguments} == LOOK.keys()
    styles = procedure.add_choice_argument.call_args_list[0].args[3]
    offered = [style.args[0] for style in styles.add.call_args_list]
    assert offered == list(catalogue.read())


def test_what_is_selected_is_painted_and_stays_transparent(plugin, gimp, layer):
    before = layer.pixels.copy()
    assert call(plugin, gimp, layer)[0] == "success"
    expected = before.copy()
    look = {"styles": "scream", "strength": 0.5, "keep_color": "luminance"}
    part = before[5:29, 3:43, :3]
    expected[5:29, 3:43, :3] = Stylizer().stylize(part, **look)
    np.testing.assert_array_equal(layer.pixels, expected)
    assert layer.updated == (3, 5, 40, 24)


def test_a_selection_beside_the_layer_changes_nothing(plugin, gimp, layer):
    before, layer.selection = layer.pixels, None
    assert call(plugin, gimp, layer)[0] == "success"
    assert layer.pixels is before


def test_a_dialog_that_is_closed_changes_nothing(plugin, gimp, layer):
    before = layer.pixels
    gimp.GimpUi.ProcedureDialog.new.return_value.run.return_value = False
    assert call(plugin, gimp, layer, mode=0)[0] == "cancel"
    assert layer.pixels is before
    gimp.GimpUi.ProcedureDialog.new.return_value.run.return_value = True
    assert call(plugin, gimp, layer, mode=0)[0] == "success"


def test_problems_are_told_by_gimp(plugin, gimp, layer):
    layer.selection = (0, 0, 15, 15)
    status, problem = call(plugin, gimp, layer)
    assert status == "error" and "at least 16 x 16 px" in problem


def test_a_missing_package_is_told_by_gimp(plugin, gimp, layer, monkeypatch):
    monkeypatch.setitem(sys.modules, "fast_style", None)
    assert plugin.FastStyle().do_create_procedure("a") is not None
    status, problem = call(plugin, gimp, layer)
    assert status == "error" and f"not installed for {sys.executable}" in problem
