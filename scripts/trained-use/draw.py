"""Pictures of docs/trained-use.md: what the nets of the first seed say of test pictures, evenly spaced and not chosen. python draw.py SETS FOLDER PART …"""
import pathlib, sys
import cv2
import numpy as np
import detector, keypoints, segmentation
from nets import answers
from results import Results

ACROSS = 6
COLOURS = np.array([[0, 0, 0], [230, 159, 0], [86, 180, 233], [0, 158, 115], [240, 228, 66], [0, 114, 178], [213, 94, 0], [204, 121, 167], [255, 255, 255], [150, 150, 150]], np.uint8)
# Pairs of COCO's keypoints, counted from 0, left ones first: left limbs are blue, right ones orange, what joins them white.
LIMBS = {(86, 180, 233): [(5, 7), (7, 9), (11, 13), (13, 15), (5, 11)], (230, 159, 0): [(6, 8), (8, 10), (12, 14), (14, 16), (6, 12)], (255, 255, 255): [(5, 6), (11, 12), (0, 1), (0, 2)]}


def spaced(count):
    return [(2 * k + 1) * count // (2 * ACROSS) for k in range(ACROSS)]


def large(picture, times, how=cv2.INTER_CUBIC):
    return cv2.resize(np.ascontiguousarray(picture), None, fx=times, fy=times, interpolation=how)


def save(file, rows):
    sheet = np.vstack([np.hstack([np.pad(p, ((1, 1), (1, 1), (0, 0))) for p in row]) for row in rows])
    cv2.imwrite(str(file), sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])


def shapes(root, folder):
    x, truth = segmentation.shapes(root / "shapes-test-cycles")
    ours, _ = segmentation.shapes(root / "shapes-test")
    at = spaced(len(x))
    said = answers(Results(root, "segmentation").net("net", 0, segmentation.make()), x[at]).argmax(1)
    flat = lambda classes: [large(COLOURS[c], 2, cv2.INTER_NEAREST) for c in classes]
    save(folder / "segmentation.jpg", [[large(p, 2) for p in ours[at]], [large(p, 2) for p in x[at]], flat(truth[at]), flat(said)])


def people(root, folder):
    examples = keypoints.people(root / "people-test-yoga-cycles")
    examples = [examples[k] for k in spaced(len(examples))]
    results = Results(root, "keypoints")

    def drawn(points):
        out = []
        for (picture, *_), own in zip(examples, points):
            big = large(picture, 2)
            for colour, pairs in LIMBS.items():
                for a, b in pairs:
                    # 16ths of a pixel; OpenCV's first centre is (0, 0).
                    p, q = [tuple(np.round(16 * (2 * own[k] - 0.5)).astype(int).tolist()) for k in (a, b)]
                    cv2.line(big, p, q, colour, 1, cv2.LINE_AA, 4)
            out.append(big)
        return out

    truth = [np.reshape(note["keypoints"], (-1, 3))[:, :2] for _, note, _ in examples]
    rows = [drawn(truth)] + [drawn(keypoints.found_by(results.net(arm, 0, keypoints.make()), examples)[0]) for arm in ("without", "with")]
    save(folder / "keypoints.jpg", rows)


def boxes(root, folder):
    x, notes = detector.tables(root, "table-test-cycles")
    names = detector.classes(root)
    at = spaced(len(x))

    def drawn(found):
        out = []
        for k, own in zip(at, found):
            big = large(x[k], 2)
            for c, x0, y0, w, h in own:
                cv2.rectangle(big, (round(2 * x0), round(2 * y0)), (round(2 * (x0 + w)) - 1, round(2 * (y0 + h)) - 1), COLOURS[1 + int(c)].tolist(), 1)
            out.append(big)
        return out

    rows = [drawn([[(names.index(n["category"]), *n["bbox"]) for n in notes[k] if n["area"] >= detector.LEAST] for k in at])]
    for arm in ("plain", "varied"):
        net = Results(root, "detector").net(arm, 0, detector.make(len(names)))
        rows.append(drawn([b[b[:, 1] > 0.3][:, [0, 2, 3, 4, 5]] for b in detector.boxes(answers(net, x[at]), len(names))]))
    save(folder / "detector.jpg", rows)


if __name__ == "__main__":
    root, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for part in sys.argv[3:]:
        {"segmentation": shapes, "keypoints": people, "detector": boxes}[part](root, folder)
