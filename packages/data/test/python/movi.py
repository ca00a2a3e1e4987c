"""Reads MOVi's form as Kubric's users do: palette indices with Pillow, floats and 16 bits with OpenCV, JSON with Python."""
import json
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

root = Path(sys.argv[1]) / "folder" / "movi"
for clip in sorted(p for p in root.iterdir() if p.is_dir()):
    meta = json.loads((clip / "metadata.json").read_text())
    ranges = json.loads((clip / "data_ranges.json").read_text())
    width, height = meta["metadata"]["resolution"]
    frames = meta["metadata"]["num_frames"]
    flow = {}
    for t in range(frames):
        seg_image = Image.open(clip / f"segmentation_{t:05d}.png")
        assert seg_image.mode == "P", seg_image.mode
        seg = np.array(seg_image)
        assert seg.shape == (height, width)
        # Kubric's rule: label k is instances[k - 1].
        for k, instance in enumerate(meta["instances"]):
            assert instance["visibility"][t] == int((seg == k + 1).sum())
            ys, xs = np.nonzero(seg == k + 1)
            if t in instance["bbox_frames"]:
                box = instance["bboxes"][instance["bbox_frames"].index(t)]
                want = [ys.min() / height, xs.min() / width, (ys.max() + 1) / height, (xs.max() + 1) / width]
                assert np.allclose(box, want)
        depth = cv2.imread(str(clip / f"depth_{t:05d}.tiff"), cv2.IMREAD_UNCHANGED)
        assert depth.dtype == np.float32 and depth.shape == (height, width)
        assert depth[seg > 0].max() < 100 and depth.min() > 0
        # OpenCV has B, G, R: Kubric's first channel is the last.
        for name in ("forward_flow", "backward_flow"):
            code = cv2.imread(str(clip / f"{name}_{t:05d}.png"), cv2.IMREAD_UNCHANGED)
            assert code.dtype == np.uint16 and (code[..., 0] == 0).all()
            low, high = ranges[name]["min"], ranges[name]["max"]
            flow[name, t] = code[..., :0:-1] / 65535 * (high - low) + low
        rgba = cv2.imread(str(clip / f"rgba_{t:05d}.png"), cv2.IMREAD_UNCHANGED)
        assert rgba.shape == (height, width, 4) and (rgba[..., 3] == 255).all()
        normal = cv2.imread(str(clip / f"normal_{t:05d}.png"), cv2.IMREAD_UNCHANGED)[..., ::-1] / 32767.5 - 1
        assert abs(np.linalg.norm(normal[seg > 0], axis=-1) - 1).max() < 1e-3
    # Both flows point with the motion (down, right): the origin of an object that rolls shows it.
    moved = 0
    for k, instance in enumerate(meta["instances"]):
        (x0, y0), (x1, y1) = instance["image_positions"][:2]
        way = np.array([(y1 - y0) * height, (x1 - x0) * width])
        if np.linalg.norm(way) < 1:
            continue
        seg = np.array(Image.open(clip / "segmentation_00000.png"))
        later = np.array(Image.open(clip / "segmentation_00001.png"))
        if (seg == k + 1).sum() < 20 or (later == k + 1).sum() < 20:
            continue
        for mean in (flow["forward_flow", 0][seg == k + 1].mean(0), flow["backward_flow", 1][later == k + 1].mean(0)):
            assert mean @ way > 0.3 * (way @ way), (k, mean, way)
        moved += 1
    assert moved > 0
print("ok")
