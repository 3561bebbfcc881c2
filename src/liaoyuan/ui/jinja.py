"""The Jinja2 environment of all pages."""

from typing import Any

from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Build the environment: undefined variables are errors."""
    options.setdefault("undefined", StrictUndefined)
    return Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True
