"""The optimiser of convolutions."""

import pytest
import torch
from torch import nn

from steps.network.muon import Muon, orthogonalise


@pytest.mark.parametrize("shape", [(16, 144), (64, 16), (8, 8)])
def test_singular_values_come_near_one(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(7))
    left, strengths, right = torch.linalg.svd(orthogonalise(matrix), full_matrices=False)
    assert strengths.min() > 0.6
    assert strengths.max() < 1.3
    left_before, _, right_before = torch.linalg.svd(matrix, full_matrices=False)
    # The singular vectors are the matrix's own: together they make the matrix that the iteration comes near.
    nearest = left_before @ right_before
    assert (torch.linalg.matrix_norm(orthogonalise(matrix) - nearest) / torch.linalg.matrix_norm(nearest)).item() < 0.3
    assert (left @ right - nearest).abs().max() < 1e-3


def test_no_gradient_no_change() -> None:
    weight = nn.Parameter(torch.ones(4, 3, 3, 3))
    weight.grad = torch.zeros_like(weight)
    Muon([weight], lr=0.1, momentum=0.9, weight_decay=0.0).step()
    assert torch.equal(weight.detach(), torch.ones(4, 3, 3, 3))


def test_weights_decay_apart_from_the_gradient() -> None:
    weight = nn.Parameter(torch.ones(4, 3, 3, 3))
    weight.grad = torch.zeros_like(weight)
    Muon([weight], lr=0.1, momentum=0.9, weight_decay=0.5).step()
    assert torch.allclose(weight.detach(), torch.full((4, 3, 3, 3), 0.95))


def test_size_of_a_step_does_not_depend_on_the_gradients() -> None:
    sizes = []
    for factor in (1e-3, 1.0, 1e3):
        weight = nn.Parameter(torch.zeros(4, 3, 3, 3))
        weight.grad = factor * torch.randn(4, 3, 3, 3, generator=torch.Generator().manual_seed(7))
        Muon([weight], lr=0.1, momentum=0.9, weight_decay=0.0).step()
        sizes.append(weight.detach().norm().item())
    assert sizes == pytest.approx([sizes[0]] * 3, rel=1e-3)


def test_finds_a_minimum_and_goes_on_from_a_state() -> None:
    target = torch.randn(8, 4, 1, 1, generator=torch.Generator().manual_seed(7))

    def optimise(weight: nn.Parameter, optimizer: Muon, steps: int) -> float:
        for _ in range(steps):
            optimizer.zero_grad()
            loss = (weight - target).square().mean()
            torch.autograd.backward(loss)
            optimizer.step()
        return loss.item()

    first, second = (nn.Parameter(torch.zeros(8, 4, 1, 1)) for _ in range(2))
    whole = Muon([first], lr=0.02, momentum=0.9, weight_decay=0.0)
    assert optimise(first, whole, 10) > optimise(first, whole, 190)
    assert optimise(first, whole, 1) < 0.01
    begun = Muon([second], lr=0.02, momentum=0.9, weight_decay=0.0)
    optimise(second, begun, 100)
    state = begun.state_dict()
    resumed = Muon([second], lr=1.0, momentum=0.0, weight_decay=0.5)
    resumed.load_state_dict(state)
    optimise(second, resumed, 101)
    assert torch.equal(first, second)
