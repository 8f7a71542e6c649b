"""Settings of a training that are right by themselves and wrong together."""

from typing import Any

from fast_style.architecture import channels_of
from fast_style.fields import SettingError
from fast_style.training.weighting import check_layers


def check_together(settings: Any) -> None:
    """Raise a SettingError where two settings contradict.

    Args:
        settings: The Settings, whose values are within their limits.
    """
    check_layers("content", settings.content_layers, settings.content_layer_weights)
    check_layers("style", settings.style_layers, settings.style_layer_weights)
    if settings.filters is not None:
        try:
            channels_of(settings.filters)
        except ValueError as error:
            raise SettingError(
                "filters", str(error).removeprefix("filters ")
            ) from error
    if settings.tune and not settings.base_model:
        raise SettingError(
            "tune", f"is '{settings.tune}' without a base_model; give one, too."
        )
    if settings.resident and not settings.content_dir:
        raise SettingError("resident", "is true without a content_dir; give one, too.")
    for name in ("steps", "backup_every", "log_every"):
        if getattr(settings, name) % settings.steps_per_execution:
            raise SettingError(
                "steps_per_execution",
                f"is {settings.steps_per_execution}, which does not divide {name} "
                f"({getattr(settings, name)}); give a number that does.",
            )
