"""One measured reading of a folder of JPEG files by Pillow: python3 decode_pil.py '{"folder", "side", "pixels", "draft", "processes"}'

As torchvision's ImageFolder with Resize and as many workers reads it (open, convert to RGB, resize), without its tensors. `draft`
lets libjpeg decode at a fraction of the size (`Image.draft`), as `thumbnail` does. Outside the time: imports, starting the workers.
"""

import json
import multiprocessing
import os
import resource
import sys
import time

import numpy
import PIL
from PIL import Image

task = json.loads(sys.argv[1])
side = task["side"]


def read(path):
    with Image.open(path) as image:
        if task["draft"]:
            image.draft("RGB", (2 * side, 2 * side))
        return numpy.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BILINEAR))


def peak_of_worker(_):
    time.sleep(0.05)
    return os.getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    names = sorted(os.listdir(task["folder"]))
    paths = [os.path.join(task["folder"], name) for name in names]
    with multiprocessing.Pool(task["processes"]) as pool:
        pool.map(read, paths[:4])
        begin = time.perf_counter()
        pixels = numpy.empty((len(paths), side, side, 3), dtype=numpy.uint8)
        for at, one in enumerate(pool.imap(read, paths, chunksize=32)):
            pixels[at] = one
        seconds = time.perf_counter() - begin
        workers = dict(pool.map(peak_of_worker, range(4 * task["processes"]), chunksize=1))
    pixels.tofile(task["pixels"])
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        json.dumps(
            {
                "program": f"Pillow {PIL.__version__}",
                "seconds": seconds,
                "peakMiB": (own + sum(workers.values())) / 1024,
                "count": len(paths),
            }
        )
    )
