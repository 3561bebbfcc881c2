"""The Jinja2 environment of all pages: undefined variables are errors, everything is escaped, texts are translated."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from markupsafe import Markup

from liaoyuan.ui import marks, pages, texts


def url(name: str, *args: object, **kwargs: object) -> str:
    """Address of a named page. Raises NoReverseMatch for a wrong name, so that a dead link is never printed."""
    return reverse(name, args=args, kwargs=kwargs)


@lru_cache(maxsize=8192)
def _translated(language: str | None, message: str) -> Markup:
    """A text of a template in a language: our own words, so it is safe; the catalogues do not change."""
    return Markup(gettext(message))  # noqa: S704


def translate(message: str, /, **variables: object) -> Markup:
    """`_("共 %(n)s 条", n=5)`: variables are escaped, a literal % is written %%. Called with literal texts only."""
    text = _translated(get_language(), message)
    return text % variables if variables or "%%" in message else text


def _bytecode() -> FileSystemBytecodeCache:
    """Compiled templates in the home, readable by its owner only: what lies there is executed."""
    folder = settings.HOME / "cache" / "templates"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return FileSystemBytecodeCache(str(folder))


def environment(**options: Any) -> Environment:
    """Build the environment from the settings' options (the backend gives loader and autoescape)."""
    options |= {
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
        "bytecode_cache": _bytecode(),
    }
    made = Environment(**options)  # noqa: S701 - autoescape is set above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    # The extension's own wrapper asks the catalogue each time; a page has some sixty texts.
    made.globals["gettext"] = made.globals["_"] = translate
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(texts.FILTERS)
    made.globals.update(
        url=url,
        static=static,
        icon=marks.icon,
        verdict=marks.verdict,
        diff=marks.diff,
        percent=texts.percent,
        shell_of=pages.Shell,
    )
    return made
