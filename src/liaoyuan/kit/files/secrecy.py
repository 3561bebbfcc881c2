"""Marks of secrecy (绝密, 机密, 秘密) and of inner papers (内部) in a name or at the head of a text.

Only a mark is meant, not a word: 内部管理制度 and 商业秘密保护办法 are ordinary papers. In a text a mark stands in a
line of its own or before ★ or a period (GB/T 9704: 秘密★1年).
"""

import re

#: How far into a text a mark may stand: copy number and mark are the first lines of an official paper.
HEAD = 600
_LEVEL = "绝密|机密|秘密"
_INNER = "内部资料|内部文件|内部材料|内部传阅|内部参考|内部刊物|内部使用|内部发行|内部掌握"
_OPEN, _CLOSE = r"[【\[（(《「〔]", r"[】\]）)》」〕]"
_BORDER = r"(?:^|[\s_\-—.·、，,+&]|" + _OPEN + "|" + _CLOSE + ")"
_IN_NAME = (
    re.compile(r"绝密|机密(?!性)"),
    re.compile(rf"(?<![商业保守技术泄])(?:{_BORDER})(秘密)(?=$|[\s_\-—.·、，,★☆*]|{_CLOSE})"),
    re.compile(r"秘密[★☆*]"),
    re.compile(_INNER),
    re.compile(rf"{_OPEN}内部{_CLOSE}|(?:^|[\s_\-—])内部(?=$|[\s_\-—.★])|内部[★☆]"),
)
_IN_TEXT = (
    re.compile(rf"(?:{_LEVEL}|内部)\s*[★☆]"),
    re.compile(rf"^\s*(?:密级\s*[:：]?\s*)?{_OPEN}?\s*({_LEVEL}|内部)\s*{_CLOSE}?\s*$", re.MULTILINE),
    re.compile(rf"密级\s*[:：]\s*(?:{_LEVEL}|内部)"),
    re.compile(rf"^\s*{_OPEN}?\s*(?:{_INNER})\s*{_CLOSE}?(?=$|\s|[★☆，,。！!：:])", re.MULTILINE),
)
_SPACED = re.compile(r"([绝机秘内])[ \t\u3000]+(?=[密部])")


def in_name(name: str) -> str:
    """The mark in a file's name, or empty."""
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return _first(_IN_NAME, stem)


def in_text(text: str) -> str:
    """The mark at the head of a text, or empty. Letters spaced out (机 密) count as written together."""
    return _first(_IN_TEXT, _SPACED.sub(r"\1", text[:HEAD]))


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    for pattern in patterns:
        found = pattern.search(text)
        if found:
            return found[0].strip(" \t\r\n_-—.·、，,【[（(《「〔】]）)》」〕")
    return ""
