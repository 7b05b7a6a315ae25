"""What the optimizers have in common: parameters with a momentum each, and how fast and with what decay they learn.

PyTorch's own base class imports its compiler when it is first used, which takes a training more than a second.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn


class Optimizer(ABC):
    """Changes parameters by their gradients."""

    def __init__(self, params: Iterable[nn.Parameter], lr: float, momentum: float, weight_decay: float = 0.0) -> None:
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay
        self._params = list(params)
        self._momenta = [torch.zeros_like(parameter) for parameter in self._params]

    @torch.no_grad()
    def step(self, share: float = 1.0) -> None:
        """Update the parameters that have a gradient, with a share of the learning rate."""
        for parameter, buffer in zip(self._params, self._momenta, strict=True):
            if parameter.grad is not None:
                self.change(parameter, parameter.grad, buffer, self.lr * share)

    @abstractmethod
    def change(self, parameter: nn.Parameter, gradient: Tensor, buffer: Tensor, rate: float) -> None:
        """Update a parameter, and the buffer that holds its momentum."""

    def state(self) -> list[Tensor]:
        """The momenta."""
        return self._momenta

    def restore(self, state: Sequence[Tensor]) -> None:
        """Go on from the state of an optimizer that was created with the same arguments."""
        for buffer, saved in zip(self._momenta, state, strict=True):
            buffer.copy_(saved)


class Nesterov(Optimizer):
    """Stochastic gradient descent with Nesterov momentum."""

    def change(self, parameter: nn.Parameter, gradient: Tensor, buffer: Tensor, rate: float) -> None:
        """Update a parameter, and the buffer that holds its momentum."""
        gradient = gradient.add(parameter, alpha=self.weight_decay)
        buffer.mul_(self.momentum).add_(gradient)
        parameter.add_(gradient.add(buffer, alpha=self.momentum), alpha=-rate)
