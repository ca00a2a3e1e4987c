"""COCO's precision of what was found, by pycocotools."""
import contextlib, io
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def precision(kind, names, notes, said, least=0):
    """Precision (thresholds, recalls, classes) of `said` against annotations (picture, class, fields), both counted from 0, whose area is `least` or more; −1 for a class of which there is none.

    `kind` is "bbox" or "keypoints". Pictures are small, so COCO's ranges of area are left out.
    """
    truth = COCO()
    truth.dataset = {
        "images": [{"id": k + 1} for k in sorted({k for k, _, _ in notes} | {s["image_id"] - 1 for s in said})],
        "categories": [{"id": c + 1, "name": name} for c, name in enumerate(names)],
        "annotations": [{"id": i + 1, "image_id": k + 1, "category_id": c + 1, "iscrowd": 0, **fields} for i, (k, c, fields) in enumerate(notes)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        judge = COCOeval(truth, truth.loadRes(said), kind)
        judge.params.areaRng, judge.params.areaRngLbl = [[least, 1e10]], ["all"]
        judge.evaluate()
        judge.accumulate()
    return judge.eval["precision"][:, :, :, 0, -1]
