"""Gradient descent with Nesterov momentum, the optimizer of heads, biases and normalisation."""

import pytest
import torch
from torch import nn

from steps.network.optimizer import Nesterov


def number(value: float, gradient: float | None) -> nn.Parameter:
    parameter = nn.Parameter(torch.tensor([value]))
    parameter.grad = None if gradient is None else torch.tensor([gradient])
    return parameter


def test_momentum_gathers_and_is_looked_ahead_by() -> None:
    weight = number(0.0, gradient=1.0)
    optimizer = Nesterov([weight], lr=0.1, momentum=0.9)
    optimizer.step()
    assert weight.item() == pytest.approx(-0.19)  # the gradient 1, and 0.9 of the momentum 1
    optimizer.step()
    assert weight.item() == pytest.approx(-0.461)  # the gradient 1, and 0.9 of the momentum 1.9


def test_a_share_of_the_learning_rate() -> None:
    weight = number(0.0, gradient=1.0)
    Nesterov([weight], lr=0.1, momentum=0.9).step(0.5)
    assert weight.item() == pytest.approx(-0.095)


def test_weight_decay_is_part_of_the_gradient() -> None:
    weight = number(2.0, gradient=0.0)
    Nesterov([weight], lr=0.1, momentum=0.5, weight_decay=0.25).step()
    assert weight.item() == pytest.approx(2 - 0.1 * 0.5 * 1.5)


def test_a_parameter_without_a_gradient_stays() -> None:
    still, moved = number(1.0, gradient=None), number(1.0, gradient=1.0)
    Nesterov([still, moved], lr=0.1, momentum=0.9, weight_decay=0.5).step()
    assert still.item() == 1
    assert moved.item() < 1


def test_a_state_is_copied() -> None:
    weight = number(0.0, gradient=1.0)
    first, second = (Nesterov([weight], lr=0.1, momentum=0.9) for _ in range(2))
    first.step()
    second.restore(first.state())
    first.step()
    assert second.state() == [torch.tensor([1.0])]
