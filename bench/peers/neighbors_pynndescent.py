"""One measured search of pynndescent: python3 neighbors_pynndescent.py '{"file", "rows", "cols", "k", "threads"}'

Outside the time, as for us: reading, and a small search that compiles. Its table counts each row itself, so it has one more.
"""

import json
import resource
import sys
import time

import numba
import numpy
import pynndescent

task = json.loads(sys.argv[1])
k = task["k"]
numba.set_num_threads(task["threads"])
samples = numpy.fromfile(task["file"], dtype=numpy.float32).reshape(task["rows"], task["cols"])


def search(values):
    return pynndescent.NNDescent(values, n_neighbors=k + 1, n_jobs=task["threads"], random_state=1).neighbor_graph


search(samples[:4000].copy())
begin = time.perf_counter()
cpu = time.process_time()
indices, distances = search(samples)
seconds = time.perf_counter() - begin
cpu = time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

rows = numpy.random.default_rng(0).choice(len(samples), size=500, replace=False)
recalls = []
for row in rows:
    squared = ((samples - samples[row]) ** 2).sum(axis=1)
    true = numpy.partition(numpy.delete(squared, row), k - 1)[k - 1]
    near = [d for i, d in zip(indices[row], distances[row]) if i != row][:k]
    recalls.append(sum(float(d) ** 2 <= true * (1 + 1e-5) for d in near) / k)
print(
    json.dumps(
        {
            "program": f"pynndescent {pynndescent.__version__}",
            "seconds": seconds,
            "cpuSeconds": cpu,
            "peakMiB": peak,
            "quality": float(numpy.mean(recalls)),
        }
    )
)
