"""Write two ONNX graphs with the signature of Segment Anything and random weights, for tests without the real weights.

    python training/make_tiny_sam.py test/support/sam-tiny

Needs the package `onnx`. The manifest names the pair `test-random-weights`, so that no answer calls it SAM.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SEED = 7
FLOAT = TensorProto.FLOAT


def save(path, name, nodes, inputs, outputs, weights):
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(n, FLOAT, s) for n, s in inputs],
        [helper.make_tensor_value_info(n, FLOAT, s) for n, s in outputs],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="namesight")
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


def encoder(path, random):
    """[1, 3, 1024, 1024] to [1, 256, 64, 64]: means over 16 x 16 pixels, mixed by random weights."""
    save(
        path,
        "encoder",
        [
            helper.make_node("AveragePool", ["image"], ["pooled"], kernel_shape=[16, 16], strides=[16, 16]),
            helper.make_node("Conv", ["pooled", "mix"], ["image_embeddings"]),
        ],
        [("image", [1, 3, 1024, 1024])],
        [("image_embeddings", [1, 256, 64, 64])],
        {"mix": random.normal(size=(256, 3, 1, 1)).astype(np.float32)},
    )


def decoder(path, random):
    """Four masks at `orig_im_size` that depend on the embedding, and scores that depend on the prompt.

    The third mask always has the highest score.
    """
    save(
        path,
        "decoder",
        [
            helper.make_node("Conv", ["image_embeddings", "mix"], ["low64"]),
            helper.make_node("Resize", ["low64", "", "four"], ["low_res_masks"], mode="nearest"),
            helper.make_node("Cast", ["orig_im_size"], ["size"], to=TensorProto.INT64),
            helper.make_node("Concat", ["one_four", "size"], ["shape"], axis=0),
            helper.make_node("Resize", ["low64", "", "", "shape"], ["masks"], mode="linear"),
            helper.make_node("ReduceMean", ["point_coords"], ["where"], axes=[0, 1, 2], keepdims=0),
            helper.make_node("ReduceMean", ["point_labels"], ["label"], axes=[0, 1], keepdims=0),
            helper.make_node("ReduceMean", ["mask_input"], ["hint"], axes=[0, 1, 2, 3], keepdims=0),
            helper.make_node("ReduceMean", ["has_mask_input"], ["has_hint"], axes=[0], keepdims=0),
            helper.make_node("Mul", ["hint", "has_hint"], ["used_hint"]),
            helper.make_node("Sum", ["where", "label", "used_hint"], ["prompt"]),
            helper.make_node("Mul", ["prompt", "tiny"], ["shift"]),
            helper.make_node("Add", ["ranks", "shift"], ["iou_predictions"]),
        ],
        [
            ("image_embeddings", [1, 256, 64, 64]),
            ("point_coords", [1, "points", 2]),
            ("point_labels", [1, "points"]),
            ("mask_input", [1, 1, 256, 256]),
            ("has_mask_input", [1]),
            ("orig_im_size", [2]),
        ],
        [("masks", [1, 4, "height", "width"]), ("iou_predictions", [1, 4]), ("low_res_masks", [1, 4, 256, 256])],
        {
            "mix": random.normal(size=(4, 256, 1, 1)).astype(np.float32),
            "four": np.array([1, 1, 4, 4], np.float32),
            "one_four": np.array([1, 4], np.int64),
            "tiny": np.array(1e-5, np.float32),
            "ranks": np.array([[0.2, 0.5, 0.8, 0.3]], np.float32),
        },
    )


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(SEED)
    entries = []
    for file, make in (("encoder.onnx", encoder), ("decoder.onnx", decoder)):
        make(folder / file, generator)
        digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
        names = {"method": "test-random-weights", "version": "1", "licence": "Apache-2.0"}
        entries.append({"file": file, **names, "sha256": digest})
    (folder / "manifest.json").write_text(json.dumps({"weights": entries}, indent=2) + "\n")
