"""Turning a trained generator into files that are served and shipped, each proven."""
