"""Why a file cannot be read, as one exception with a code and a sentence a clerk understands.

`Unreadable` is the only exception that leaves the readers, whatever bytes they are given. The sentences are message
ids: a caller that wants another language looks `MESSAGES[code]` up in its catalogue and fills in `args_of`.
"""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "missing": "找不到文件“{name}”，或没有读取它的权限。",
    "empty": "文件是空的，没有可以导入的内容。",
    "empty_sheet": "工作表“{sheet}”里没有内容。",
    "too_large": "文件有 {size} MB，超过上限 {limit} MB。请拆分后分次导入。",
    "wrong_type": "这不是表格文件，而是{what}。请另存为 .xlsx 或 .csv 后再导入。",
    "binary": "文件内容不是文本（第 {position} 字节处是控制字符），扩展名可能写错了。请用表格软件打开后另存为 .xlsx。",
    "old_excel": "这是 Excel 95 或更早的格式，请用表格软件打开后另存为 .xlsx。",
    "xlsb": "这是二进制工作簿（.xlsb），请用表格软件打开后另存为 .xlsx。",
    "damaged": "文件已损坏或不完整，读到一半无法继续。请在表格软件中打开检查，重新保存后再导入。",
    "password": "文件设有打开密码。请去掉密码另存后再导入。",
    "macros": "文件含有宏。为安全起见不予读取，请另存为不含宏的 .xlsx。",
    "zip_bomb": "文件解压后过大（约 {size} MB），不予读取。请删去多余的空行、格式和图片后另存。",
    "xml_entities": "文件内含有外部引用或实体定义（DTD），不是正常的表格文件，不予读取。",
    "too_many_rows": "工作表超过 {limit} 行，请拆分后分次导入。",
    "too_many_columns": "第 {row} 行超过 {limit} 列。请删去右侧多余的列后再导入。",
    "declared_columns": "工作表声明的列数（{columns}）超出表格软件的上限，文件不正常。",
    "too_many_merges": "工作表中合并单元格超过 {limit} 处，请取消合并后再导入。",
    "too_much_text": "文件中的文字超过 {limit} MB，请拆分后分次导入。",
    "cell_too_long": "第 {row} 行有一格的文字超过 {limit} MB，不是正常的表格。请删去这一格的内容后再导入。",
    "text_too_long": "有一格的文字超过 {limit} MB，不是正常的表格。请找到这一格，删去其中的内容后再导入。",
    "no_such_sheet": "没有名为“{sheet}”的工作表。文件里有：{names}。",
    "undecodable": "无法识别文字编码：第 {line} 行（第 {position} 字节）起读不出来。请另存为 .xlsx 后再导入。",
    "quotes": "第 {row} 行附近的引号不成对，无法分清各列。请检查引号，或另存为 .xlsx 后再导入。",
}
"""Code → Chinese sentence with named places. Sizes are whole megabytes, rows are 1-based sheet rows."""


class Unreadable(Exception):
    """The file cannot be read; nothing of it may be used. `str()` is the Chinese sentence."""

    def __init__(self, code: str, **args: object) -> None:
        """Take a code of `MESSAGES` and the values of its places."""
        super().__init__(code, args)
        self.code = code
        self.args_of = args

    def __str__(self) -> str:
        return MESSAGES[self.code].format(**self.args_of)
