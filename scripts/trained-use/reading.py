"""Reading sets as `diorama generate` leaves them: clips as arrays, and the COCO file that `--format coco` writes."""
import json, pathlib
import cv2
import numpy as np


def folders(root):
    found = sorted(pathlib.Path(root).glob("samples/*"))
    if not found:
        raise SystemExit(f"{root} has no samples; make the sets first (scripts/trained-use.ts does)")
    return found


def layer(folder, name):
    """Frames of an 8- or 16-bit layer, (F, H, W) or (F, H, W, 3) with red first."""
    frames = np.stack([cv2.imread(str(f), cv2.IMREAD_UNCHANGED) for f in sorted((folder / name).iterdir())])
    return frames[..., 2::-1] if frames.ndim == 4 else frames


def pixels(root, *names):
    """Each layer of all clips, their frames in one row: (N, H, W, …)."""
    clips = folders(root)
    return [np.concatenate([layer(c, name) for c in clips]) for name in names]


def coco(root):
    """(pictures (N, H, W, 3), records) of a set: each record has the picture's annotations by category name, and the sample's folder."""
    root = pathlib.Path(root)
    data = json.loads((root / "coco" / "instances.json").read_text())
    names = {c["id"]: c["name"] for c in data["categories"]}
    notes = {}
    for a in data["annotations"]:
        notes.setdefault(a["image_id"], []).append({**a, "category": names[a["category_id"]]})
    pictures = np.stack([cv2.imread(str(root / i["file_name"]))[..., ::-1] for i in data["images"]])
    return pictures, [{"folder": root / "samples" / pathlib.Path(i["file_name"]).parts[1], "annotations": notes.get(i["id"], [])} for i in data["images"]]
