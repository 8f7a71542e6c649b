"""Room for uploads: who may send on, who waits, and who has to go."""

from serve.room import FREE_BYTES, Room, Upload

MB = 1_000_000


class Clients:
    """Uploads in a room of 100 MB, 40 MB for each client, with a clock set by hand."""

    def __init__(self):
        self.now, self.uploads, self.texts = 0.0, [], {}
        clock = lambda: self.now  # noqa: E731
        self.room = Room(size=100 * MB, share=40 * MB, wait=30, clock=clock)

    def begin(self, client, size=20 * MB):
        """Begin an upload that asks for room; it has brought its first bytes."""
        refuse = lambda text: self.refuse(upload, text)  # noqa: E731
        upload = Upload(client, size, refuse, FREE_BYTES + 1)
        upload.asked = self.now
        self.uploads.append(upload)
        self.room.arrange(self.uploads)
        return upload

    def refuse(self, upload, text):
        self.texts[upload] = text
        self.uploads.remove(upload)

    def after(self, seconds):
        self.now += seconds
        self.room.arrange(list(self.uploads))

    def end(self, upload):
        self.uploads.remove(upload)
        self.room.arrange(self.uploads)


def test_what_has_not_asked_takes_no_room():
    clients = Clients()
    for i in range(50):
        clients.uploads.append(Upload(f"silent{i}", 20 * MB, print, 1))
    assert clients.begin("honest").admitted


def test_one_client_has_a_share():
    clients = Clients()
    first, second, third = (clients.begin("a") for _ in range(3))
    assert (first.admitted, second.admitted, third.waits) == (True, True, True)
    assert clients.begin("b").admitted
    clients.end(first)
    assert third.admitted


def test_all_clients_have_a_limit_together():
    clients = Clients()
    uploads = [clients.begin(f"client{i}") for i in range(6)]
    assert [upload.admitted for upload in uploads] == [True] * 5 + [False]
    clients.end(uploads[0])
    assert uploads[5].admitted


def test_room_is_given_in_the_order_of_asking():
    clients = Clients()
    first = clients.begin("a", 40 * MB)
    first.complete = True
    clients.now += 1
    second = clients.begin("a", 20 * MB)
    clients.now += 1
    third = clients.begin("a", 20 * MB)
    clients.uploads.reverse()
    clients.end(first)
    assert second.admitted and third.admitted
    fourth = clients.begin("a")
    clients.end(second)
    assert fourth.admitted


def test_a_wait_has_an_end():
    clients = Clients()
    for i in range(5):
        clients.begin(f"client{i}").complete = True  # they are being painted
    late = clients.begin("late")
    clients.after(29)
    assert late.waits and not clients.texts
    clients.after(1)
    assert clients.texts == {late: "Too many uploads. Try again."}


def test_slow_uploads_make_room_for_those_who_wait():
    clients = Clients()
    slow, quick = clients.begin("a"), clients.begin("a")
    clients.after(60)
    assert slow.admitted and not clients.texts  # nobody waits, so it may be slow
    waiting = clients.begin("a")
    for _ in range(3):
        quick.received += MB
        clients.after(2)
    assert clients.texts == {slow: "Too slow while other uploads wait. Try again."}
    assert waiting.admitted and quick.admitted


def test_a_crowd_of_one_client_does_no_harm_to_another():
    clients = Clients()
    slow = clients.begin("phone")
    crowd = [clients.begin("crowd") for _ in range(5)]
    for _ in range(5):
        clients.after(2)
    assert slow.admitted and slow not in clients.texts
    assert crowd[0] in clients.texts


def test_complete_uploads_are_not_slow():
    clients = Clients()
    uploads = [clients.begin("a"), clients.begin("a")]
    for upload in uploads:
        upload.complete = True
    clients.begin("a")
    for _ in range(5):
        clients.after(2)
    assert not clients.texts
