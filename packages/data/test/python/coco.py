"""pycocotools loads the file; its masks, areas and boxes are those of the annotations and of the segmentation layer."""
import json, pathlib, sys
import numpy as np
from pycocotools import mask as rle
from pycocotools.coco import COCO

root = pathlib.Path(sys.argv[1]) / "folder"
coco = COCO(str(root / "coco/instances.json"))
records = {}
for image in coco.loadImgs(coco.getImgIds()):
    assert (root / image["file_name"]).exists()
    sample = records.setdefault(image["video_id"], json.loads((root / f"samples/{image['video_id']:06d}/sample.json").read_text()))
    union = np.zeros((image["height"], image["width"]), int)
    for a in coco.loadAnns(coco.getAnnIds(imgIds=image["id"])):
        mask = coco.annToMask(a)
        union += mask
        code = {"size": a["segmentation"]["size"], "counts": a["segmentation"]["counts"].encode()}
        assert mask.sum() == a["area"] == rle.area(code)
        assert rle.toBbox(code).tolist() == a["bbox"], (rle.toBbox(code), a["bbox"])
        assert rle.encode(np.asfortranarray(mask))["counts"] == code["counts"]
        own = next(i for i in sample["instances"] if i["id"] == a["instance_id"])
        assert own["visiblePixels"][image["frame_id"]] == a["area"]
        ys, xs = np.nonzero(mask)
        x0, y0, x1, y1 = own["boxes2d"][image["frame_id"]]
        assert (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) == (x0, y0, x1, y1)
    assert union.max() == 1
print("ok", len(coco.anns), "annotations")
