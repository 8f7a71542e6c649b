"""What Ctrl+C does in a training."""

import contextlib
import signal
import threading

import keras
import pytest

from fast_style.training.backups import Backup
from fast_style.training.interruption import Interruption
from fast_style.training.optimizers import steps_done
from fast_style.training.settings import Settings
from fast_style.training.train import train


class Press(keras.callbacks.Callback):
    """Presses Ctrl+C in a step, while Python is where it drops KeyboardInterrupt."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_begin(self, batch, logs=None):
        if steps_done(self.model) + 1 == self.step:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)


@pytest.mark.slow
@pytest.mark.usefixtures("eagerly")
def test_a_training_stops_after_its_step_and_goes_on_from_there(options, tmp_path):
    settings = Settings(**{**options, "steps": 3, "backup_every": 1000})
    with pytest.raises(KeyboardInterrupt, match="stopped. Step 2 of 3 is kept: the"):
        train(settings, tmp_path, callbacks=[Press(2)])
    assert [p.name for p in (tmp_path / "backup").iterdir()] == ["00000002.npz"]
    assert train(settings, tmp_path).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("eagerly")
def test_ctrl_c_in_the_last_step_does_not_stop_the_training(options, tmp_path):
    settings = Settings(**{**options, "steps": 2})
    assert train(settings, tmp_path, callbacks=[Press(2)]).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("eagerly")
def test_a_training_that_kept_nothing_says_so(options, tmp_path):
    class Earlier(Press):
        def on_train_begin(self, logs=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="stopped. Nothing is kept"):
        train(Settings(**options), tmp_path, callbacks=[Earlier(1)])


def test_the_first_step_is_not_waited_for(tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        Interruption(Backup(tmp_path, 1), 9) as interruption,
    ):
        signal.raise_signal(signal.SIGINT)
    assert interruption.asked  # it stops after the step where Python drops this
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_is_the_systems(tmp_path, capfd):
    with Interruption(Backup(tmp_path, 1), 9) as interruption:
        interruption.on_train_batch_end(0)
        signal.raise_signal(signal.SIGINT)
        assert interruption.asked
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert "Press Ctrl+C again to stop at once.\n" in capfd.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_somebody_else_stays(tmp_path):
    def own(number, frame):
        pass

    signal.signal(signal.SIGINT, own)
    try:
        with Interruption(Backup(tmp_path, 1), 9):
            assert signal.getsignal(signal.SIGINT) is own
        assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_training_in_another_thread_leaves_the_signal_alone(tmp_path):
    handlers = []

    def run():
        with Interruption(Backup(tmp_path, 1), 9):
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert handlers == [signal.default_int_handler]
