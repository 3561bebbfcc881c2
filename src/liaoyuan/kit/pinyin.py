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
# Names up to this length are persons': every reading of every character is searched.
_PERSON = 3
# Characters of names with more than one living reading, the likelier first. In a long name only these vary: pypinyin
# also lists readings that nobody types (蠡 luo, 员 yun).
_COMMON = """
长chang,zhang 重zhong,chong 行xing,hang 乐le,yue 朝chao,zhao 传chuan,zhuan 调diao,tiao 都du,dou 干gan 角jiao,jue
觉jue,jiao 厦xia,sha 弹tan,dan 校xiao,jiao 藏cang,zang 强qiang,jiang 降jiang,xiang 模mo,mu 率lv,shuai 圩wei,xu
浒hu,xu 埔pu,bu 堡bao,pu 泊bo,po 番fan,pan 便bian,pian 薄bo,bao 绿lv,lu 种zhong,chong 晟sheng,cheng 茜qian,xi
佛fo,fu 屏ping,bing 巷xiang,hang 蚌bang,beng 莞guan,wan 盛sheng,cheng 澄cheng,deng 露lu,lou 宿su,xiu 系xi,ji
省sheng,xing 解jie,xie 曾zeng,ceng 单dan,shan 参can,shen 华hua 和he 会hui 还hai,huan 提ti 员yuan 车che 石shi 大da
地di 得de 没mei 不bu 为wei 与yu 应ying 分fen 相xiang 正zheng 中zhong 区qu 着zhe 查cha 任ren 阿a 数shu 六liu 兴xing
蠡li 浜bang
"""
# Surnames that are read in their own way at the beginning of a name.
_SURNAMES = """
单shan 解xie 仇qiu 查zha 盖ge 区ou 朴piao 尉yu 曾zeng 翟zhai 宓mi 车che 石shi 任ren 贾jia 缪miao 冯feng 召shao 繁po
覃qin 乐yue
"""
# Words that settle the reading of their characters.
_WORDS = """
银行yin,hang 行业hang,ye 商行shang,hang 音乐yin,yue 乐队yue,dui 乐团yue,tuan 乐器yue,qi 民乐min,yue 声乐sheng,yue
器乐qi,yue 重庆chong,qing 重阳chong,yang 重建chong,jian 会计kuai,ji 长者zhang,zhe 家长jia,zhang 校长xiao,zhang
院长yuan,zhang 会长hui,zhang 事长shi,zhang 成长cheng,zhang 生长sheng,zhang 增长zeng,zhang 队长dui,zhang
长江chang,jiang 长期chang,qi 传统chuan,tong 传播chuan,bo 传承chuan,cheng 宣传xuan,chuan 调解tiao,jie 调研diao,yan
调查diao,cha 协调xie,tiao 关系guan,xi 学校xue,xiao 便民bian,min 江苏jiang,su 苏省su,sheng 模范mo,fan 角色jue,se
厦门xia,men 大厦da,sha 绿色lv,se 种植zhong,zhi 单位dan,wei 解放jie,fang 参与can,yu 康乐kang,le 快乐kuai,le
行动xing,dong 行走xing,zou 重点zhong,dian
"""


def _table(text: str, length: int) -> dict[str, tuple[str, ...]]:
    return {entry[:length]: tuple(entry[length:].split(",")) for entry in text.split()}


_common, _surnames, _words = _table(_COMMON, 1), _table(_SURNAMES, 1), _table(_WORDS, 2)
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
    """The likeliest reading of every character that has one."""
    text, found, start = _fold(text), [], 0
    if len(text) <= _PERSON and text[:1] in _surnames and text[:2] not in _words:
        found, start = list(_surnames[text[0]]), 1
    settled = None
    for place, char in enumerate(text[start:], start):
        if settled is not None:
            reading, settled = settled, None
        elif (pair := _words.get(text[place : place + 2])) is not None:
            reading, settled = pair
        elif (known := _first.get(char)) is not None:
            reading = known
        else:
            _all_readings(char)
            reading = _first[char]
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
    """Up to `MAX_READINGS` pairs (full, initials), the likeliest (that of `full`) first, without repetition.

    Names of persons vary in every reading, longer ones in the common readings that no word settles. Where there are
    too many combinations, the likeliest is varied in one character at a time.
    """
    first = _likeliest(text)
    if not first:
        return []
    options = _options(_fold(text))
    count = 1
    for option in options:
        count *= len(option)
    rows: Iterable[Sequence[str]] = [first]
    if 1 < count <= MAX_READINGS:
        rows = [first, *product(*options)]
    elif count > MAX_READINGS:
        rows = [first] + [
            [*first[:place], other, *first[place + 1 :]] for place, option in enumerate(options) for other in option
        ]
    pairs = dict.fromkeys([("".join(row), "".join([reading[0] for reading in row])) for row in rows])
    return list(pairs)[:MAX_READINGS]


def _options(text: str) -> list[tuple[str, ...]]:
    """The readings worth searching of every character that has any."""
    person = len(text) <= _PERSON
    found: list[tuple[str, ...]] = []
    settled: tuple[str, ...] = ()
    for place, char in enumerate(text):
        if settled:
            found.append(settled)
            settled = ()
            continue
        pair = _words.get(text[place : place + 2])
        if pair:
            found.append(pair[:1])
            settled = pair[1:]
            continue
        readings_ = _all_readings(char)
        if readings_ and not person:
            readings_ = _common.get(char) or readings_[:1]
            if place == 0 and char in _surnames:
                readings_ = tuple(dict.fromkeys((*readings_, *_surnames[char])))
        if readings_:
            found.append(readings_)
    return found
