"""PyTorch as it comes: modules, autograd, torch.optim.SGD, one thread."""

from __future__ import annotations

from collections.abc import Callable

import torch
from works import BATCHES, RATE, Work

NAME = f"PyTorch {torch.__version__.split('+')[0]}, eager"
_MODULES = {"tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}


def runner(work: Work, precision: str) -> Callable[[int], None]:
    """Does so many updates in ``precision``."""
    torch.set_num_threads(1)
    dtype = getattr(torch, precision)
    x, y = (torch.tensor(v, dtype=dtype) for v in work.data())
    batches = list(zip(x.split(work.batch), y.split(work.batch), strict=True))
    modules: list[torch.nn.Module] = []
    for w, b in work.parameters():
        linear = torch.nn.Linear(w.shape[1], w.shape[0], dtype=dtype)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(w))
            linear.bias.copy_(torch.tensor(b))
        modules += [linear, _MODULES[work.hidden]()]
    if work.classes:
        modules.pop()  # the loss takes the logits
        measure: Callable[[torch.Tensor, torch.Tensor], torch.Tensor] = torch.nn.CrossEntropyLoss()
        batches = [(inputs, targets.argmax(dim=1)) for inputs, targets in batches]
    else:
        measure = torch.nn.MSELoss()
    network = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE)

    def run(updates: int) -> None:
        for step in range(updates):
            inputs, targets = batches[step % BATCHES]
            optimizer.zero_grad()
            loss = measure(network(inputs), targets)
            loss.backward()
            optimizer.step()

    return run
