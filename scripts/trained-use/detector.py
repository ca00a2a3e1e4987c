"""A detector of eight scanned objects and a ball on a table, in rooms that training has not seen: trained on varied clips against plain ones.

A net of CenterNet's form (Zhou et al. 2019): a map of centres for each class, a size and an offset at each centre; pycocotools judges (box AP).
python detector.py SETS
"""
import pathlib, sys
import numpy as np
import torch
from nets import UNet, answers, jittered, pictures_in, trained
from precision import precision
from reading import coco
from results import Results

SEEDS, EPOCHS = 3, 25
ARMS = ("plain", "varied")
STRIDE = 2  # pixels a cell of the maps
MOST = 30  # boxes a picture
# Of fewer visible pixels nothing is asked: such objects are neither trained nor judged.
LEAST = 24


def tables(root, name):
    """(pictures, annotations of each) of the sets NAME-<room>."""
    parts = [coco(folder) for folder in sorted(pathlib.Path(root).glob(f"{name}-*"))]
    if not parts:
        raise SystemExit(f"{root} has no sets {name}-*; make the sets first (scripts/trained-use.ts does)")
    return np.concatenate([p for p, _ in parts]), [r["annotations"] for _, records in parts for r in records]


def maps(notes, names, height, width, mirrored=False):
    """Targets of one picture: centres (K, h, w) with a Gaussian around each, sizes (logarithms of pixels) and offsets (cells), and where they are asked."""
    h, w = height // STRIDE, width // STRIDE
    centres, fine, asked = np.zeros((len(names), h, w), np.float32), np.zeros((4, h, w), np.float32), np.zeros((h, w), np.float32)
    v, u = np.mgrid[:h, :w]
    for note in notes:
        if note["area"] < LEAST:
            continue
        x, y, bw, bh = note["bbox"]
        x = width - x - bw if mirrored else x
        cx, cy = (x + bw / 2) / STRIDE, (y + bh / 2) / STRIDE
        i, j = min(int(cx), w - 1), min(int(cy), h - 1)
        # A box moved by a third of its size either way still overlaps half of the true one.
        su, sv = max(0.5, bw / STRIDE / 9), max(0.5, bh / STRIDE / 9)
        k = names.index(note["category"])
        centres[k] = np.maximum(centres[k], np.exp(-((u - i) ** 2) / (2 * su * su) - (v - j) ** 2 / (2 * sv * sv)))
        fine[:, j, i] = np.log(bw), np.log(bh), cx - i - 0.5, cy - j - 0.5
        asked[j, i] = 1
    return centres, fine, asked


def boxes(out, classes):
    """Boxes of each picture from the net's maps: (class, score, x, y, w, h) of what is largest among its eight neighbours."""
    heat, fine = 1 / (1 + np.exp(-out[:, :classes])), out[:, classes:]
    n, _, h, w = heat.shape
    around = np.pad(heat, ((0, 0), (0, 0), (1, 1), (1, 1)))
    highest = np.max([around[:, :, a : a + h, b : b + w] for a in range(3) for b in range(3)], 0)
    heat = np.where(heat == highest, heat, 0).reshape(n, -1)
    result = []
    for k in range(n):
        best = np.argsort(-heat[k], kind="stable")[:MOST]
        c, j, i = best // (h * w), best // w % h, best % w
        bw, bh = np.exp(np.clip(fine[k, :2, j, i].T, 0, 6))
        cx, cy = (i + 0.5 + fine[k, 2, j, i]) * STRIDE, (j + 0.5 + fine[k, 3, j, i]) * STRIDE
        result.append(np.column_stack([c, heat[k, best], cx - bw / 2, cy - bh / 2, bw, bh]))
    return result


def average_precision(notes, found, names):
    """COCO's box AP and AP at an overlap of a half, the mean over the classes that are there."""
    every = [(k, names.index(n["category"]), {"bbox": n["bbox"], "area": n["area"]}) for k, own in enumerate(notes) for n in own]
    said = [
        {"image_id": k + 1, "category_id": int(c) + 1, "score": float(s), "bbox": [float(v) for v in box]}
        for k, own in enumerate(found)
        for c, s, *box in own
    ]
    of = precision("bbox", names, every, said, LEAST)
    there = of[0, 0] > -1
    return {"AP": float(of[:, :, there].mean()), "AP50": float(of[0][:, there].mean())}


def loss_of(classes):
    def loss(out, targets):
        centres, fine, asked = targets
        logits = out[:, :classes]
        p = torch.sigmoid(logits)
        peak = (centres == 1).float()
        # The focal loss of CornerNet and CenterNet: near a centre little is asked.
        at = peak * (1 - p) ** 2 * torch.nn.functional.logsigmoid(logits)
        off = (1 - peak) * (1 - centres) ** 4 * p**2 * torch.nn.functional.logsigmoid(-logits)
        count = asked.sum().clamp(min=1)
        return -(at + off).sum() / count + ((out[:, classes:] - fine).abs() * asked[:, None]).sum() / count

    return loss


def make(classes):
    net = UNet(classes + 4, widths=(16, 32, 48, 64), stride=STRIDE)
    with torch.no_grad():
        # To begin with: a centre has a probability of 1 %, a box 15 pixels.
        net.head.bias[:classes] = -4.6
        net.head.bias[classes:] = torch.tensor([2.7, 2.7, 0, 0])
    return net


def classes(root):
    """Names of what is on the tables of the training sets, sorted."""
    return sorted({n["category"] for arm in ARMS for own in tables(root, f"table-{arm}")[1] for n in own})


def main(root):
    results = Results(root, "detector")
    names = classes(root)
    arms = {arm: tables(root, f"table-{arm}") for arm in ARMS}
    tests = {
        "same rooms, ours": tables(root, "table-test-same"),
        "other rooms, Cycles": tables(root, "table-test-cycles"),
        "other rooms, shifted, ours": tables(root, "table-test-shifted"),
    }

    def batch_of(rgb, notes):
        def batch(at, rng):
            mirrored = rng.random(len(at)) < 0.5
            x = jittered(rgb[at], rng)
            x[mirrored] = x[mirrored, :, ::-1]
            targets = [maps(notes[i], names, *rgb.shape[1:3], m) for i, m in zip(at, mirrored)]
            return pictures_in(x), [torch.from_numpy(np.stack(t)) for t in zip(*targets)]

        return batch

    def measure(net):
        return {name: average_precision(notes, boxes(answers(net, x), len(names)), names) for name, (x, notes) in tests.items()}

    for seed in range(SEEDS):
        for arm, (rgb, notes) in arms.items():
            results.run(arm, seed, lambda s: trained(lambda: make(len(names)), batch_of(rgb, notes), loss_of(len(names)), len(rgb), s, EPOCHS), measure)
    results.finish(
        pictures={**{arm: len(x) for arm, (x, _) in arms.items()}, **{name: len(x) for name, (x, _) in tests.items()}},
        classes=names,
        baselines={},
    )


if __name__ == "__main__":
    main(sys.argv[1])
