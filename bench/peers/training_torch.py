"""One measured training or encoding by PyTorch: python3 training_torch.py '{"network", "work", "epochs", "batch", "threads"}'

The images are one float32 tensor, and a minibatch is one index_select: no DataLoader. Outside the time, as for us:
reading, converting to floats, building the network. Inside: every epoch with its order, its minibatches and updates.
"""

import ctypes
import gzip
import json
import math
import os
import re
import resource
import sys
import time

import numpy
import torch
from torch import nn

task = json.loads(sys.argv[1])
torch.set_num_threads(task["threads"])
torch.manual_seed(0)


def images(*names):
    parts = []
    for name in names:
        path = os.path.join(os.environ["UNLABELED_DATA"], "mnist", f"{name}-images-idx3-ubyte.gz")
        with gzip.open(path) as file:
            parts.append(torch.from_numpy(numpy.frombuffer(bytearray(file.read()), dtype=numpy.uint8, offset=16)))
    return torch.cat(parts).view(-1, 784).float().div_(255)


def dense(sizes, inner, last):
    layers = []
    for i, (before, after) in enumerate(zip(sizes, sizes[1:])):
        activation = inner if i < len(sizes) - 2 else last
        layers += [nn.Linear(before, after)] + ([activation()] if activation else [])
    return nn.Sequential(*layers)


def convolutional():
    encoder = nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        *(nn.Conv2d(1, 32, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(32, 64, 5, stride=2, padding=2), nn.ReLU()),
        *(nn.Conv2d(64, 128, 3, stride=2), nn.ReLU()),
        nn.Flatten(),
        nn.Linear(1152, 10),
    )
    decoder = nn.Sequential(
        *(nn.Linear(10, 1152), nn.ReLU()),
        nn.Unflatten(1, (128, 3, 3)),
        *(nn.ConvTranspose2d(128, 64, 3, stride=2), nn.ReLU()),
        *(nn.ConvTranspose2d(64, 32, 5, stride=2, padding=2, output_padding=1), nn.ReLU()),
        nn.ConvTranspose2d(32, 1, 5, stride=2, padding=2, output_padding=1),
        nn.Flatten(),
    )
    return encoder, decoder


def networks():
    if task["network"] == "W1":
        sizes = [784, 784, 64, 32, 3]
        return dense(sizes, nn.Sigmoid, nn.Sigmoid), dense(sizes[:0:-1] , nn.Sigmoid, nn.Sigmoid)
    if task["network"] == "W2":
        sizes = [784, 500, 500, 2000, 10]
        return dense(sizes, nn.ReLU, None), dense(sizes[::-1], nn.ReLU, None)
    return convolutional()


def train(encoder, decoder, data):
    """Mean loss over the minibatches of the last epoch."""
    model = nn.Sequential(encoder, decoder)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=task.get("foreach", False))
    for _ in range(task["epochs"]):
        total = 0.0
        for rows in torch.randperm(len(data)).split(task["batch"]):
            x = data.index_select(0, rows)
            optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.mse_loss(model(x), x)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
    return total / len(data)


def encode(encoder, data):
    with torch.no_grad():
        return torch.cat([encoder(block) for block in data.split(task["batch"])])


def take_certain_weights(encoder):
    """Weights that our side has as well, (rows, columns, channels, out) there; see certainWeights of training-ours.mjs."""
    with torch.no_grad():
        for weights in (parameter for parameter in encoder.parameters() if parameter.dim() > 1):
            fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(weights)
            values = numpy.sin(numpy.arange(weights.numel(), dtype=numpy.float64) ** 2 * 0.37)
            values = torch.from_numpy((math.sqrt(6 / (fan_in + fan_out)) * values).astype(numpy.float32))
            after_image = weights.dim() == 2 and fan_in == 1152
            height, width = (3, 3) if after_image else weights.shape[2:] or (1, 1)
            turned = values.view(height, width, -1, len(weights)).permute(3, 2, 0, 1)
            weights.copy_(turned.reshape(weights.shape))


def linear_algebra():
    """The libraries behind the products, as the program itself and the loader tell."""
    onednn = re.search(r"MKL-DNN v([\d.]+)", torch.__config__.show())
    info = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    with open("/proc/self/maps") as maps:
        loaded = {line.split()[-1] for line in maps if re.search(r"blas|mkl_rt", line)}
    names = {f"oneDNN {onednn[1]}"} if onednn else set()
    for path in loaded:
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_get_config"):
            library.openblas_get_config.restype = library.openblas_get_corename.restype = ctypes.c_char_p
            version = " ".join(library.openblas_get_config().decode().split()[:2])
            names.add(f"{version} with {library.openblas_get_corename().decode()} kernels")
        elif "mkl_rt" in path:
            names.add("MKL")
    return ", ".join(sorted(names) + ([f"BLAS_INFO={info[1]}"] if info else []))


encoder, decoder = networks()
for parameter in [*encoder.parameters(), *decoder.parameters()]:
    nn.init.xavier_uniform_(parameter) if parameter.dim() > 1 else nn.init.zeros_(parameter)
if task["work"] == "encode":
    take_certain_weights(encoder)
data = images("train") if task["work"] == "train" else images("train", "t10k")
begin = time.perf_counter()
result = train(encoder, decoder, data) if task["work"] == "train" else encode(encoder, data)
seconds = time.perf_counter() - begin
print(
    json.dumps(
        {
            "program": f"PyTorch {torch.__version__} ({linear_algebra()})",
            "seconds": seconds,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "quality": result if task["work"] == "train" else float(result.double().square().mean()),
        }
    )
)
