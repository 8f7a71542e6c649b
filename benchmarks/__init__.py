"""Measure what is fast and good here, beside what a user would pick instead."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no remarks of TensorFlow
