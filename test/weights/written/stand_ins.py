"""Lets transformers 5 keep MXFP4 on a machine without a GPU: its kernels' data types as plain tensors that are never
swizzled. Packing, names and shapes of what is saved are transformers' own code."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import torch
from transformers.integrations import hub_kernels, mxfp4
from transformers.quantizers import quantizer_mxfp4

GROUP = 32
MAGNITUDES = torch.tensor([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0])


@contextmanager
def plain_kernels():
    quantizer = quantizer_mxfp4.Mxfp4HfQuantizer
    with (
        patch.object(quantizer, "validate_environment", lambda *_, **__: None),
        patch.object(quantizer_mxfp4, "get_current_accelerator", lambda: torch.device("cuda")),
        patch.object(mxfp4, "get_current_accelerator", lambda: None),
        patch.object(hub_kernels, "get_kernel", lambda *_, **__: KERNELS),
    ):
        yield


def wrapped(tensor, dtype=None):
    layout = SimpleNamespace(unswizzle_data=lambda data: data)
    return SimpleNamespace(storage=SimpleNamespace(data=tensor, layout=layout), shape=tensor.shape)


def quantized(weights, _type, axis):
    """Groups of 32 along the axis that transformers names, two values to a byte, a power of two to scale each group."""
    groups = weights.float().movedim(axis, -1).unflatten(-1, (-1, GROUP))
    exponents = torch.floor(torch.log2(groups.abs().amax(-1, keepdim=True).clamp(min=2.0**-100))) - 2
    scaled = groups / 2.0**exponents
    codes = (scaled.abs().unsqueeze(-1) - MAGNITUDES).abs().argmin(-1) + 8 * (scaled < 0)
    low, high = codes.flatten(-2).unflatten(-1, (-1, 2)).unbind(-1)
    packed = (low + 16 * high).to(torch.uint8)
    return packed.movedim(-1, axis), (exponents.squeeze(-1) + 127).to(torch.uint8).movedim(-1, axis)


KERNELS = SimpleNamespace(
    tensor=SimpleNamespace(FP4="fp4", convert_layout=lambda tensor, *_, **__: tensor, wrap_torch_tensor=wrapped),
    tensor_details=SimpleNamespace(
        layout=SimpleNamespace(StridedLayout="strided", make_default_matmul_mxfp4_w_layout=lambda **_: ("strided", {}))
    ),
    matmul_ogs=SimpleNamespace(PrecisionConfig=SimpleNamespace, FlexCtx=SimpleNamespace, InFlexData=SimpleNamespace),
    numerics_details=SimpleNamespace(mxfp=SimpleNamespace(downcast_to_mxfp_torch=quantized)),
)
