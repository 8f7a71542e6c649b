import os
import threading

from fast_style import native_log


def test_stderr_comes_back_after_several_threads_were_silent(capfd):
    def be_silent():
        with native_log.off():
            entered.set()
            os.write(2, b"hidden")
            leave.wait(5)

    entered, leave = threading.Event(), threading.Event()
    other = threading.Thread(target=be_silent)
    with native_log.off():
        other.start()
        entered.wait(0.2)  # without a lock it is in, too
        os.write(2, b"hidden")
    leave.set()
    other.join()
    os.write(2, b"shown")
    assert capfd.readouterr().err == "shown"
