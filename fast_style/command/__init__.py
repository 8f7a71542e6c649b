"""The command `fast-style`."""
