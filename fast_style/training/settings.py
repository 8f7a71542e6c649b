"""The settings of a training: type, default, limits and help of each, stated once.

train() takes them as one argument, `fast-style train` makes its flags of them, and a
run directory records them.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fast_style import MIN_SIZE, PHOTO
from fast_style.architecture import PRECISIONS, PRESETS, UPSAMPLINGS
from fast_style.fields import FilePath, check, setting
from fast_style.perception import CONTENT_LAYERS, LOSS_NETWORKS, STYLE_LAYERS
from fast_style.training.contradictions import check_together
from fast_style.training.paintings import MIN_SIDE, Painting, PaintingLike, parse_all
from fast_style.training.weighting import START_RATIOS

Styles = PaintingLike | Sequence[PaintingLike]
Filters = str | Sequence[int] | None
Layers = Sequence[str]
Factors = Sequence[float] | None
StyleWeight = float | str


# What the settings were, where a config does not have them yet.
BEFORE = {"recolor": 0.0, "repetition_weight": 0.0}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a training.

    The help of a field is also the help of its flag, and stands below.

    Raises:
        SettingError: A value is outside its limits, or two values contradict.
    """

    style: Styles = setting(
        dataclasses.MISSING,
        "Path of the painting; give it several times for several styles. Options may "
        "follow the path: PATH,name=NAME,size=PIXELS,weight=FACTOR. The defaults are "
        "the file's name, style_size and 1; the weight is a factor on style_weight.",
    )
    style_size: int = setting(
        512,
        "Short side of the painting in training, in pixels. A larger side gives larger "
        "strokes on the photograph. A smaller painting is enlarged, to twice its size "
        "at most.",
        least=MIN_SIDE,
    )
    photo: bool | None = setting(
        None,
        "Whether to train the row 'photo', too, which is the photograph itself: a "
        "style is blended with it to set the style's strength. Default: yes where "
        "there are several styles.",
    )
    blends: float = setting(
        0.25,
        "Share of the training's pictures that are blends of two styles, or of a style "
        "and the photograph.",
        least=0,
        most=1,
    )
    content_dir: FilePath | None = setting(
        None, "Folder of photographs. Default: use dataset instead."
    )
    dataset: str = setting(
        "coco/2017",
        "Name of a dataset of photographs in TensorFlow Datasets; or synthetic, for "
        "pictures that are drawn during the training, with nothing to download.",
    )
    data_dir: FilePath | None = setting(
        None,
        "Folder in which datasets are kept. Default: that of TensorFlow Datasets.",
    )
    download: bool = setting(
        False, "Whether to download the dataset if it is missing (COCO: 25 GB)."
    )
    resident: bool = setting(
        False,
        "Whether to keep all photographs of content_dir, decoded, in the memory of the "
        "GPU, which then cuts the crops itself. 1,000 photographs take 0.35 GB.",
    )
    image_size: int = setting(
        256, "Side of the square crops of photographs, in pixels.", least=MIN_SIZE
    )
    batch_size: int = setting(4, "Photographs per step.", least=1)
    steps: int = setting(
        40000,
        "Steps of the training. The default is for a GPU. On a laptop, use the recipes "
        "quick (180 steps) or wave (900 steps).",
        least=1,
    )
    learning_rate: float | None = setting(
        None,
        "Highest learning rate of Adam. Default: 1e-3, and 3e-3 with tune=style.",
        least=0,
    )
    warmup_steps: int = setting(
        100,
        "Steps over which the learning rate rises from zero, half of all steps at "
        "most; then it falls as a cosine. At the full rate, the first steps would "
        "drive pixels into the flat ends of tanh.",
        least=0,
    )
    seed: int = setting(
        0, "Seed of the initial weights, the order, the crops and the flips.", least=0
    )
    base_model: FilePath | None = setting(
        None,
        "Trained generator to start from: the name of an embedded model, a run "
        "directory or a .keras file. Default: start anew.",
    )
    tune: str | None = setting(
        None,
        "What to train of base_model. With style, new styles are added and its own "
        "styles stay exactly as they are; with all, everything is trained, for the new "
        "styles alone. Default: all.",
        choices=("style", "all"),
    )
    filters: Filters = setting(
        None,
        "Channels of the generator: light (0,32,64,128), full (32,64,128), or three or "
        "four numbers, the first of four being 0 for none. Default: light, or those of "
        "base_model.",
        least=0,
        choices=tuple(PRESETS),
        expected="light, full or three or four numbers of 0 or more",
    )
    residual_blocks: int | None = setting(
        None,
        "Residual blocks of the generator. Default: 4 with four filters and 5 with "
        "three, or those of base_model.",
        least=0,
    )
    upsampling: str | None = setting(
        None,
        "How the generator doubles a picture's size. Default: nearest, or as in "
        "base_model.",
        choices=UPSAMPLINGS,
    )
    skip: bool | None = setting(
        None,
        "Whether the features before the last stride are added to the first "
        "upsampling. Default: where there are four filters, or as in base_model.",
    )
    content_weight: float = setting(1.0, "Weight of the content terms.", least=0)
    content_layers: Layers = setting(
        (*CONTENT_LAYERS, "block2_conv2"),
        "Layers of VGG16 whose features are the content.",
    )
    content_layer_weights: Factors = setting(
        None,
        "Factor for each content layer. Default: 1, and 0.3 for block2_conv2.",
        least=0,
    )
    recolor: float = setting(
        1.0,
        "How far a photograph's colours are moved to the painting's before it is the "
        "content, from 0 to 1. At 0, its own colours shine through.",
        least=0,
        most=1,
    )
    style_weight: StyleWeight = setting(
        "normal",
        "How much of the painting a result shows: a word, which leaves so much of the "
        "photograph (auto is the same as normal), or the weight of the style terms, "
        "which the words set to about 1e6.",
        least=0,
        choices=tuple(START_RATIOS),
        expected="a number of 0 or more, or gentle, normal, auto or strong",
    )
    style_layers: Layers = setting(
        STYLE_LAYERS,
        "Layers of VGG16 whose Gram matrices are the style.",
    )
    style_layer_weights: Factors = setting(
        None,
        "Factor for each style layer. Default: 1, and 0.5 for block4_conv3.",
        least=0,
    )
    total_variation_weight: float = setting(
        1e-4,
        "Weight of the smoothness term, the sum of neighbours' squared differences.",
        least=0,
    )
    repetition_weight: float = setting(
        3e3,
        "Weight of the repetition term, which counts marks that stand in rows in flat "
        "areas, and grids. Crops of under 64 px have no marks, of under 33 no grids.",
        least=0,
    )
    loss_network: str = setting(
        "vgg16",
        "Network that judges the pictures: VGG16, or a compact network that imitates "
        "it for a quarter of the work, with nothing to download.",
        choices=LOSS_NETWORKS,
    )
    vgg16_weights: FilePath = setting(
        "imagenet",
        "Path of Keras' weights of VGG16 without its top (.h5). Default: download "
        "them.",
    )
    precision: str = setting(
        "auto",
        "What convolutions compute in; weights, statistics and losses stay in float32. "
        "With auto, it is what this machine computes faster in.",
        choices=PRECISIONS,
    )
    jit: bool = setting(
        False, "Whether to compile the step with XLA. The JAX backend always does."
    )
    steps_per_execution: int = setting(
        1,
        "Steps between two looks of the processor at what the GPU does; a fast GPU "
        "would wait for it. It must divide steps, backup_every and log_every.",
        least=1,
    )
    backup_every: int = setting(200, "Steps between two backups.", least=1)
    sample: FilePath | None = setting(
        None, "Photograph for the sample strips. Default: some that are held back."
    )
    log_every: int = setting(
        100,
        "Steps between two sample strips. The log has an entry as often or more often, "
        "50 in all at least.",
        least=1,
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check(field, getattr(self, field.name))
        check_together(self)
        parse_all(self.style, self.style_size)

    @property
    def paintings(self) -> tuple[Painting, ...]:
        """The paintings of the styles to be trained."""
        return parse_all(self.style, self.style_size)

    @property
    def names(self) -> tuple[str, ...]:
        """The rows to be trained: each painting's and, if wanted, the photograph's."""
        painted = (painting.name for painting in self.paintings)
        return (*painted, *([PHOTO] if self.photo else []))

    def resolved(self) -> "Settings":
        """Return these settings with absolute paths and all dependent defaults."""
        tuning = self.tune == "style"
        photo, rate, content_dir = self.photo, self.learning_rate, self.content_dir
        vgg16_weights = self.vgg16_weights
        return dataclasses.replace(
            self,
            style=self.paintings,
            photo=len(self.paintings) > 1 and not tuning if photo is None else photo,
            content_dir=content_dir and Path(content_dir).absolute(),
            learning_rate=(3e-3 if tuning else 1e-3) if rate is None else rate,
            tune=self.tune or ("all" if self.base_model else None),
            vgg16_weights=vgg16_weights
            if vgg16_weights == "imagenet"
            else Path(vgg16_weights).absolute(),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON has them; each style as a dict of its options."""
        names = [field.name for field in dataclasses.fields(self)]
        values = {name: getattr(self, name) for name in names}
        values["style"] = [painting._asdict() for painting in self.paintings]
        return json.loads(json.dumps(values, default=str))

    @classmethod
    def from_json(cls, config: Mapping[str, Any]) -> "Settings":
        """Return the settings of a config as config.json and run.json have it.

        Args:
            config: As `to_json` returns it; entries that are no settings are ignored.
        """
        names = {field.name for field in dataclasses.fields(cls)}
        values = BEFORE | {name: config[name] for name in names & config.keys()}
        values["style"] = [
            Painting(Path(style["path"]), style["name"], style["size"], style["weight"])
            for style in config["style"]
        ]
        return cls(**values)


Settings.__doc__ = f"{Settings.__doc__}\n    Args:\n" + "\n".join(
    f"        {field.name}: {field.metadata['help']}"
    for field in dataclasses.fields(Settings)
)
