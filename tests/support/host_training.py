"""A training by one of two hosts, for tests; the second one may be killed on the way.

Usage: host_training.py INDEX PORT STEP PHOTOGRAPHS PAINTING FOLDER

The host is killed after so many steps; 0 for not at all.
"""

import os
import signal
import sys

from fast_style import script
from fast_style.training import supervision
from fast_style.training.hosts import Hosts


def train_until(step, photographs, painting, folder):
    """Train, and kill this process after a step."""
    import backend_training
    import keras

    from fast_style.training.train import train

    class Kill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if backend_training.steps_done(self.model) == step:
                os.kill(os.getpid(), signal.SIGKILL)

    train(backend_training.settings(photographs, painting), folder, callbacks=[Kill()])


if __name__ == "__main__":
    index, port, step, *paths = sys.argv[1:]
    hosts = Hosts(coordinator=f"127.0.0.1:{port}", hosts=2, host_index=int(index))
    with script.one_line_errors("host"):
        sys.exit(supervision.run("host", hosts, train_until, int(step), *paths))
