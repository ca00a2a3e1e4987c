"""The measures against closed forms, and the nets' targets against what is read from them: python check.py prints ok."""
import numpy as np
import cv2
import detector, keypoints, segmentation


def overlaps():
    truth, said = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 2])
    # Class 0: 2 in common of 4; class 1: 1 of 3; class 2: 1 of 1; class 3 is nowhere.
    assert np.allclose(segmentation.unions(segmentation.confusion(truth, said, 4))[:3], [1 / 2, 1 / 3, 1])
    assert np.isclose(segmentation.scores(truth, said)["mIoU"], (1 / 2 + 1 / 3 + 1) / 3)
    assert np.isclose(segmentation.scores(truth, said)["objects"], 2 / 4)


def thresholds():
    picture = np.full((1, 8, 8, 3), 90, np.uint8)
    picture[0, 2:4, 2:4, 1] = 150
    truth = (picture[..., 1] == 150) * 1
    assert segmentation.distance(picture).max() == 60
    assert segmentation.unions(segmentation.confusion(truth, (segmentation.distance(picture) > segmentation.threshold(picture, truth)) * 1, 2)).min() == 1


def person(rng):
    points = np.column_stack([rng.uniform(30, 60, (17, 2)), np.full(17, 2)])
    return {"bbox": [30, 30, 30, 30], "area": 400, "keypoints": points.ravel().tolist(), "num_keypoints": 17}, points[:, :2]


def similarity():
    # Every point off by d: OKS is the mean of exp(−d² / (2 area (2σ)²)), σ as COCO publishes them.
    sigma = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000
    notes, points = zip(*[person(np.random.default_rng(k)) for k in range(5)])
    similarity = lambda d: np.exp(-(d**2) / (2 * 400 * (2 * sigma) ** 2)).mean()
    for d in (0, 0.5, 1, 2, 4):
        passed = sum(similarity(d) >= t for t in np.arange(0.5, 1, 0.05))
        got = keypoints.average_precision(notes, np.stack(points) + [d, 0], np.ones(5))
        assert np.isclose(got["AP"], passed / 10), (d, got, passed)
    # Four of five right, the wrong one last: precision is 1 up to a recall of 0.8, nothing beyond.
    wrong = np.stack(points)
    wrong[0] += 50
    assert np.isclose(keypoints.average_precision(notes, wrong, [0.1, 1, 1, 1, 1])["AP"], 81 / 101)


def squares():
    rng = np.random.default_rng(1)
    note, points = person(rng)
    for mirrored in (False, True):
        m = keypoints.square(note, 1.1, 0.4, (0.03, -0.02), mirrored)
        q = keypoints.moved(m, points)
        # A turn, a scale, a mirror: lengths all change by the same factor, and the way back is exact.
        ratio = np.linalg.norm(q[1:] - q[:-1], axis=1) / np.linalg.norm(points[1:] - points[:-1], axis=1)
        assert np.allclose(ratio, keypoints.SIDE / (1.25 * 30 * 1.1))
        assert np.sign(np.linalg.det(m[:, :2])) == (-1 if mirrored else 1)
        assert np.allclose(keypoints.moved(cv2.invertAffineTransform(m), q), points)
    # The picture moves as the points do: the weighted middle of a spot lies where its centre is said to lie.
    v, u = np.mgrid[:96, :96] + 0.5
    for at in ((44.3, 51.8), (39.0, 40.5)):
        spot = (200 * np.exp(-((u - at[0]) ** 2 + (v - at[1]) ** 2) / 8)).astype(np.uint8)
        m = keypoints.square(note, 1.0, 0.3)
        seen = keypoints.crop(np.repeat(spot[..., None], 3, 2), m)[..., 0].astype(float)
        y, x = np.mgrid[: keypoints.SIDE, : keypoints.SIDE] + 0.5
        assert np.abs(np.array([(seen * x).sum(), (seen * y).sum()]) / seen.sum() - keypoints.moved(m, np.array([at]))[0]).max() < 0.1
    mirror = np.array(keypoints.MIRROR)
    assert (mirror[mirror] == np.arange(17)).all()


def read_back():
    points = np.random.default_rng(2).uniform(8, 56, (3, 17, 2))
    with np.errstate(divide="ignore"):
        found, mass = keypoints.places(np.log(np.maximum(keypoints.maps(points, np.ones((3, 17), bool)), 1e-12)))
    assert np.abs(found - points).max() < 0.2 and mass.min() > 0.95, np.abs(found - points).max()
    assert keypoints.maps(points[0], np.zeros(17, bool)).sum() == 0


def boxes():
    names = ["a", "b"]
    notes = [
        [{"category": "a", "bbox": [10.0, 20.0, 13.0, 9.0], "area": 100}, {"category": "b", "bbox": [50.0, 61.0, 8.0, 20.0], "area": 150}],
        [{"category": "a", "bbox": [70.0, 3.0, 21.0, 20.0], "area": 300}, {"category": "a", "bbox": [1.0, 1.0, 3.0, 3.0], "area": 9}],
    ]
    targets = [detector.maps(own, names, 96, 96) for own in notes]
    assert [t[2].sum() for t in targets] == [2, 1]
    out = np.stack([np.concatenate([np.log((c + 1e-6) / (1 - np.minimum(c, 1 - 1e-6))), f]) for c, f, _ in targets])
    found = detector.boxes(out, 2)
    for own, boxes in zip(notes, found):
        for note in own:
            near = np.abs(boxes[:, 2:] - note["bbox"]).max(1)
            assert note["area"] < detector.LEAST or near.min() < 1e-3
    assert np.isclose(detector.average_precision(notes, found, names)["AP"], 1)
    # 13 × 9 moved by 3 to the side: 90 in common of 144, so right at overlaps of 0.5, 0.55 and 0.6 of ten; class b stays right.
    found[0][found[0][:, 1].argsort()[::-1][:2], 2] += 3 * (found[0][found[0][:, 1].argsort()[::-1][:2], 0] == 0)
    found[1][:, 0] = 1
    found[1][:, 1] *= 0.01
    got = detector.average_precision([notes[0], []], found, names)
    assert np.isclose(got["AP"], (0.3 + 1) / 2) and np.isclose(got["AP50"], 1), got
    mirrored = detector.maps(notes[0], names, 96, 96, True)
    assert np.allclose(mirrored[0][:, :, ::-1].sum((1, 2)), targets[0][0].sum((1, 2)), rtol=0.05)
    assert mirrored[2].nonzero()[1].tolist() == [(96 - 16.5) // 2, (96 - 54) // 2]


for check in (overlaps, thresholds, similarity, squares, read_back, boxes):
    check()
print("ok")
