"""Makes the embedded font of the documents, as told in README.md beside this file.

    python3 -m venv target/fonts && target/fonts/bin/pip install fonttools==4.68.0
    target/fonts/bin/python crates/shell-files/fonts/make.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

The same input and the same fonttools give the same bytes.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

FOLDER = Path(__file__).parent
FACE = "Noto Sans CJK SC"
OURS = "Anju Sans Subset"


def gb2312():
    """All characters of GB 2312: symbols, digits, letters of other scripts, and both levels of characters."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


def wanted():
    """Code points asked for; those that the face does not have are left out."""
    characters = set(gb2312())
    lines = (FOLDER / "characters.txt").read_text(encoding="utf-8").splitlines()
    characters.update(c for line in lines if not line.startswith("#") for c in line)
    blocks = [
        (0x0020, 0x007E),  # ASCII
        (0x00A0, 0x00FF),  # Latin-1
        (0x2010, 0x2027),  # dashes, quotation marks, the middle dot of long names
        (0x2460, 0x2473),  # circled numbers
        (0x3000, 0x301F),  # Chinese punctuation
        (0xFF01, 0xFF5E),  # full-width forms
        (0xFFE0, 0xFFE5),  # full-width ¥ and its neighbours
    ]
    return {ord(c) for c in characters} | {c for first, last in blocks for c in range(first, last + 1)} | {0x2212}


def rename(font):
    """Our name where the face had its own: it is a changed version, and the old names are another's."""
    names = font["name"]
    kept = {0: names.getDebugName(0), 5: names.getDebugName(5), 13: names.getDebugName(13), 14: names.getDebugName(14)}
    names.names = []
    said = {
        **kept,
        1: OURS,
        2: "Regular",
        3: f"{kept[5]};{OURS}",
        4: OURS,
        6: OURS.replace(" ", ""),
        10: f"A subset of {FACE} without hints and layout tables, for the documents of Anju.",
    }
    for key, text in sorted(said.items()):
        names.setName(text, key, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [OURS.replace(" ", "")]
    top = cff.topDictIndex[0]
    top.FullName = top.FamilyName = OURS
    top.Notice = kept[0]
    for part in top.FDArray:
        part.FontName = part.FontName.replace("NotoSansCJKjp", OURS.replace(" ", ""))


def main(source):
    collection = TTCollection(source)
    font = next(face for face in collection.fonts if face["name"].getDebugName(1) == FACE)
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    font.recalcTimestamp = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    rename(font)
    target = FOLDER / "AnjuSansSubset-Regular.otf"
    font.save(target, reorderTables=None)
    missing = sorted(wanted() - set(font.getBestCmap()))
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")
    print("not in the face:", " ".join(f"U+{c:04X}" for c in missing))


main(sys.argv[1])
