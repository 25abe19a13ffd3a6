"""Store an ONNX model's float32 weights as float16, with a Cast before each use. The arithmetic stays float32.

    python training/halve_weights.py cocossd.onnx coco-ssd.onnx

onnxruntime folds the casts when it loads the model, so only the file gets smaller. Needs the package `onnx`.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 256  # values of a tensor: below it, the cast takes more bytes than float16 saves


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        weights = numpy_helper.to_array(tensor)
        if weights.size < SMALLEST or np.abs(weights).max() > np.finfo(np.float16).max:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(weights.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


if __name__ == "__main__":
    source, target = sys.argv[1:]
    onnx.save(halve(onnx.load(source)), target)
