"""One measured fit of umap-learn: python3 umap_learn.py '{"samples", "rows", "cols", "nNeighbors", "nDimensions", "map"}'

Outside the time, as for us: reading, converting to floats, and a small fit that compiles. No seed, because a seed takes
umap-learn to one thread.
"""

import json
import resource
import sys
import time
import warnings

import numpy
import umap

warnings.filterwarnings("ignore")
task = json.loads(sys.argv[1])
pixels = numpy.fromfile(task["samples"], dtype=numpy.uint8).reshape(task["rows"], task["cols"])
samples = pixels.astype(numpy.float32) / numpy.float32(255)
del pixels


def model(**more):
    return umap.UMAP(n_neighbors=task["nNeighbors"], n_components=task["nDimensions"], **more)


# Above 4096 samples neighbours are found as in large sets.
model(n_epochs=20).fit(samples[:4500])
begin = time.perf_counter()
cpu = time.process_time()
fitted = model().fit(samples)
seconds = time.perf_counter() - begin
cpu = time.process_time() - cpu
fitted.embedding_.astype(numpy.float32).tofile(task["map"])
print(
    json.dumps(
        {
            "program": f"umap-learn {umap.__version__}",
            "seconds": seconds,
            "cpuSeconds": cpu,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "iterations": 500 if task["rows"] <= 10000 else 200,
        }
    )
)
