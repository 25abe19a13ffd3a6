"""Count on the train split of Twitter-GMNER v2.0 (text and boxes) how often a name is visible, by its type and order.

    python3 training/measure_priors.py train.txt xml-train-dev.tar.gz
    python3 training/measure_priors.py train.txt xml-train-dev.tar.gz --posts > train.jsonl

With --posts it prints the posts themselves, one JSON object a line, for training/measure-text.ts: the text as its tokens
joined by spaces, and each name with its type, whether it is visible, and its boxes as shares of the picture.
The corpus states no licence, so that only the counts are kept and the corpus is never committed.
An entity counts once per post, and is visible when the post's XML has a box with its name.
"""

import json
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict

ORDERS = 3  # the third and later PER names are counted together: only 11 posts have a fourth


def posts(path):
    """(picture id, text, [(name, type)]) of each post, names in the order of the text."""
    for block in open(path, encoding="utf-8").read().strip().split("\n\n"):
        picture, *lines = block.split("\n")
        found = []
        tokens = []
        for line in lines:
            token, tag = line.rsplit("\t", 1)
            tokens.append(token)
            if tag.startswith("B-"):
                found.append(([token], tag[2:]))
            elif tag.startswith("I-") and found:
                found[-1][0].append(token)
        names = list(dict.fromkeys((" ".join(words), kind) for words, kind in found))
        yield picture.removeprefix("IMGID:"), " ".join(tokens), names


def boxes(path):
    """{picture id: {name: [(xmin, ymin, xmax, ymax) as shares of the picture]}}"""
    result = {}
    with tarfile.open(path) as archive:
        for member in archive:
            if not member.name.endswith(".xml"):
                continue
            root = ElementTree.parse(archive.extractfile(member)).getroot()
            width, height = (float(root.findtext(f"size/{side}")) for side in ("width", "height"))
            named = defaultdict(list)
            for thing in root.iter("object"):
                x0, y0, x1, y1 = (float(thing.findtext(f"bndbox/{edge}")) for edge in ("xmin", "ymin", "xmax", "ymax"))
                named[thing.findtext("name")].append((x0 / width, y0 / height, x1 / width, y1 / height))
            result[member.name.rsplit("/", 1)[-1].removesuffix(".xml")] = named
    return result


def print_posts(text, archive):
    drawn = boxes(archive)
    for picture, written, names in posts(text):
        named = drawn.get(picture, {})
        entities = [{"text": name, "type": kind, "visible": name in named, "boxes": named.get(name, [])}
                    for name, kind in names]
        print(json.dumps({"text": written, "entities": entities}))


def main(text, archive):
    drawn = boxes(archive)
    by_type, by_order, pairs, areas = defaultdict(Counter), defaultdict(Counter), Counter(), []
    for picture, _, entities in posts(text):
        named = drawn.get(picture, {})
        order = 0
        people = []
        for name, kind in entities:
            visible = name in named
            by_type[kind][visible] += 1
            if kind != "PER":
                continue
            by_order[min(order, ORDERS - 1)][visible] += 1
            order += 1
            for x0, y0, x1, y1 in named.get(name, []):
                areas.append((x1 - x0) * (y1 - y0))
            if len(named.get(name, [])) == 1:
                people.append(named[name][0])
        if len(people) == 2:
            (a, b) = people
            pairs["first named is on the left"] += a[0] + a[2] < b[0] + b[2]
            pairs["first named is larger"] += (a[2] - a[0]) * (a[3] - a[1]) > (b[2] - b[0]) * (b[3] - b[1])
            pairs["posts with two visible people"] += 1

    def share(counts):
        total = sum(counts.values())
        return {"visible": counts[True], "of": total, "share": round(counts[True] / total, 3)}

    areas.sort()
    print(json.dumps({
        "by_type": {kind: share(by_type[kind]) for kind in ("PER", "LOC", "ORG", "OTHER")},
        "per_by_order": [share(by_order[order]) for order in range(ORDERS)],
        "pairs": pairs,
        "per_area_percentiles": {p: round(areas[len(areas) * p // 100], 4) for p in (1, 2, 5, 10, 25, 50)},
        "per_boxes": len(areas),
    }, indent=2))


if __name__ == "__main__":
    paths = [argument for argument in sys.argv[1:] if argument != "--posts"]
    (print_posts if "--posts" in sys.argv else main)(*paths)
