"""Fine-tune the tagger on corpora with a licence that allows shipping the weights.

    python training/ner/train.py ENCODER.onnx ner-vocab.txt DATA_FOLDER tagger.pt

ner-vocab.txt is what `brotli -d` makes of functions/weights/ner-vocab.txt.br. DATA_FOLDER has btc.{train,dev},
wnut17train.conll, emerging.dev.conll and tb2.{train,dev}.json. Three epochs over 14,042 sentences take about 26 minutes
on two cores. `export.py` then writes the ONNX file. Needs `torch` and `onnx`.
"""

import math
import random
import sys
from pathlib import Path

import torch
from corpora import LABELS, prepare, read_conll, read_tweebank
from model import Tagger
from pieces import BEGIN, END, UNKNOWN, WordPieces, shape

EPOCHS, RATE, BATCH, LONGEST, WARM_UP, SEED = 3, 1.5e-4, 32, 128, 0.1, 1
# Broad Twitter Corpus does not annotate OTHER: its O may be an OTHER, so that O against OTHER has only this weight.
WEAK = 0.3
OTHER_OR_NONE = [0, LABELS.index("B-OTHER"), LABELS.index("I-OTHER")]
WORD_DROPOUT, CASE_DROPOUT, FIRST_WORD_ID = 0.03, 0.1, 1000


def read_all(folder):
    """(sentence, whether its O is weak) of all training data."""
    weak = prepare(read_conll(folder / "btc.train") + read_conll(folder / "btc.dev"))
    firm = prepare(read_conll(folder / "wnut17train.conll") + read_conll(folder / "emerging.dev.conll"))
    firm += prepare(read_tweebank(folder / "tb2.train.json") + read_tweebank(folder / "tb2.dev.json"))
    return [(sentence, True) for sentence in weak] + [(sentence, False) for sentence in firm]


def encode(sentence, pieces):
    """The ids and shapes of the pieces; for each word the index of its first piece, and its label."""
    ids, shapes, firsts, labels = [BEGIN], [0], [], []
    for word, label in zip(*sentence):
        own = pieces.encode(word)
        if len(ids) + len(own) > LONGEST - 1:
            break
        firsts.append(len(ids))
        labels.append(LABELS.index(label))
        ids += own
        shapes += [shape(word)] * len(own)
    return ids + [END], shapes + [0], firsts, labels


def batches(examples):
    """Batches of sentences of similar length, in random order."""
    order = list(range(len(examples)))
    random.shuffle(order)
    size = BATCH * 50
    chunks = [sorted(order[i : i + size], key=lambda k: len(examples[k][0][0])) for i in range(0, len(order), size)]
    groups = [chunk[i : i + BATCH] for chunk in chunks for i in range(0, len(chunk), BATCH)]
    random.shuffle(groups)
    for group in groups:
        length = max(len(examples[k][0][0]) for k in group)
        ids, shapes, mask = (torch.zeros(len(group), length, dtype=torch.long) for _ in range(3))
        labels = torch.full((len(group), length), -1)
        weak = torch.zeros(len(group), length, dtype=torch.bool)
        for row, k in enumerate(group):
            (own_ids, own_shapes, firsts, own_labels), is_weak = examples[k]
            ids[row, : len(own_ids)] = torch.tensor(own_ids)
            shapes[row, : len(own_ids)] = torch.tensor(own_shapes)
            mask[row, : len(own_ids)] = 1
            for place, label in zip(firsts, own_labels):
                labels[row, place], weak[row, place] = label, is_weak and label == 0
        yield ids, shapes, mask, labels, weak


def loss_of(tagger, ids, shapes, mask, labels, weak):
    hidden = (torch.rand(ids.shape) < WORD_DROPOUT) & (ids >= FIRST_WORD_ID)
    ids = ids.masked_fill(hidden, UNKNOWN)
    lowered = (torch.rand(ids.shape[0]) < CASE_DROPOUT)[:, None] & (shapes < 4)
    logs = torch.log_softmax(tagger(ids, shapes.masked_fill(lowered, 0), mask), -1)
    known = labels >= 0
    logs, labels, weak = logs[known], labels[known], weak[known]
    exact = -logs[torch.arange(len(labels)), labels]
    other = -torch.logsumexp(logs[:, OTHER_OR_NONE], -1)
    return torch.where(weak, WEAK * exact + (1 - WEAK) * other, exact).mean()


def train(encoder, vocabulary, folder):
    random.seed(SEED)
    torch.manual_seed(SEED)
    pieces = WordPieces(vocabulary)
    examples = [(encode(sentence, pieces), weak) for sentence, weak in read_all(folder)]
    tagger = Tagger(len(LABELS))
    tagger.load_encoder(encoder)
    decayed = [p for name, p in tagger.named_parameters() if p.dim() > 1 and name != "words.weight"]
    others = [p for name, p in tagger.named_parameters() if p.dim() <= 1 or name == "words.weight"]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98))
    steps = EPOCHS * math.ceil(len(examples) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (WARM_UP * steps), max(0.0, (steps - step) / ((1 - WARM_UP) * steps)))
    )
    tagger.train()
    for epoch in range(EPOCHS):
        for number, batch in enumerate(batches(examples)):
            loss = loss_of(tagger, *batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            if number % 100 == 0:
                print(f"epoch {epoch} batch {number} loss {loss.item():.4f}", flush=True)
    return tagger


if __name__ == "__main__":
    encoder_path, vocabulary_path, data_folder, output = sys.argv[1:]
    torch.save(train(encoder_path, vocabulary_path, Path(data_folder)).state_dict(), output)
