"""Readers of the corpora that the tagger is trained and tested on, all mapped to PER, LOC, ORG, OTHER in BIO."""

import json
import re

TYPES = ("PER", "LOC", "ORG", "OTHER")
LABELS = ["O"] + [prefix + name for name in TYPES for prefix in ("B-", "I-")]

# Names of types in Broad Twitter Corpus, WNUT-17, Tweebank-NER and Twitter-GMNER.
TYPE_NAMES = {
    "per": "PER", "person": "PER",
    "loc": "LOC", "location": "LOC", "geo-loc": "LOC",
    "org": "ORG", "corporation": "ORG", "group": "ORG",
    "other": "OTHER", "misc": "OTHER", "product": "OTHER", "creative-work": "OTHER",
}


def label_of(raw):
    """Our label for a corpus's label. Of several labels, separated by commas, the first counts."""
    raw = raw.split(",")[0].strip()
    if "-" not in raw:
        return "O"
    prefix, name = raw.split("-", 1)
    return f"{prefix}-{TYPE_NAMES[name.lower()]}"


def read_conll(path):
    """(tokens, labels) of each sentence of a file with one token per line."""
    sentences, tokens, labels = [], [], []
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in [*lines, ""]:
            line = line.rstrip("\n")
            if not line.strip():
                if tokens:
                    sentences.append((tokens, labels))
                tokens, labels = [], []
                continue
            columns = line.split("\t") if "\t" in line else line.split()
            if line.startswith("IMGID:") or len(columns) < 2:
                continue
            tokens.append(columns[0].strip())
            labels.append(label_of(columns[1]))
    return sentences


def read_tweebank(path):
    """(tokens, labels) of each sentence of Tweebank-NER's JSON."""
    with open(path, encoding="utf-8") as file:
        sentences = json.load(file)
    return [([token["text"] for token in one], [label_of(token["ner"]) for token in one]) for one in sentences]


def prepare(sentences):
    """Join "@" with the name and the "_" after it, label handles O, and make an I- that continues nothing a B-."""
    prepared = []
    for tokens, labels in sentences:
        joined, kept, index = [], [], 0
        while index < len(tokens):
            token, label = tokens[index], labels[index]
            if token == "@" and index + 1 < len(tokens) and re.fullmatch(r"\w+", tokens[index + 1]):
                token, label, index = "@" + tokens[index + 1], "O", index + 1
                while index + 1 < len(tokens) and tokens[index + 1] == "_":
                    token, index = token + "_", index + 1
            elif token.startswith("@") and len(token) > 1:
                label = "O"
            if label.startswith("I-") and (not kept or kept[-1] == "O" or kept[-1][2:] != label[2:]):
                label = "B-" + label[2:]
            joined.append(token)
            kept.append(label)
            index += 1
        prepared.append((joined, kept))
    return prepared
