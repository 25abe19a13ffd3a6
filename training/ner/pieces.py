"""The tagger's view of a word: its pieces and its shape, as in `functions/mner/word-piece.ts` and `shape.ts`."""

import re
import unicodedata

UNKNOWN, BEGIN, END = 100, 101, 102
MOST_PIECES, MOST_PIECES_OF_A_LINK, LONGEST_PART = 12, 4, 60
LOWER, CAPITAL, CAPITALS, MIXED, SYMBOL, HASHTAG, HANDLE, URL = range(8)


class WordPieces:
    def __init__(self, vocabulary_path):
        with open(vocabulary_path, encoding="utf-8") as lines:
            self.ids = {line.rstrip("\n"): number for number, line in enumerate(lines)}
        self.known = {}

    def encode(self, word):
        """The ids of a word's pieces; of links and handles only the first ones."""
        if word not in self.known:
            plain = unicodedata.normalize("NFD", word.lower())
            plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
            pieces = [piece for part in re.findall(r"[^\W_]+|[^\w\s]|_", plain) for piece in self._pieces(part)]
            most = MOST_PIECES_OF_A_LINK if shape(word) in (HANDLE, URL) else MOST_PIECES
            self.known[word] = (pieces or [UNKNOWN])[:most]
        return self.known[word]

    def _pieces(self, part):
        pieces, start = [], 0
        while start < len(part) <= LONGEST_PART:
            end = len(part)
            while end > start and ("##" if start else "") + part[start:end] not in self.ids:
                end -= 1
            if end == start:
                return [UNKNOWN]
            pieces.append(self.ids[("##" if start else "") + part[start:end]])
            start = end
        return pieces or [UNKNOWN]


def shape(word):
    letters = [letter for letter in word if letter.isalpha()]
    if len(word) > 1 and word[0] == "@":
        return HANDLE
    if len(word) > 1 and word[0] == "#":
        return HASHTAG
    if re.match(r"https?:|www\.|t\.co", word.lower()):
        return URL
    if not letters:
        return SYMBOL
    if all(letter.islower() for letter in letters):
        return LOWER
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return CAPITALS
    return CAPITAL if letters[0].isupper() else MIXED
