"""Training a generator: settings, assembly, the step, run directories."""
