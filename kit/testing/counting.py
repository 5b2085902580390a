"""Counting beside the student's code: parameters, optimiser steps, pages. For `budgets.py`.

PyTorch and the PDF library are used in the jail, where nothing of them can harm; what comes back
is a number, and the word of a process that the student's code could have changed.
"""

from collections.abc import Callable
from typing import Any

from kit.testing.beside import remote
from kit.testing.values import value

_NETWORKS = """
def modules(networks):
    # A network, or a list, tuple or dict of them.
    import torch
    if isinstance(networks, torch.nn.Module):
        return [networks]
    parts = networks.values() if isinstance(networks, dict) else networks
    return [module for part in parts for module in modules(part)]

def trainable(networks):
    # Tied weights are one parameter; what is frozen or a buffer is none.
    found = {id(p): p for one in modules(networks) for p in one.parameters() if p.requires_grad}
    return sum(parameter.numel() for parameter in found.values())
"""
_STEPS = """
def steps(function, arguments, keywords):
    # Of all parameters the most steps that any one took: two networks in turn are not added up,
    # two optimisers of one network, one after the other, are.
    from torch.optim.optimizer import register_optimizer_step_post_hook as after_each_step
    taken, kept = {}, []

    def note(optimizer, positional, named):
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    if id(parameter) not in taken:
                        kept.append(parameter)  # so that its id is nobody else's
                    taken[id(parameter)] = taken.get(id(parameter), 0) + 1

    hook = after_each_step(note)
    try:
        function(*arguments, **keywords)
    finally:
        hook.remove()
    return max(taken.values(), default=0)
"""
_PAGES = """
import re

# Small capitals come out as R EFERENCES.
HEADING = re.compile(r"^[\\dIVX. ]*(r ?eferences|b ?ibliography)\\s*$", re.I | re.M)
MARGIN = 80  # letters of a running head

def pages(data):
    # Up to the page on which the references begin, and that one if anything stands above them.
    import pypdfium2
    with pypdfium2.PdfDocument(data) as document:
        for number in range(len(document)):
            text = document[number].get_textpage().get_text_range().replace("\\r", "")
            found = list(HEADING.finditer(text))
            if found:
                above = re.sub(r"[\\d\\s]", "", text[: found[-1].start()])
                return number + (len(above) > MARGIN)
        return len(document)
"""


def trainable(networks: Any) -> int:
    """The unique trainable parameters of a network, or of a list, tuple or dict of networks."""
    return _number(remote.define(_NETWORKS).trainable(networks))


def steps(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> int:
    """The optimiser steps of a call in PyTorch: of all parameters, the most that any one took."""
    return _number(remote.define(_STEPS).steps(function, list(arguments), keywords))


def pages(report: bytes) -> int:
    """The pages of a PDF up to its references, which begin with a line that says so."""
    return _number(remote.define(_PAGES).pages(report))


def _number(found: Any) -> int:
    return int(value(found))
