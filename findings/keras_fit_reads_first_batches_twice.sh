#!/usr/bin/env bash
# fit() on a keras.utils.PyDataset asks for its first batches once before the epoch and
# once more in it: batches 0 and 1 on the TensorFlow backend, batch 0 on JAX where the
# model is not built yet. A dataset that draws from a running random generator so gives
# other pictures than its seed promises; draw from the index and the epoch instead.
#
# Seen with keras 3.15.1 on tensorflow 2.21.0 and on jax 0.10.2: of four batches those
# asked for are 0 1 0 1 2 3 and 0 0 1 2 3. Takes 2.8 GB of disk and some minutes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet keras==3.15.1 tensorflow==2.21.0 jax==0.10.2
cat >"$folder/batches.py" <<'PYTHON'
import sys

import keras
import numpy as np


class Batches(keras.utils.PyDataset):
    def __init__(self):
        super().__init__()
        self.asked = []

    def __len__(self):
        return 4

    def __getitem__(self, index):
        self.asked.append(index)
        return np.ones((2, 3), "float32"), np.ones((2, 1), "float32")


batches = Batches()
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(batches, verbose=0, shuffle=False)
print(keras.backend.backend(), batches.asked)
assert batches.asked == [int(index) for index in sys.argv[1:]]
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3
KERAS_BACKEND=tensorflow "$folder/venv/bin/python" "$folder/batches.py" 0 1 0 1 2 3
KERAS_BACKEND=jax "$folder/venv/bin/python" "$folder/batches.py" 0 0 1 2 3
echo "As seen: fit() reads the first batches twice."
