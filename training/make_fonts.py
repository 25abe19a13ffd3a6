"""Make the fonts in src/image/overlay/fonts/, which draw names in scripts that DejaVu Sans lacks.

    python training/make_fonts.py THAI.woff2 DEVANAGARI.woff2 DROID.ttf src/image/overlay/fonts

- THAI.woff2: files/noto-sans-thai-thai-700-normal.woff2 of npm @fontsource/noto-sans-thai 5.3.0
- DEVANAGARI.woff2: files/noto-sans-devanagari-devanagari-700-normal.woff2 of npm @fontsource/noto-sans-devanagari 5.3.0
- DROID.ttf: DroidSansFallback.ttf of Debian's fonts-droid-fallback 1:6.0.1r16-1.1

Needs the packages `fonttools`, `brotli` and `zopfli`. The Noto fonts keep all they have and become TrueType, which the renderer
reads. Of Droid Sans Fallback remain the characters below, without hints. Each font's one character map has format 12,
the one that src/image/overlay/font.ts reads.
"""

import io
import sys
from pathlib import Path

import zopfli.gzip
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

# The pairs of bytes of a national character set: the bytes that begin one, and those that end one.
ENDS = range(0xA1, 0xFF)
SETS = [
    ("gb2312", range(0xA1, 0xF8), ENDS),  # simplified Chinese, both levels: rare characters stand in names
    ("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *ENDS]),  # traditional Chinese, the frequent characters
    ("euc_jp", range(0xA1, 0xD0), ENDS),  # Japanese: kana and the kanji of JIS X 0208's level 1
    ("euc_kr", range(0xB0, 0xC9), ENDS),  # Korean: the 2,350 syllables of KS X 1001
]
# CJK punctuation and kana, and the wide and narrow forms.
BLOCKS = [range(0x3000, 0x3100), range(0xFF00, 0xFFF0)]
# Below it lie scripts that DejaVu Sans has.
FIRST_CJK = 0x2E80


def cjk_characters() -> set[int]:
    found = {code for block in BLOCKS for code in block}
    for encoding, firsts, seconds in SETS:
        for first in firsts:
            for second in seconds:
                try:
                    text = bytes([first, second]).decode(encoding)
                except UnicodeDecodeError:
                    continue
                found.update(map(ord, text))
    return {code for code in found if code >= FIRST_CJK}


def keep_format_12(font: TTFont) -> None:
    wide = CmapSubtable.newSubtable(12)
    wide.platformID, wide.platEncID, wide.language = 3, 10, 0
    wide.cmap = dict(font.getBestCmap())
    font["cmap"].tables = [wide]


def write(font: TTFont, target: Path) -> None:
    """Writes a font compressed: it is read when a name first needs it."""
    whole = io.BytesIO()
    font.save(whole)
    target.write_bytes(zopfli.gzip.compress(whole.getvalue(), numiterations=5))


def convert(source: str, target: Path) -> None:
    font = TTFont(source)
    font.flavor = None
    keep_format_12(font)
    write(font, target)


def reduce(source: str, target: Path) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.drop_tables += ["vhea", "vmtx", "GSUB", "GPOS", "GDEF", "gasp"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=cjk_characters())
    subsetter.subset(font)
    keep_format_12(font)
    write(font, target)


if __name__ == "__main__":
    thai, devanagari, droid, folder = sys.argv[1:]
    convert(thai, Path(folder, "NotoSansThai-Bold.ttf.gz"))
    convert(devanagari, Path(folder, "NotoSansDevanagari-Bold.ttf.gz"))
    reduce(droid, Path(folder, "DroidSansFallback-names.ttf.gz"))
