"""Every mutation of the truth table, and the rulings where the import contract leaves a verdict open.

The contract: *accept* is read without a guess, *review* is understood only with a guess or a doubt, *reject* cannot be
stored, *duplicate* has the key of an earlier row, *skip* is no data row. Where it is silent the safest reading stands
below; a row judged by such a reading names it in ``Row.ruling``, and verdicts that are as safe stand in ``Row.also``.

Dates
    D1  a time of day other than midnight behind a date: accept, the day counts (or review)
    D2  a year of two digits: review, never a silent century (or reject)
    D3  month or day written first: review, even when only one order is possible (or reject)
    D4  a stamp with a time zone, whose Shanghai day is another: review (or reject)
    D5  a bare year, also as a number cell: review with the year or nothing; never a serial of 1905 (or reject)
    D6  the number 2018.1: January or October, review (or reject)
    D7  a number too small to be a date of ours (12): reject, never 1900 (or review)
    D8  a date with 约: review (or reject)
    D9  words outside the list of sentinels, and incomplete digits: reject (or review)
    D10 1900/1/0, which a spreadsheet shows for serial 0: blank (or review, reject)
Codes and keys
    C1  invisible format characters other than U+200B in a code carry nothing: accept (or review)
    C2  filing numbers in full width or lower case become half width and capitals, as codes do: accept (or review)
    C3  a code and another text in one cell: review (or reject)
    C4  another number or a word in the column of the code: review, kept as given
    C5  class 59 fits the kind NB alone: accept there, review on ST, MF and JJ
    C6  a label before the code in its cell: review (or accept, if the code is read right)
    C7  an empty type beside a good code: review (or accept with the type that the code's class says)
    C8  a filed body without a filing number: reject by ORG-ID-06 (or review)
    C9  a registered body that has a filing number and no code: review like any body without a code
Money
    M1  亿元 is an explicit unit: accept (or review)
    M2  a ¥ under a header in 万元 contradicts it: review (or reject)
    M3  an amount with 约: review (or reject)
    M4  a range: reject (or review)
    M5  a separator that is not one of thousands (12,34): review (or reject)
    M6  a bare amount that is improbably large for 万元: accept as the sheet says (or review)
    M7  amounts in Chinese numerals with a unit: accept (or review)
    M8  another currency: reject (or review); never yuan
    M9  a number cell with binary noise (0.30000000000000004) is what the spreadsheet shows, 0.3: accept (or review)
Counts
    N1  about, and more: review (or reject)
    N2  a count with a remark or a sum: review (or reject)
    N3  a count beyond any table: reject (or review), never a crash
    N4  a range: reject (or review)
    N5  两人 is two: accept (or review)
Words and places
    W1  √, × and logical cells are yes and no: accept (or review)
    W2  未评估 is no rating and 五A is 5A: accept (or review, reject)
    W3  a word outside the list of its column: reject, as for types (or review)
    W4  无 in a column of yes and no: the sentinel, so blank; no is allowed
    W5  a community without 居委会: accept, as written or by its official name (or review)
    W6  a community unknown to the street: review (or accept as text)
    W7  a street without 街道: review (or accept); with the district before it: accept (or review)
    W8  a field by its number or by number and name: accept (or review)
Text
    T1  stored text keeps its brackets, letters and digits as written: only blanks around it go
    T2  a line break inside a name is a wrapped cell: accept, the name without it (or review)
    T3  a name of 400 characters: reject (or review, or accept it whole); never cut
    T4  hidden rows are rows: read like the others
    T5  an error cell is no value: reject (or review)
    T6  a name that begins like a subtotal or a footer is a name when the row has data
    T7  a zero-width space at the end of a name goes: accept (or review)
Pairs
    P1  a later row with the same key and a blank where the earlier has a value: review (or duplicate)
    P2  a good row after a refused one with the same key: review (or accept); never dropped as a duplicate
    P3  the same name under another good code: accept with the warning of ORG-ID-05 (or review)
"""

from __future__ import annotations

from tests.truth.change import Mutation, Pair
from tests.truth.codes import CODE_MUTATIONS
from tests.truth.dates import DATE_MUTATIONS
from tests.truth.numbers import NUMBER_MUTATIONS
from tests.truth.pairs import PAIRS
from tests.truth.texts import TEXT_MUTATIONS
from tests.truth.words import WORD_MUTATIONS

MUTATIONS: dict[str, Mutation] = {
    mutation.name: mutation
    for mutation in (*DATE_MUTATIONS, *CODE_MUTATIONS, *NUMBER_MUTATIONS, *WORD_MUTATIONS, *TEXT_MUTATIONS)
}
PAIR_MUTATIONS: dict[str, Pair] = {pair.name: pair for pair in PAIRS}
