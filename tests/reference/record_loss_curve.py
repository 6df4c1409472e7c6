"""Records ten training losses of two small networks with PyTorch, as an implementation independent of ours.

    python3 -m venv VENV && VENV/bin/pip install torch==2.13.0 numpy
    VENV/bin/python tests/reference/record_loss_curve.py

writes tests/reference/loss_curve.inc, which tests/cpp/train/loss_curve_test.cpp compares with. Pictures and initial weights
come from a formula (`number`) that the C++ test repeats. Everything here is float64; the engine's float32 must stay close.
"""
import pathlib

import torch
import torch.nn.functional as F

SIZE, BATCH, CLASSES, STEPS = 16, 8, 3, 10


def number(tensor, index):
    """In [-1, 1), a multiple of 2^-23: the same in float32, float64, Python and C++."""
    x = (index * 2654435761 + tensor * 40503 + 12345) & 0xFFFFFFFF
    x ^= x >> 16
    x = (x * 2246822519) & 0xFFFFFFFF
    x ^= x >> 13
    x = (x * 3266489917) & 0xFFFFFFFF
    x ^= x >> 16
    return (x >> 8) / 2**23 - 1.0


def numbers(tensor, shape):
    count = 1
    for size in shape:
        count *= size
    return torch.tensor([number(tensor, i) for i in range(count)], dtype=torch.float64).reshape(shape)


def initial(tensor, name, shape):
    """gamma near 1; bias and beta near 0; weights scaled by a power of two near 1 / sqrt(fan_in)."""
    values = numbers(tensor, shape)
    if name.endswith("/gamma"):
        return 1 + values / 8
    if name.endswith("/bias") or name.endswith("/beta"):
        return values / 8
    fan_in = 1
    for size in shape[:-1]:
        fan_in *= size
    scale = 1.0
    while scale * scale * fan_in > 1.5:
        scale /= 2
    return values * scale


def same_conv(x, weight, bias, stride=1):
    """x (N, C, H, W); weight (kernel, kernel, in, out); Keras' "same": the odd zero at the bottom and right."""
    kernel = weight.shape[0]
    pads = []
    for size in (x.shape[3], x.shape[2]):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        pads += [total // 2, total - total // 2]
    return F.conv2d(F.pad(x, pads), weight.permute(3, 2, 0, 1), bias, stride)


NOTEBOOK = [
    ("conv2d_1/weight", (3, 3, 3, 8)), ("conv2d_1/bias", (8,)),
    ("conv2d_2/weight", (3, 3, 8, 12)), ("conv2d_2/bias", (12,)),
    ("conv2d_3/weight", (3, 3, 12, 8)), ("conv2d_3/bias", (8,)),
    ("dense_1/weight", (32, 16)), ("dense_1/bias", (16,)),
    ("dense_2/weight", (16, CLASSES)), ("dense_2/bias", (CLASSES,)),
]


def notebook(p, x):
    for i in (1, 2, 3):
        x = F.max_pool2d(F.relu(same_conv(x, p[f"conv2d_{i}/weight"], p[f"conv2d_{i}/bias"])), 2)
    x = x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)  # our flatten is over (height, width, channels)
    x = F.relu(x @ p["dense_1/weight"] + p["dense_1/bias"])
    return x @ p["dense_2/weight"] + p["dense_2/bias"]


COMPACT = [
    ("stem/weight", (3, 3, 3, 8)),
    ("stem_norm/gamma", (8,)), ("stem_norm/beta", (8,)),
    ("conv1/weight", (3, 3, 8, 8)),
    ("norm1/gamma", (8,)), ("norm1/beta", (8,)),
    ("conv2/weight", (3, 3, 8, 8)),
    ("norm2/gamma", (8,)), ("norm2/beta", (8,)),
    ("conv3/weight", (3, 3, 8, 16)), ("conv3/bias", (16,)),
    ("norm3/gamma", (16,)), ("norm3/beta", (16,)),
    ("projection/weight", (1, 1, 8, 16)), ("projection/bias", (16,)),
    ("dense/weight", (16, CLASSES)), ("dense/bias", (CLASSES,)),
]


def compact(p, x):
    def norm(x, name, groups):
        return F.group_norm(x, groups, p[name + "/gamma"], p[name + "/beta"], eps=1e-5)

    x = F.relu(norm(same_conv(x, p["stem/weight"], None, stride=2), "stem_norm", 4))
    y = F.relu(norm(same_conv(x, p["conv1/weight"], None), "norm1", 4))
    y = norm(same_conv(y, p["conv2/weight"], None), "norm2", 2)
    x = F.max_pool2d(F.relu(x + y), 2)
    y = norm(same_conv(x, p["conv3/weight"], p["conv3/bias"]), "norm3", 4)
    x = F.relu(same_conv(x, p["projection/weight"], p["projection/bias"]) + y)
    return x.mean(dim=(2, 3)) @ p["dense/weight"] + p["dense/bias"]


def record(tensors, network, optimizer, smoothing):
    p = {name: initial(i, name, shape).requires_grad_() for i, (name, shape) in enumerate(tensors)}
    pictures = numbers(1000, (BATCH, SIZE, SIZE, 3)).permute(0, 3, 1, 2)
    labels = torch.tensor([i % CLASSES for i in range(BATCH)])
    step = optimizer(p)
    losses = []
    for _ in range(STEPS):
        step.zero_grad()
        loss = F.cross_entropy(network(p, pictures), labels, label_smoothing=smoothing)
        loss.backward()
        step.step()
        losses.append(loss.item())
    return losses


def adam(p):
    return torch.optim.Adam(p.values(), lr=1e-2, eps=1e-7)


def adamw(p):
    decayed = [value for name, value in p.items() if name.endswith("/weight")]
    others = [value for name, value in p.items() if not name.endswith("/weight")]
    return torch.optim.AdamW([{"params": decayed, "weight_decay": 0.5}, {"params": others, "weight_decay": 0.0}],
                             lr=1e-2, eps=1e-7)


def main():
    text = f"// Written by record_loss_curve.py with PyTorch {torch.__version__.split('+')[0]} in float64. Loss before each step.\n"
    for name, losses in [("Notebook", record(NOTEBOOK, notebook, adam, 0.0)),
                         ("Compact", record(COMPACT, compact, adamw, 0.1))]:
        text += f"inline constexpr double k{name}Losses[] = {{\n    " + ", ".join(f"{x:.9f}" for x in losses[:5]) + ",\n    "
        text += ", ".join(f"{x:.9f}" for x in losses[5:]) + "};\n"
    (pathlib.Path(__file__).parent / "loss_curve.inc").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
