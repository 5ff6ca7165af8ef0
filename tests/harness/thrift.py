"""What makes many short-lived apps in one process cheaper, and changes nothing that they do."""

import gc
from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., Any]


def save_time() -> None:
    """Look for garbage less often, which took a sixth of the tests' time; and let routes compile how their URL is built
    when one is first built, which was a third of what it takes to start an app."""
    gc.set_threshold(100_000, 50, 100)
    compiled: Callable[[Rule, bool], Build] = Rule._compile_builder

    def compile_late(self: Rule, append_unknown: bool = True) -> Build:
        made: list[Build] = []

        def build(*arguments: Any, **values: Any) -> Any:
            if not made:
                made.append(compiled(self, append_unknown))
            return made[0](*arguments, **values)

        return build

    Rule._compile_builder = compile_late  # type: ignore[method-assign]
