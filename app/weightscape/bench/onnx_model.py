"""A network as an ONNX model: a matrix product and an activation a layer."""

from typing import Any

import numpy as np

from weightscape.network.network import Network


def model_bytes(onnx: Any, network: Network) -> bytes:
    """Write a network as an ONNX model with input h and output h<last layer>; `onnx` is the library."""
    helper, tensor, real = onnx.helper, onnx.numpy_helper.from_array, onnx.TensorProto.FLOAT
    nodes, numbers, h = [], [], "h"
    for k, (W, b) in enumerate(zip(network.weights, network.biases, strict=True)):
        numbers += [tensor(W.astype(np.float32), f"W{k}"), tensor(b.astype(np.float32), f"b{k}")]
        nodes.append(helper.make_node("Gemm", [h, f"W{k}", f"b{k}"], [f"z{k}"]))
        nodes.append(helper.make_node("Tanh" if k < network.layers - 1 else "Sigmoid", [f"z{k}"], [f"h{k}"]))
        h = f"h{k}"
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("h", real, [None, network.widths[0]])],
        [helper.make_tensor_value_info(h, real, [None, network.widths[-1]])],
        numbers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(model.SerializeToString())
