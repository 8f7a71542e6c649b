"""The command `fast-style`: what it reads, what it does, what it writes."""
