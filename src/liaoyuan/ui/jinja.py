"""The Jinja2 environment of all pages: undefined variables are errors, everything is escaped, texts are translated."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined

from liaoyuan.ui import marks, pages, texts


def url(name: str, *args: object, **kwargs: object) -> str:
    """Address of a named page. Raises NoReverseMatch for a wrong name, so that a dead link is never printed."""
    return reverse(name, args=args, kwargs=kwargs)


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
        SITE_NAME="燎原",
    )
    return made
