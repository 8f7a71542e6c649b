"""The backups that an interrupted training goes on from."""

import keras
import numpy as np
import pytest

from fast_style.training.callbacks import Backup


class Trainer:
    """The parts of a trainer that a backup holds."""

    stop_training = False

    def __init__(self):
        self.generator = self.optimizer = self
        self.weights = [keras.Variable(np.arange(3.0))]
        self.iterations = keras.Variable(0, dtype="int32")
        self.variables = [self.iterations]

    def train(self, backup, steps):
        backup.set_model(self)
        for _ in range(steps):
            self.iterations.assign_add(1)
            self.weights[0].assign(self.weights[0] + 1)
            backup.on_train_batch_end(0)


def test_backup_keeps_the_newest(tmp_path):
    backup = Backup(tmp_path / "backup", 3)
    assert backup.step == 0
    Trainer().train(backup, 11)
    names = sorted(path.name for path in (tmp_path / "backup").iterdir())
    assert names == ["00000009.npz"]
    assert backup.step == 9


def test_backup_restores_weights_and_optimiser(tmp_path):
    backup, trainer = Backup(tmp_path, 3), Trainer()
    trainer.train(backup, 4)
    restored = Trainer()
    backup.restore(restored)
    assert int(restored.iterations) == 3
    np.testing.assert_array_equal(restored.weights[0].numpy(), [3, 4, 5])


def test_backup_that_cannot_be_written_leaves_the_older_one(tmp_path, monkeypatch):
    backup, trainer = Backup(tmp_path, 3), Trainer()
    trainer.train(backup, 3)

    def full(file, *arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        trainer.train(backup, 3)
    assert backup.step == 3
    backup.restore(Trainer())


def test_damaged_backup_is_told(tmp_path):
    backup = Backup(tmp_path, 3)
    Trainer().train(backup, 3)
    path = tmp_path / "00000003.npz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match="00000003.npz' is damaged. Remove it"):
        backup.restore(Trainer())


def test_backup_is_not_made_of_a_training_gone_wrong(tmp_path):
    backup, trainer = Backup(tmp_path, 1), Trainer()
    trainer.stop_training = True
    trainer.train(backup, 1)
    assert backup.step == 0


def test_backup_of_weights_gone_wrong_does_not_take_a_good_ones_place(tmp_path):
    backup, trainer = Backup(tmp_path, 2), Trainer()
    trainer.train(backup, 3)
    trainer.weights[0].assign(np.array([1.0, np.nan, 2.0]))
    trainer.train(backup, 2)
    assert backup.step == 2
