"""Pinyin and initials of names, for search: 蠡园街道 → ``liyuanjiedao`` and ``lyjd``.

Readings come from pypinyin's table of single characters, each asked for once and kept. Its phrase dictionary is left
out: it costs 40 MB in every process and would read a name in one way only, while a searcher types whichever reading he
has in mind. ü is written v. Letters and digits stand for themselves, all else is dropped.
"""

import os
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import product

MAX_READINGS = 8
# Characters that are common in names with more than one reading, the likelier first. In a long name only these vary:
# pypinyin also lists readings that nobody types (蠡 luo, 员 yun).
_COMMON = """
曾zeng,ceng 单dan,shan,chan 解jie,xie 仇qiu,chou 查zha,cha 盖gai,ge 任ren 区qu,ou 朴pu,piao 尉wei,yu 长chang,zhang
重zhong,chong 行xing,hang 乐le,yue 会hui,kuai 朝chao,zhao 传chuan,zhuan 参can,shen 调diao,tiao 都du,dou 华hua 干gan
和he,huo 还hai,huan 角jiao,jue 觉jue,jiao 厦xia,sha 宿su,xiu 弹tan,dan 提ti,di 系xi,ji 校xiao,jiao 翟zhai,di
宓mi,fu 员yuan 车che,ju 石shi,dan 大da,dai 藏cang,zang 强qiang,jiang 降jiang,xiang 模mo,mu 率lv,shuai 数shu 省sheng,xing
圩wei,xu 浒xu,hu 埔pu,bu 堡bao,pu 泊bo,po 番fan,pan 阿a,e 贾jia,gu 隗wei,kui 缪miao,mou 沈shen 折zhe,she 着zhe,zhao
地di,de 得de,dei 没mei,mo 卡ka,qia 便bian,pian 剥bo,bao 薄bo,bao 绿lv,lu 六liu,lu 秘mi,bi 冯feng,ping 召zhao,shao
种zhong,chong 繁fan,po 乜nie,mie 晟sheng,cheng 茜qian,xi 洗xi,xian 冼xian 佛fo,fu 奇qi,ji 屏ping,bing 兴xing 甄zhen,juan
巷xiang,hang 蚌bang,beng 莞guan,wan 亳bo 六liu,lu 浜bang 埭dai 蠡li 不bu 为wei 中zhong 应ying 与yu 分fen 相xiang 正zheng
"""
_common = {entry[0]: tuple(entry[1:].split(",")) for entry in _COMMON.split()}
_first: dict[str, str] = {}
_listed: dict[str, tuple[str, ...]] = {}


def _all_readings(char: str) -> tuple[str, ...]:
    """Every reading of one folded character, the likeliest first; a letter or digit itself, nothing for the rest."""
    found = _listed.get(char)
    if found is None:
        found = _listed[char] = _look_up(char)
        _first[char] = found[0] if found else ""
    return found


def _look_up(char: str) -> tuple[str, ...]:
    if char.isascii():
        return (char,) if char.isalnum() else ()
    # pypinyin reads these switches once, at its first import
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    listed = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    readings = (*_common.get(char, ()), *(listed[0] if listed else ()))
    return tuple(dict.fromkeys(reading for reading in readings if reading)) or ((char,) if char.isdigit() else ())


def _fold(text: str) -> str:
    return text if text.isascii() and text.islower() else unicodedata.normalize("NFKC", text).casefold()


def _likeliest(text: str) -> list[str]:
    first = _first
    found = []
    for char in _fold(text):
        reading = first.get(char)
        if reading is None:
            _all_readings(char)
            reading = first[char]
        if reading:
            found.append(reading)
    return found


def full(text: str) -> str:
    """The likeliest reading of every character in a row, without tones and spaces."""
    return "".join(_likeliest(text))


def initials(text: str) -> str:
    """The first letter of the likeliest reading of every character."""
    return "".join([reading[0] for reading in _likeliest(text)])


def readings(text: str) -> list[tuple[str, str]]:
    """Up to `MAX_READINGS` pairs (full, initials), the likeliest first, without repetition.

    All combinations where there are few; otherwise the common readings, and where even these are too many, the
    likeliest reading with one character changed at a time.
    """
    chars = [options for char in _fold(text) if (options := _all_readings(char))]
    if not chars:
        return []
    count = 1
    for options in chars:
        count *= len(options)
        if count > MAX_READINGS:
            return _common_readings([char for char in _fold(text) if _all_readings(char)])
    return _pairs(product(*chars))


def _common_readings(chars: list[str]) -> list[tuple[str, str]]:
    options = [_common.get(char) or _all_readings(char)[:1] for char in chars]
    count = 1
    for option in options:
        count *= len(option)
    if count <= MAX_READINGS:
        return _pairs(product(*options))
    first = [option[0] for option in options]
    rows = [first]
    for place, option in enumerate(options):
        rows.extend([*first[:place], other, *first[place + 1 :]] for other in option[1:])
    return _pairs(rows[:MAX_READINGS])


def _pairs(rows: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    pairs = (("".join(row), "".join([reading[0] for reading in row])) for row in rows)
    return list(dict.fromkeys(pairs))
