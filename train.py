"""Trains a style: python train.py --style wave.jpg --flagfile=flags/light.flags"""

import contextlib
import os
import sys

from absl import app, flags, logging

flags.DEFINE_multi_string(
    "style",
    None,
    "Path of the painting; given several times, of each. Options, if wanted: "
    "PATH,name=NAME,size=PIXELS,weight=FACTOR, the defaults being the file's name, "
    "--style_size and 1, a factor on --style_weight.",
    required=True,
)
flags.DEFINE_string(
    "output_dir", "run", "The run's directory; given again, the training goes on."
)
flags.DEFINE_integer(
    "style_size",
    384,
    "Short side of the painting in training, in px: the larger, the larger the strokes "
    "on the photograph. A smaller painting is not enlarged.",
    lower_bound=64,
)
flags.DEFINE_bool(
    "photo",
    None,
    "Train the style photo, too, the photograph itself, which styles are blended with "
    "for their strength. Default: where there are several styles.",
)
flags.DEFINE_float(
    "blends",
    0.25,
    "Share of the training's pictures that are blends, 0 to 1: of two styles, or of a "
    "style and the photograph.",
    lower_bound=0.0,
    upper_bound=1.0,
)
flags.DEFINE_string(
    "content_dir", None, "Folder of photographs. Default: use --dataset instead."
)
flags.DEFINE_string(
    "dataset",
    "coco/2017",
    "Photographs from TensorFlow Datasets; or synthetic: pictures drawn on the fly, "
    "nothing to download.",
)
flags.DEFINE_string("data_dir", None, "Where datasets are kept. Default: TFDS' own.")
flags.DEFINE_bool(
    "download", False, "Download --dataset if it is not there (COCO: 25 GB)."
)
flags.DEFINE_integer(
    "image_size", 256, "Side of the square crops, in px.", lower_bound=16
)
flags.DEFINE_integer("batch_size", 4, "Photographs per step.", lower_bound=1)
flags.DEFINE_integer("steps", 40000, "Steps of the training.", lower_bound=1)
flags.DEFINE_float(
    "learning_rate",
    None,
    "Adam's learning rate at its highest. Default: 1e-3, with --tune=style 3e-3.",
    lower_bound=0.0,
)
flags.DEFINE_integer(
    "warmup_steps",
    100,
    "Steps over which the learning rate rises, half of all at most, before it falls "
    "as a cosine.",
    lower_bound=0,
)
flags.DEFINE_integer(
    "seed", 0, "Of initial weights, order, crops, flips; 0 or more.", lower_bound=0
)
flags.DEFINE_string(
    "base_model",
    None,
    "Trained generator to start from: an embedded model's name, a run directory of "
    "train.py or a .keras file. Default: start anew.",
)
flags.DEFINE_enum(
    "tune",
    None,
    ["style", "all"],
    "What to train of --base_model: style adds one style to its styles, which stay "
    "exactly as they are; all gives a generator of the new style alone. Default: all.",
)
flags.DEFINE_list(
    "filters",
    None,
    "The generator's channels: light (16,32,64), full (32,64,128) or three numbers. "
    "Default: light, or what --base_model has.",
)
flags.DEFINE_integer(
    "residual_blocks",
    None,
    "Residual blocks. Default: 5, or what --base_model has.",
    lower_bound=0,
)
flags.DEFINE_enum(
    "upsampling",
    None,
    ["nearest", "transposed"],
    "How the generator doubles the picture's size. Default: nearest, or what "
    "--base_model does.",
)
flags.DEFINE_float(
    "content_weight", 1.0, "Weight of the content terms, 0 or more.", lower_bound=0.0
)
flags.DEFINE_list("content_layers", "block3_conv3", "Layers of VGG16, with commas.")
flags.DEFINE_list(
    "content_layer_weights", None, "A factor for each. Default: 1 for each."
)
flags.DEFINE_string(
    "style_weight",
    "5",
    "Weight of the style terms, 0 or more: more is more painting. Or gentle, normal "
    "(auto is the same) or strong: a weight that fits the painting.",
)
flags.DEFINE_list(
    "style_layers",
    "block1_conv2,block2_conv2,block3_conv3,block4_conv3",
    "Layers of VGG16, with commas.",
)
flags.DEFINE_list(
    "style_layer_weights", None, "A factor for each. Default: 1 for each."
)
flags.DEFINE_float(
    "total_variation_weight",
    1e-6,
    "Weight of the smoothness term, 0 or more: the sum of squared differences of "
    "neighbouring pixels.",
    lower_bound=0.0,
)
flags.DEFINE_enum(
    "loss_network",
    "vgg16",
    ["vgg16", "compact"],
    "What judges the pictures: VGG16, or a compact network that imitates it for a "
    "quarter of the work, with nothing to download.",
)
flags.DEFINE_string(
    "vgg16_weights",
    "imagenet",
    "Path of Keras' VGG16 weights without the top (.h5). Default: download them.",
)
flags.DEFINE_enum(
    "precision",
    "auto",
    ["auto", "float32", "bfloat16"],
    "What convolutions compute in; weights, statistics and losses stay in float32. "
    "auto is the faster on this machine.",
)
flags.DEFINE_bool(
    "jit", False, "Compile the step with XLA. The JAX backend always does."
)
flags.DEFINE_integer(
    "backup_every", 200, "Steps between two backups to go on from.", lower_bound=1
)
flags.DEFINE_integer(
    "log_every", 100, "Steps between two log entries and sample strips.", lower_bound=1
)


def numbers(name, kind):
    """The values of a list flag as numbers."""
    try:
        return [kind(text) for text in flags.FLAGS[name].value]
    except ValueError:
        given = ",".join(flags.FLAGS[name].value)
        raise ValueError(f"--{name} is {given}; give numbers with commas.") from None


def main(argv):
    if argv[1:]:
        raise ValueError(
            f"'{argv[1]}' belongs to no flag. Give --style once for each painting, and "
            "write --flag=value."
        )
    names = [flag.name for flag in flags.FLAGS.get_key_flags_for_module(sys.argv[0])]
    arguments = {name: flags.FLAGS[name].value for name in names}
    if filters := arguments["filters"]:
        one = len(filters) == 1
        arguments["filters"] = filters[0] if one else numbers("filters", int)
    with contextlib.suppress(ValueError):  # else it is a preset's name
        arguments["style_weight"] = float(arguments["style_weight"])
    for name in ("content_layer_weights", "style_layer_weights"):
        arguments[name] = arguments[name] and numbers(name, float)
    from fast_style.training.train import train

    print(f"Saved {train(**arguments)}")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's own remarks
    # Without, TensorFlow leaves processors that lack AVX-512 at half their speed.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    logging.set_verbosity(logging.INFO)
    try:
        app.run(main)
    except KeyboardInterrupt:
        sys.exit("train.py: stopped. The same command goes on from the last backup.")
    except ImportError as error:
        sys.exit(f"train.py: error: {error}. Install it by pip install '.[train]'")
    except (OSError, ValueError) as error:
        sys.exit(f"train.py: error: {error}")
