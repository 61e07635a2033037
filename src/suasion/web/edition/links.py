"""Links of a page that lies in a file: to what is there they become relative; all others go, and so do forms.

Pages come from our own templates, which escape what they print: no attribute holds a sign that ends a tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from posixpath import dirname, relpath
from urllib.parse import parse_qsl, urlencode

_FORM = re.compile(r"<(form|datalist)\b.*?</\1>", re.DOTALL)
_TOOLS = re.compile(r'<(p|ul) class="(?:tools|source|vintage|buttons|chips)[" ].*?</\1>', re.DOTALL)
"""Lines of links: one that leads nowhere is of no use there, elsewhere its words stay."""
_LINK = re.compile(r"<a\b[^>]*\bhref=\"(/[^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_ACTION = re.compile(r'<form\b[^>]*\baction="(/[^"]*)"')
SEARCH = "/search"
"""Where the one form leads that a page of files can answer."""
_ADDRESS = re.compile(r'\b(href|src|action)="(/[^"]*)"')
_EMPTY = re.compile(r'<(li|span)>\s*</\1>\s*|<(p|ul) class="(?:tools|buttons|chips)"[^>]*>\s*</\2>\s*')


def address_of(path: str, **asked: str) -> str:
    """Return the address of a page in one form, however its query is ordered.

    **asked: Its query; what is empty plays no part.
    """
    query = urlencode(sorted((name, text) for name, text in asked.items() if text))
    return f"{path}?{query}" if query else path


def relinked(html: str, here: str, files: Mapping[str, str]) -> str:
    """Return a page whose links lead to files.

    html: The page as it is served.
    here: Its file.
    files: Address, from :func:`address_of`, to file.
    """

    def found(address: str) -> str:
        plain, mark, part = unescape(address).partition("#")
        path, _, query = plain.partition("?")
        file = files.get(address_of(path, **dict(parse_qsl(query))))
        return f"{relpath(file, dirname(here) or '.')}{mark}{part}" if file else ""

    def told(link: re.Match[str]) -> str:
        return link[0] if found(link[1]) else link[2]

    def led(address: re.Match[str]) -> str:
        return f'{address[1]}="{escape(found(address[2]))}"'

    def sent(form: re.Match[str]) -> str:
        action = _ACTION.match(form[0])
        return form[0] if action and action[1].endswith(SEARCH) and found(action[1]) else ""

    kept = _FORM.sub(sent, html)
    kept = _TOOLS.sub(lambda line: _LINK.sub(lambda link: link[0] if found(link[1]) else "", line[0]), kept)
    kept = _LINK.sub(told, kept)
    while (emptied := _EMPTY.sub("", kept)) != kept:
        kept = emptied
    return _ADDRESS.sub(led, kept)
