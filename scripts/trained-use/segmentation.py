"""Shapes of movi-a, pixel by pixel: a net trained on our renders, tested on Cycles' renders and on ours of the same held-out clips.

python segmentation.py SETS: SETS is the folder that scripts/trained-use.ts made. Numbers go to SETS/results.
"""
import pathlib, sys
import numpy as np
import torch
from nets import UNet, answers, jittered, pictures_in, trained
from results import Results
from reading import pixels

CLASSES = ("background", "cube", "cylinder", "sphere")
SEEDS, EPOCHS = 3, 10


def shapes(root):
    """(pictures, classes): the floor and the sky are 0, the shapes 1, 2, 3."""
    rgb, semantic = pixels(root, "rgb", "semantic")
    return rgb, np.maximum(semantic.astype(np.int64) - 1, 0)


def confusion(truth, said, classes):
    """Counts (truth, said)."""
    return np.bincount((truth * classes + said).ravel(), minlength=classes * classes).reshape(classes, classes)


def unions(counts):
    """Intersection over union of each class over all pixels of a set; a class that is neither there nor said has none."""
    both = np.diag(counts)
    either = counts.sum(0) + counts.sum(1) - both
    return np.where(either > 0, both / np.maximum(either, 1), np.nan)


def scores(truth, said):
    of = unions(confusion(truth, said, len(CLASSES)))
    return {"mIoU": float(np.nanmean(of)), "objects": float(unions(confusion((truth > 0) * 1, (said > 0) * 1, 2))[1]), **{c: float(v) for c, v in zip(CLASSES, of)}}


def distance(pictures):
    """How far each pixel is from the median colour of its picture, the largest of the three channels: movi-a's floor is grey."""
    return np.abs(pictures - np.median(pictures, (1, 2), keepdims=True)).max(-1)


def threshold(pictures, truth):
    """The distance that tells objects from the floor best on training pictures."""
    far, there = distance(pictures), truth > 0
    return max(range(4, 128, 2), key=lambda t: unions(confusion(there * 1, (far > t) * 1, 2))[1])


def make():
    return UNet(len(CLASSES), widths=(12, 24, 48, 64))


def main(root):
    root = pathlib.Path(root)
    results = Results(root, "segmentation")
    rgb, truth = shapes(root / "shapes-train")
    tests = {"ours": shapes(root / "shapes-test"), "Cycles": shapes(root / "shapes-test-cycles")}
    assert (tests["ours"][1] == tests["Cycles"][1]).all(), "the labels of a clip do not hang on who renders it"

    def batch(at, rng):
        x, y = jittered(rgb[at], rng), truth[at]
        mirrored = rng.random(len(at)) < 0.5
        x[mirrored], y[mirrored] = x[mirrored, :, ::-1], y[mirrored, :, ::-1]
        return pictures_in(x), torch.from_numpy(np.ascontiguousarray(y))

    def measure(net):
        return {name: scores(y, answers(net, x).argmax(1)) for name, (x, y) in tests.items()}

    for seed in range(SEEDS):
        results.run("net", seed, lambda s: trained(make, batch, torch.nn.functional.cross_entropy, len(rgb), s, EPOCHS), measure)
    limit = threshold(rgb, truth)
    shape = 1 + int(np.bincount(truth.ravel())[1:].argmax())
    results.finish(
        pictures={"training": len(rgb), **{name: len(x) for name, (x, _) in tests.items()}},
        threshold=limit,
        baselines={
            "background everywhere": {name: scores(y, np.zeros_like(y)) for name, (_, y) in tests.items()},
            "colour threshold": {name: scores(y, (distance(x) > limit) * shape) for name, (x, y) in tests.items()},
        },
    )


if __name__ == "__main__":
    main(sys.argv[1])
