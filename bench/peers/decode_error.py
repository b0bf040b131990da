"""How far the resized images of a reader lie from the exact averages: python3 decode_error.py '{"folder", "side", "pixels", "count"}'

Prints the mean absolute difference, in grey levels of 255, of the first `count` images from fully decoded ones whose pixels were averaged
over each pixel's area (Pillow's BOX).
"""

import json
import os
import sys

import numpy
from PIL import Image

task = json.loads(sys.argv[1])
side, count = task["side"], task["count"]
pixels = numpy.fromfile(task["pixels"], dtype=numpy.uint8, count=count * side * side * 3).reshape(count, side, side, 3)
names = sorted(os.listdir(task["folder"]))[:count]
total = 0.0
for name, ours in zip(names, pixels):
    with Image.open(os.path.join(task["folder"], name)) as image:
        exact = numpy.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BOX))
    total += numpy.abs(exact.astype(numpy.int32) - ours).mean()
print(json.dumps({"error": round(total / len(names), 3)}))
