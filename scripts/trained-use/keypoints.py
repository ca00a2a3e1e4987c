"""Keypoints of people in yoga-like poses rendered by Cycles: training with such poses against training without, the same number of pictures.

Top-down with given boxes: the net sees a square around the person and says where each of COCO's seventeen keypoints is; pycocotools judges (OKS AP).
python keypoints.py SETS POSE …: the named poses are left out of all training.
"""
import json, pathlib, sys
import cv2
import numpy as np
import torch
from nets import UNet, answers, jittered, pictures_in, trained
from precision import precision
from reading import coco
from results import Results

SEEDS, EPOCHS = 3, 30
POINTS = 17
SIDE, MAP = 96, 48  # of the net's pictures and of its maps
# Left and right change places in a mirror.
MIRROR = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]


def people(root):
    """Pictures with one person, the person's annotation and pose: [(picture, annotation, pose)]. A person of whom nothing is seen has none."""
    out = []
    for picture, record in zip(*coco(root)):
        for note in record["annotations"]:
            if note["category"] == "person":
                sample = json.loads((record["folder"] / "sample.json").read_text())
                pose = next(i for i in sample["instances"] if i["id"] == note["instance_id"])["metadata"]["pose_label"]
                out.append((picture, note, pose))
    return out


def square(note, scale=1.0, turn=0.0, shift=(0.0, 0.0), mirrored=False):
    """2×3 matrix from the picture's raster to the crop's, SIDE wide, around the box with an eighth of room on every side."""
    x, y, w, h = note["bbox"]
    side = 1.25 * max(w, h) * scale
    k = SIDE / side
    c, s = k * np.cos(turn), k * np.sin(turn)
    m = np.array([[c, -s, 0], [s, c, 0]])
    m[:, 2] = SIDE / 2 - m[:, :2] @ (x + w / 2 + shift[0] * side, y + h / 2 + shift[1] * side)
    if mirrored:
        m[0] = -m[0]
        m[0, 2] += SIDE
    return m


