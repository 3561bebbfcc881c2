"""Why a file is not taken, as one exception with a code and a sentence its uploader understands.

`Unwanted` is the only exception that leaves the inspection, whatever bytes it is given. Every sentence stands after the
name of the file; sizes are whole megabytes.
"""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "empty": "“{name}”是空文件。",
    "too_large": "“{name}”超过 {limit} MB，请压缩或拆分后再传。",
    "unknown": "“{name}”不是可以接收的文件种类。可以接收：PDF、Word、Excel、PPT、OFD、图片、文本。",
    "not_here": "“{name}”是{what}，这里不接收。这里可以接收：{wanted}。",
    "program": "“{name}”是程序或脚本，不接收。",
    "web_page": "“{name}”是网页或 SVG 图形，可能带有脚本，不接收。请另存为 PDF 或图片后再传。",
    "archive": "“{name}”是压缩包，这里不接收。请解压后逐个上传。",
    "other_picture": "“{name}”是 {what} 图片，请另存为 JPG 或 PNG 后再传。",
    "other_office": "“{name}”是{what}，请另存为 .docx、.xlsx、.pptx 或 PDF 后再传。",
    "macros": "“{name}”含有宏。为安全起见不接收，请另存为不含宏的文件后再传。",
    "password": "“{name}”设有打开密码。请去掉密码另存后再传。",
    "bomb": "“{name}”解压后过大，不接收。",
    "damaged": "“{name}”已损坏或不完整，请重新保存后再传。",
    "pixels": "“{name}”有 {given} 百万像素，超过上限 {limit} 百万像素，请缩小后再传。",
    "mark_in_name": "“{name}”的文件名里有密级或内部标志“{mark}”。本系统不处理涉密和内部文件，不接收，内容没有保存。",
    "mark_in_text": "“{name}”的开头有密级或内部标志“{mark}”。本系统不处理涉密和内部文件，不接收，内容没有保存。",
}
"""Code → Chinese sentence with named places."""

#: What is said beside a file that was taken.
NOTE_MESSAGES: Final[dict[str, str]] = {
    "renamed": "“{name}”的内容是{what}，与扩展名不符，已按内容改名为“{right}”。",
    "links": "“{name}”引用了外部文件或网络地址，打开时请不要更新链接。",
    "objects": "“{name}”里嵌有对象（OLE），打开时请留意。",
    "heic": "“{name}”是 HEIC 照片：会存档，但不能显示。请另传一份 JPG。",
}


class Unwanted(Exception):
    """The file is not taken; nothing of it is kept. `str()` is the Chinese sentence."""

    def __init__(self, code: str, **args: object) -> None:
        """Take a code of `MESSAGES` and the values of its places, `name` apart."""
        super().__init__(code, args)
        self.code = code
        self.args_of = args

    def __str__(self) -> str:
        return MESSAGES[self.code].format(**{"name": "", **self.args_of})
