"""The backups that an interrupted training goes on from."""

import keras
import numpy as np
import pytest

from fast_style.training.backups import Backup


class Trainer:
    """The parts of a trainer that a backup holds."""

    stop_training = False

    def __init__(self):
        self.generator = self.optimizer = self
        self.weights = [keras.Variable(np.arange(3.0))]
        self.iterations = keras.Variable(0, dtype="int32")
        self.balance = keras.Variable(np.zeros(2))
        self.seen = keras.Variable(np.zeros(2))
        self.variables = [self.iterations]

    def train(self, backup, steps):
        backup.set_model(self)
        for _ in range(steps):
            self.iterations.assign_add(1)
            self.weights[0].assign(self.weights[0] + 1)
            self.balance.assign(self.balance + [0.5, -0.25])
            self.seen.assign(self.seen + [2, 1])
            backup.on_train_batch_end(0)


def test_backup_keeps_the_newest(tmp_path):
    backup = Backup(tmp_path / "backup", 3)
    assert backup.step == 0
    Trainer().train(backup, 11)
    names = sorted(path.name for path in (tmp_path / "backup").iterdir())
    assert names == ["00000009.npz"]
    assert backup.step == 9


def test_backup_restores_weights_balance_and_optimiser(tmp_path):
    backup, trainer = Backup(tmp_path, 3), Trainer()
    trainer.train(backup, 4)
    restored = Trainer()
    backup.restore(restored)
    assert int(restored.iterations) == 3
    np.testing.assert_array_equal(restored.weights[0].numpy(), [3, 4, 5])
    np.testing.assert_array_equal(restored.balance.numpy(), [1.5, -0.75])
    np.testing.assert_array_equal(restored.seen.numpy(), [6, 3])


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


def zeroed(path):
    content = bytearray(path.read_bytes())
    content[200:260] = bytes(60)
    path.write_bytes(content)


def one_array(path):
    with path.open("wb") as file:
        np.save(file, np.arange(3.0))


ARRAYS = np.arange(3.0), np.zeros(2), np.zeros(2), 3  # of a sound one

DAMAGES = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(b"no backup" * 99),
    "zeroed": zeroed,
    "one array": one_array,
    "an array missing": lambda path: np.savez(path, *ARRAYS[:3]),
    "another shape": lambda path: np.savez(path, np.arange(4.0), *ARRAYS[1:]),
    "objects": lambda path: np.savez(path, np.array([None, "a", 1]), *ARRAYS[1:]),
    "words": lambda path: np.savez(path, np.array(["a", "b", "c"]), *ARRAYS[1:]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_backup_is_told_in_one_line_and_changes_nothing(tmp_path, damage):
    backup, trainer = Backup(tmp_path, 3), Trainer()
    Trainer().train(backup, 3)
    damage(tmp_path / "00000003.npz")
    with pytest.raises(ValueError, match="00000003.npz' is damaged. Remove it") as told:
        backup.restore(trainer)
    assert "\n" not in str(told.value)
    np.testing.assert_array_equal(trainer.weights[0].numpy(), [0, 1, 2])
    assert int(trainer.iterations) == 0
    np.testing.assert_array_equal(trainer.balance.numpy(), [0, 0])


def test_backup_of_these_arrays_is_sound(tmp_path):
    np.savez(tmp_path / "00000003.npz", *ARRAYS)
    Backup(tmp_path, 3).restore(trainer := Trainer())
    assert int(trainer.iterations) == 3


def test_files_that_are_no_backups_are_not_looked_at(tmp_path):
    backup = Backup(tmp_path, 3)
    (tmp_path / "copy of 20.npz").write_bytes(b"")
    assert backup.step == 0
    Trainer().train(backup, 6)
    assert backup.step == 6
    assert (tmp_path / "copy of 20.npz").exists()


def test_the_newest_backup_is_the_one_of_the_highest_number(tmp_path):
    for name in ("00000009", "100"):
        np.savez(tmp_path / name, 0)
    assert Backup(tmp_path, 3).step == 100


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
