"""Peers outside the browser: micrograd, and PyTorch where it is installed. Each is a function of epochs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.engine import packages, workloads


def micrograd_xor() -> Callable[[int], None]:
    """micrograd's own MLP, 2-2-1, with the activations it has: ReLU and none. Raises Unreachable."""
    sys.path.insert(0, str(packages.fetched("micrograd")))  # a wheel of pure Python runs as it is
    from micrograd.nn import MLP

    job = workloads.JOBS["xor"]
    rows, answers = job["X"].tolist(), job["Y"][:, 0].tolist()
    net = MLP(2, [2, 1])

    def run(epochs: int) -> None:
        for _ in range(epochs):
            loss = sum((net(x) - y) ** 2 for x, y in zip(rows, answers, strict=True)) * 0.25
            net.zero_grad()
            loss.backward()
            for p in net.parameters():
                p.data -= 0.1 * p.grad

    return run


def torch_job(name: str) -> Callable[[int], None]:
    """The job in PyTorch, float64, with the same start; raises ImportError."""
    import torch

    job = workloads.JOBS[name]
    X, Y = torch.tensor(job["X"]), torch.tensor(job["Y"])
    parts: list[Any] = []
    for W, b, activation in zip(job["net"].weights, job["net"].biases, job["net"].activations, strict=True):
        linear = torch.nn.Linear(*W.shape, dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(W.T.copy()), torch.tensor(b)
        parts += [linear, {"tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}[activation]()]
    net = torch.nn.Sequential(*parts)
    optimizer = torch.optim.SGD(net.parameters(), lr=job["rate"])
    size = job["batch"] or len(X)

    def run(epochs: int) -> None:
        for _ in range(epochs):
            for rows in torch.randperm(len(X)).split(size) if size < len(X) else [slice(None)]:
                optimizer.zero_grad()
                torch.nn.functional.mse_loss(net(X[rows]), Y[rows]).backward()
                optimizer.step()

    return run


def timed(run: Callable[[int], None], times: int) -> float:
    """Return the seconds that a run of so many times takes."""
    begin = time.perf_counter()
    run(times)
    return time.perf_counter() - begin
