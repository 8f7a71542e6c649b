"""Trainings that are killed."""

import pytest


@pytest.fixture
def killed(monkeypatch):
    """Calls train.train so that it is killed right after the backup of a step."""
    from fast_style.training import callbacks, train

    def run(step, **arguments):
        class Killed(callbacks.Backup):
            def on_train_batch_end(self, batch, logs=None):
                super().on_train_batch_end(batch, logs)
                if self.step == step:
                    raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(train, "Backup", Killed)
            with pytest.raises(KeyboardInterrupt):
                train.train(**arguments)

    return run
