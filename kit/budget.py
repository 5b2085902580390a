"""A budget of an assignment: a number to stay within, and what of it a penalty is counted by.

A budget takes no points. What a submission claims and what was counted of it are evidence, and the
penalty that follows is a suggestion that a person confirms.
"""

from pydantic import Field

from kit.toml_table import Name, Table


class Budget(Table):
    """So many of something are allowed, up to `limit`, or (`below`) fewer than it.

    `penalty` applies once for each full `each` over the limit. `claim` is the constant of a module,
    such as `classifier.PARAMETERS`, in which a submission states its own number.
    """

    id: Name
    title: str
    limit: int = Field(gt=0)
    below: bool = False
    each: int = Field(gt=0)
    penalty: Name
    claim: str = Field("", pattern=r"^([a-z][a-z0-9_]*\.[A-Za-z_]\w*)?$")

    @property
    def rule(self) -> str:
        """What is allowed, in words."""
        return f"{'fewer than' if self.below else 'at most'} {self.limit:,}"

    def is_over(self, number: int) -> bool:
        """Whether it is more than is allowed."""
        return number >= self.limit if self.below else number > self.limit

    def units(self, number: int) -> int:
        """How many times the penalty applies: a step that is begun but not full counts nothing."""
        return max(0, number - self.limit) // self.each
