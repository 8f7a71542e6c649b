"""A stylised copy of a folder of pictures, whose folders are labels that stay."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from fast_style import files, folders, images
from fast_style.augment.augmenter import Augmenter, paint
from fast_style.augment.choices import Draw
from fast_style.augment.orders import Order, prepare
from fast_style.augment.painters import Painters
from fast_style.command import naming, runs
from fast_style.command.jobs import Job
from fast_style.stylizer import Stylizer

_AT_ONCE = 1000  # pictures that wait for the threads


@dataclass(frozen=True)
class Original:
    """A picture and its results. There may be millions, so their paths are text.

    Args:
        path: Its path.
        name: Its path within the source, with slashes.
        targets: Paths of the results.
    """

    path: str
    name: str
    targets: tuple[str, ...]


Work = tuple[Original, list[int]]  # a picture, and which of its results are missing


@dataclass
class Copy:
    """What came of an order.

    Args:
        painted: Results that were made.
        existed: Results that were there already.
        problems: Why there is nothing of a picture, by its name.
        notes: What was left out of the source, a line for each kind.
    """

    painted: int = 0
    existed: int = 0
    problems: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Maker:
    """Makes a copy, or a shard of it, and goes on where an earlier run ended.

    Args:
        order: What to make.

    Attributes:
        copy: What came of it so far.
        originals: The pictures of the shard.

    Raises:
        OSError, ValueError: Nothing can be made; nothing was written.
    """

    def __init__(self, order: Order) -> None:
        self.order, self.copy = order, Copy()
        self._stopped, self._counting = False, Lock()
        self.originals = self._find()
        self._augmenter = Augmenter(order.choices, model=order.model)
        prepare(order)

    def run(
        self,
        progress: Callable[[int, int], None],
        fail: Callable[[str], None],
    ) -> Copy:
        """Paint what is missing, and write the manifest and the list of skipped ones.

        Args:
            progress: Called with the number of pictures that are done, and of all.
            fail: Called with one line on each picture that cannot be read or painted.

        Raises:
            files.Unwritable: The disk takes no more.
        """
        order, copy = self.order, self.copy
        missing = [(o, _missing(o)) for o in self.originals]
        work = [(original, places) for original, places in missing if places]
        count = sum(len(original.targets) for original in self.originals)
        copy.existed = count - sum(len(places) for _, places in work)
        with closing(Painters(order.model)) as painters, self._stopping():
            for done, (original, error) in enumerate(self._paint_all(painters, work)):
                if error:
                    copy.problems[original.name] = error
                    fail(error)
                progress(done + 1, len(work))
        _write_lines(order.list_of("manifest"), self._manifest())
        skipped = ({"source": k, "error": v} for k, v in copy.problems.items())
        _write_lines(order.list_of("skipped"), skipped)
        return copy

    def _find(self) -> list[Original]:
        """Return the shard's pictures, after a look at those of all shards."""
        order = self.order
        contents = folders.search(order.source)
        for error in contents.errors.values():
            raise error
        self.copy.notes = contents.left_out()
        if not contents.pictures:
            reasons = " ".join([f"No pictures in '{order.source}'.", *self.copy.notes])
            raise OSError(reasons)
        originals = [_original(path, order) for path in contents.pictures]
        jobs = [Job(o.path, target) for o in originals for target in o.targets]
        naming.check(jobs)
        naming.check_distinct(jobs)
        number, count = order.shard
        return originals[number - 1 :: count]

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """Have the threads end after the result at hand where the block ends early."""
        try:
            yield
        except BaseException:
            self._stopped = True
            raise

    def _paint_all(
        self, painters: Painters, work: list[Work]
    ) -> Iterator[tuple[Original, str]]:
        """Give each picture, and what `_paint` returns of it."""
        for start in range(0, len(work), _AT_ONCE):
            part = work[start : start + _AT_ONCE]
            results = painters.map(self._paint, part)
            yield from zip((original for original, _ in part), results, strict=True)

    def _paint(self, stylizer: Stylizer, work: Work) -> str:
        """Make the missing results of a picture, and return the error; "" if none."""
        original, places = work
        order = self.order
        try:
            photo = images.read(original.path, max_size=order.max_size)
            for place in places:
                if self._stopped:
                    break
                pixels = paint(stylizer, photo.pixels, self._draw(original, place))
                result = replace(photo, pixels=pixels)
                images.write(result, original.targets[place], quality=order.quality)
                with self._counting:
                    self.copy.painted += 1
        except files.Unwritable:
            raise
        except Exception as error:  # whatever a library raises, others can be painted
            return runs.problem(original.path, error)
        return ""

    def _draw(self, original: Original, place: int) -> Draw:
        return self._augmenter.draw(index_of(original.name, place + 1))

    def _manifest(self) -> Iterator[Mapping[str, Any]]:
        """Give a line for each result that exists."""
        for original in self.originals:
            failed = original.name in self.copy.problems
            for place, target in enumerate(original.targets):
                if failed and not _exists(target):
                    continue
                yield {
                    "file": Path(target).relative_to(self.order.output).as_posix(),
                    "source": original.name,
                    **self._draw(original, place)._asdict(),
                    "seed": self.order.choices.seed,
                    "index": index_of(original.name, place + 1),
                }


def index_of(name: str, number: int) -> int:
    """Return the index by which a result is drawn.

    It depends on nothing else, so other pictures in the folder do not change it.

    Args:
        name: The picture's path within its folder, with slashes.
        number: Which of its results, from 1 on.
    """
    import hashlib  # here, because loading OpenSSL takes as long as many modules

    text = f"{name}\n{number}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.sha256(text).digest()[:6])  # exact in any JSON


def _original(path: Path, order: Order) -> Original:
    name = path.relative_to(order.source)
    labels = [str(number + 1) for number in range(order.per_image)]
    targets = [
        os.path.join(order.output, naming.renamed(name, label, order.format))
        for label in (labels if order.per_image > 1 else [""])
    ]
    return Original(str(path), name.as_posix(), tuple(targets))


def _missing(original: Original) -> list[int]:
    """Return which results of a picture are not there."""
    return [i for i, target in enumerate(original.targets) if not _exists(target)]


def _exists(path: str) -> bool:
    """Return whether a result is there, and not empty as after a power failure."""
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False


def _write_lines(path: Path, lines: Iterator[Mapping[str, Any]]) -> None:
    """Write a file of JSON, an object in each line."""
    with files.replacing(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