def crop(picture, m):
    # OpenCV's first pixel centre is (0, 0), ours (0.5, 0.5).
    centred = m.copy()
    centred[:, 2] += m[:, :2] @ (0.5, 0.5) - 0.5
    return cv2.warpAffine(picture, centred, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def moved(m, points):
    return points @ m[:, :2].T + m[:, 2]


def maps(points, known):
    """What the net is to say: a Gaussian at each known point, in maps that sum to 1; none where a point is unknown or outside. Points in the crop's raster."""
    at = np.arange(MAP) + 0.5
    u, v = points[..., 0, None] * MAP / SIDE, points[..., 1, None] * MAP / SIDE
    g = np.exp(-((at - v) ** 2)[..., :, None] / 2 - ((at - u) ** 2)[..., None, :] / 2)
    inside = known & (points > 0).all(-1) & (points < SIDE).all(-1)
    total = g.sum((-1, -2), keepdims=True)
    return (g / np.maximum(total, 1e-9) * inside[..., None, None]).astype(np.float32)


def places(logits):
    """Points in the crop's raster (N, K, 2), and the probability within two cells of each: the mean place of what lies there."""
    n, k = logits.shape[:2]
    p = np.exp(logits - logits.max((2, 3), keepdims=True))
    p /= p.sum((2, 3), keepdims=True)
    best = p.reshape(n, k, -1).argmax(-1)
    row, column = best // MAP, best % MAP
    at = np.arange(MAP)
    near = (np.abs(at - row[..., None]) <= 2)[..., :, None] & (np.abs(at - column[..., None]) <= 2)[..., None, :]
    p = p * near
    mass = p.sum((2, 3))
    u = (p.sum(2) * (at + 0.5)).sum(-1) / mass
    v = (p.sum(3) * (at + 0.5)).sum(-1) / mass
    return np.stack([u, v], -1) * SIDE / MAP, mass


def average_precision(notes, found, scores):
    """COCO's AP and AP at OKS 0.5 of one person a picture; `found` (N, 17, 2) in the annotations' raster."""
    fields = ("bbox", "area", "keypoints", "num_keypoints")
    said = [
        {"image_id": k + 1, "category_id": 1, "score": float(s), "keypoints": np.column_stack([p, np.ones(len(p))]).ravel().tolist()}
        for k, (p, s) in enumerate(zip(found, scores))
    ]
    of = precision("keypoints", ["person"], [(k, 0, {f: n[f] for f in fields}) for k, n in enumerate(notes)], said)
    return {"AP": float(of.mean()), "AP50": float(of[0].mean())}


def found_by(net, examples):
    frames = [square(note) for _, note, _ in examples]
    points, mass = places(answers(net, np.stack([crop(p, m) for (p, _, _), m in zip(examples, frames)])))
    back = [moved(cv2.invertAffineTransform(m), q) for m, q in zip(frames, points)]
    return np.stack(back), mass.mean(1)


def make():
    return UNet(POINTS, widths=(16, 32, 48, 64), stride=2)


def loss(logits, target):
    """Cross-entropy of the place of each point that is known."""
    logs = torch.nn.functional.log_softmax(logits.flatten(2), -1)
    return -(target.flatten(2) * logs).sum() / target.sum().clamp(min=1)


def training(examples):
    points = np.array([n["keypoints"] for _, n, _ in examples], float).reshape(-1, POINTS, 3)

    def batch(at, rng):
        crops, targets = [], []
        for i in at:
            mirrored = rng.random() < 0.5
            m = square(examples[i][1], rng.uniform(0.85, 1.25), rng.normal() * 0.35, rng.uniform(-0.06, 0.06, 2), mirrored)
            q = points[i][MIRROR] if mirrored else points[i]
            crops.append(crop(examples[i][0], m))
            targets.append(maps(moved(m, q[:, :2]), q[:, 2] > 0))
        return pictures_in(jittered(np.stack(crops), rng)), torch.from_numpy(np.stack(targets))

    return batch


def main(root, held_out):
    root = pathlib.Path(root)
    results = Results(root, "keypoints")
    random = people(root / "people-random")
    yoga = [e for e in people(root / "people-yoga") if e[2] not in held_out]
    # Arms have as many pictures as each other.
    half = min(len(yoga), len(random) // 2)
    arms = {"without": random[: 2 * half], "with": random[:half] + yoga[:half]}
    tests = {
        "yoga, Cycles": people(root / "people-test-yoga-cycles"),
        "yoga, ours": people(root / "people-test-yoga"),
        "ordinary, ours": people(root / "people-test-random"),
    }
    tests["yoga, Cycles: poses of no training"] = [e for e in tests["yoga, Cycles"] if e[2] in held_out]
    tests["yoga, Cycles: other poses"] = [e for e in tests["yoga, Cycles"] if e[2] not in held_out]

    def measure(net):
        return {name: average_precision([n for _, n, _ in test], *found_by(net, test)) for name, test in tests.items()}

    for seed in range(SEEDS):
        for arm, examples in arms.items():
            results.run(arm, seed, lambda s: trained(make, training(examples), loss, len(examples), s, EPOCHS), measure)

    # What the mean pose of the training pictures, laid into each box, would score.
    def mean_pose(test):
        relative = np.mean([(np.reshape(n["keypoints"], (-1, 3))[:, :2] - n["bbox"][:2]) / n["bbox"][2:] for _, n, _ in arms["with"]], 0)
        return average_precision([n for _, n, _ in test], np.stack([relative * n["bbox"][2:] + n["bbox"][:2] for _, n, _ in test]), np.ones(len(test)))

    results.finish(
        pictures={"training": 2 * half, **{name: len(test) for name, test in tests.items()}},
        heldOut=list(held_out),
        baselines={"mean pose": {name: mean_pose(test) for name, test in tests.items()}},
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
