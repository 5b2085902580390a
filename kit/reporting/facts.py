r"""Facts as LaTeX: `results.tex` defines what `\res{key}` and `\claim{key}{..}` print.

A document gets its numbers from here only. Nothing here decides what a fact is worth.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.experiments import Fact
from kit.reporting.escape import tex

HEADER = "% Made by `kit report` from the facts of finished runs: edit nothing here.\n"
PLAIN_UNITS = {"%": r"\,\%"}


@dataclass(frozen=True)
class Number:
    """A fact's value in LaTeX (in text and in math) and in plain characters (for bookmarks)."""

    latex: str
    plain: str


def number(value: object, digits: int = 2) -> Number:
    """`value` with `digits` decimals; integers are grouped in thousands, text is escaped."""
    if isinstance(value, bool):
        return Number("yes" if value else "no", "yes" if value else "no")
    if isinstance(value, int):
        plain = f"{value:,}"
    elif isinstance(value, float):
        if not math.isfinite(value):
            return Number("n/a", "n/a")
        plain = f"{value:,.{digits}f}"
        if value and float(plain.replace(",", "")) == 0.0:
            return _power(value)
    else:
        return Number(tex(value), str(value).translate({ord(c): None for c in "\\{}$%#&_^~"}))
    return Number(rf"\ensuremath{{{plain.replace(',', '{,}')}}}", plain)


def _power(value: float) -> Number:
    mantissa, exponent = f"{value:.1e}".split("e")
    power = int(exponent)
    return Number(rf"\ensuremath{{{mantissa}\times10^{{{power}}}}}", f"{mantissa}e{power}")


def fact_number(fact: Fact) -> Number:
    """A fact's value, with its spread where it has one."""
    value = number(fact.value, fact.digits)
    if fact.spread is None or not math.isfinite(fact.spread):
        return value
    spread = number(round(float(fact.spread), fact.digits), fact.digits)
    return Number(
        rf"{value.latex}\ensuremath{{\pm}}{spread.latex}", f"{value.plain}+/-{spread.plain}"
    )


def unit(fact: Fact) -> str:
    """The unit in LaTeX, with the space before it."""
    return PLAIN_UNITS.get(fact.unit, rf"~{tex(fact.unit)}" if fact.unit else "")


def results_tex(
    facts: Mapping[str, Fact],
    claims: Mapping[str, bool],
    parts: Iterable[str],
    settings: Mapping[str, str],
) -> str:
    r"""The text of `results.tex`: settings, the parts that have results, facts and claims.

    Args:
        facts: by name.
        claims: whether each claim holds.
        parts: the parts that `\inputpart` lets in.
        settings: LaTeX values of the macros of kit.sty: author, stamp, title.
    """
    lines = [HEADER.rstrip()]
    lines += [rf"\kitset{{{name}}}{{{value}}}" for name, value in sorted(settings.items())]
    lines += [rf"\kitpart{{{part}}}" for part in parts]
    lines += [_fact_line(facts[name]) for name in sorted(facts)]
    lines += [rf"\kitclaim{{{name}}}{{{int(claims[name])}}}" for name in sorted(claims)]
    return "\n".join(lines) + "\n"


def _fact_line(fact: Fact) -> str:
    value, alone = fact_number(fact), number(fact.value, fact.digits)
    fields = (fact.name, value.latex, value.plain, alone.latex, unit(fact), number(fact.n).latex)
    return r"\kitfact" + "".join(f"{{{field}}}" for field in fields)
