"""Serves the styles by HTTP: python -m serve"""

import sys

from absl import app, flags, logging

from serve.config import Config

DEFAULTS = Config()

flags.DEFINE_string(
    "host", "127.0.0.1", "Address to listen at; 0.0.0.0 opens it to the network."
)
flags.DEFINE_integer(
    "port",
    8080,
    "Port to listen at; 0 takes a free one.",
    lower_bound=0,
    upper_bound=65535,
)
flags.DEFINE_string(
    "model",
    DEFAULTS.model,
    "A .tflite file made by export.py. Default: the one in the package.",
)
flags.DEFINE_string(
    "backend",
    DEFAULTS.backend,
    "Address of a TF Serving that runs the network, like http://host:8501; --model is "
    "then the .tflite file of the same export. Default: LiteRT in this process.",
)
flags.DEFINE_float(
    "timeout",
    DEFAULTS.timeout,
    "Seconds that the backend may keep silent.",
    lower_bound=0.1,
)
flags.DEFINE_integer(
    "threads",
    DEFAULTS.threads,
    "Pictures painted at once; the cores are shared among them. Default: one a core, "
    "with --backend two.",
    lower_bound=1,
)
flags.DEFINE_integer(
    "queue",
    DEFAULTS.queue,
    "Requests that may wait for their turn; those beyond get 503.",
    lower_bound=0,
)
flags.DEFINE_float(
    "wait",
    DEFAULTS.wait,
    "Seconds a request waits for its turn at most, before it gets 503.",
    lower_bound=0.0,
)
flags.DEFINE_integer(
    "max_upload", DEFAULTS.max_upload, "MB of a request.", lower_bound=1
)
flags.DEFINE_integer(
    "max_pixels",
    DEFAULTS.max_pixels,
    "Megapixels of a picture that is read, 1 to 150.",
    lower_bound=1,
    upper_bound=150,
)
flags.DEFINE_integer(
    "max_size",
    DEFAULTS.max_size,
    "px; the longer side of a picture that is painted. 2048 takes 1.7 GB of memory "
    "for each of --threads.",
    lower_bound=16,
)


def main(argv):
    if argv[1:]:
        raise app.UsageError(f"'{argv[1]}' is too much. Give flags alone.")
    names = [flag.name for flag in flags.FLAGS.get_key_flags_for_module(sys.argv[0])]
    arguments = {name: flags.FLAGS[name].value for name in names}
    address = {name: arguments.pop(name) for name in ("host", "port")}
    from serve.server import run

    run(Config(**arguments), **address)


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    try:
        app.run(main)
    except ImportError as error:
        sys.exit(f"serve: error: {error}. Install it by pip install '.[serve]'")
    except (OSError, ValueError) as error:
        sys.exit(f"serve: error: {error}")
