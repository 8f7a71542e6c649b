"""Where one `fast-style` command's time goes: python -m benchmarks.timeline PHOTO

Does what the command does, with the embedded model, and prints after each stage the
seconds by the clock, the system's share of processor time, and the pages of memory
handed out; then the network once more, to tell first from later runs.
"""

import resource
import sys
import time


def main(photo):
    rows = []
    last = [time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)]

    def stage(name):
        now, usage = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        system = usage.ru_stime - last[1].ru_stime
        pages = usage.ru_minflt - last[1].ru_minflt
        rows.append(f"| {name} | {now - last[0]:.2f} | {system:.2f} | {pages} |")
        last[:] = now, usage

    import numpy

    stage(f"import numpy {numpy.__version__}")
    from fast_style import images
    from fast_style.command import cli  # noqa: F401, as the command does
    from fast_style.stylizer import Stylizer

    stage("import fast_style.cli")
    stylizer = Stylizer()
    stage("load the model")
    pixels = images.read(photo).pixels
    stage("read the photo")
    stylized = stylizer.stylize(pixels)
    stage("run the network")
    images.encode(images.Picture(stylized), format="JPEG")
    stage("encode the result")
    stylizer.stylize(pixels)
    stage("(run the network again)")
    print("| stage | seconds | system, seconds | pages |\n|---|---:|---:|---:|")
    print("\n".join(rows))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("timeline: error: give the path of one photo.")
    try:
        main(sys.argv[1])
    except (OSError, ValueError) as error:
        sys.exit(f"timeline: error: {error}")
