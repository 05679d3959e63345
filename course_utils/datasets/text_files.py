"""Read the small text files of a data set, however they were saved."""

import codecs
import unicodedata
from pathlib import Path

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_lines(path: Path) -> list[str]:
    """Read the lines of a text file that are not blank, without space around them.

    UTF-8 and UTF-16 are read, with and without a mark at the start; names come back in
    one form (NFC), since macOS writes "é" as two characters.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is not UTF-8 or UTF-16 text.
    """
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        raise ValueError(f"{path} must be a text file, but is something else")
    content = path.read_bytes()
    encoding = next((e for mark, e in _MARKS.items() if content.startswith(mark)), None)
    if encoding is None and b"\0" in content:  # as PowerShell's > writes it
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} must be text in UTF-8, but its byte {error.start} is not; open it "
            "in an editor and save it with the encoding UTF-8"
        ) from None
    lines = unicodedata.normalize("NFC", text).splitlines()
    return [line.strip() for line in lines if line.strip()]
