"""The optimiser of convolutions: momentum whose matrix is made orthogonal before it is followed."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

ITERATIONS = 5
QUINTIC = (3.4445, -4.7750, 2.0315)  # of the iteration; steep at 0, so that few steps bring all singular values near 1
TINY = 1e-7  # keeps a gradient of zeros from being divided by its norm


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; weight decay is apart from the gradient.

    So a step changes all directions of a convolution alike, also those that gradients seldom point to: fewer steps
    reach the same loss than with SGD (K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks",
    2024). PyTorch has one of the same name from version 2.9 on, newer than AWS's images, and for matrices only.
    """

    def __init__(self, params: Iterable[nn.Parameter], lr: float, momentum: float, weight_decay: float) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        for group in self.param_groups:
            for parameter in group["params"]:
                self.state[parameter]["momentum"] = torch.zeros_like(parameter)

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        """Change all parameters; each must have a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                self._change(parameter, parameter.grad, group)

    def _change(self, parameter: nn.Parameter, gradient: Tensor, group: dict[str, Any]) -> None:
        momentum = self.state[parameter]["momentum"]
        momentum.lerp_(gradient, 1 - group["momentum"])
        update = orthogonalise(gradient.lerp(momentum, group["momentum"]).flatten(1))
        scale = max(1, update.shape[0] / update.shape[1]) ** 0.5
        parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.add_(update.view_as(parameter), alpha=-group["lr"] * scale)


def orthogonalise(matrix: Tensor) -> Tensor:
    """A matrix (N, M) → nearly the orthogonal one with its singular vectors: its singular values are 0.7 to 1.2.

    By Newton's and Schulz's iteration with Jordan's coefficients.
    """
    first, third, fifth = QUINTIC
    x: Tensor = matrix / (matrix.norm() + TINY)
    if tall := x.shape[0] > x.shape[1]:
        x = x.T
    for _ in range(ITERATIONS):
        square = x @ x.T
        x = first * x + (third * square + fifth * square @ square) @ x
    return x.T if tall else x
