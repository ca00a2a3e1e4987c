"""Models in their poses, drawn by cam_K alone: silhouettes are the masks but for pixels on the outline, depth is the depth map to a millimetre."""
import json, pathlib, struct, sys
import cv2
import numpy as np

root = pathlib.Path(sys.argv[1])


def load_ply(path):
    head, body = path.read_bytes().split(b"end_header\n", 1)
    lines = head.decode().splitlines()
    n, m = (int(next(l for l in lines if l.startswith(f"element {k} ")).split()[-1]) for k in ("vertex", "face"))
    names = [l.split()[-1] for l in lines if l.startswith("property float")]
    points = np.frombuffer(body, "<f4", n * len(names)).reshape(n, -1)
    faces = np.frombuffer(body, np.dtype([("n", "u1"), ("i", "<u4", 3)]), m, 4 * n * len(names))
    assert names == ["x", "y", "z", "nx", "ny", "nz"] and (faces["n"] == 3).all()
    return points.astype(float), faces["i"].astype(int)


def draw(points, faces, K, size):
    """Depth in millimetres of triangles in the camera's frame, through pixel centres at whole numbers; inf where there is none."""
    h, w = size
    out = np.full(size, np.inf)
    uv = points @ K.T
    uv = uv[:, :2] / uv[:, 2:]
    for f in faces:
        a, b, c = uv[f]
        x0, y0 = np.maximum(np.ceil(uv[f].min(0)), 0).astype(int)
        x1, y1 = np.minimum(np.floor(uv[f].max(0)), (w - 1, h - 1)).astype(int)
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if x1 < x0 or y1 < y0 or area == 0:
            continue
        x, y = np.meshgrid(np.arange(x0, x1 + 1), np.arange(y0, y1 + 1))
        p = ((b[0] - x) * (c[1] - y) - (b[1] - y) * (c[0] - x)) / area
        q = ((c[0] - x) * (a[1] - y) - (c[1] - y) * (a[0] - x)) / area
        r = 1 - p - q
        z = 1 / (p / points[f[0], 2] + q / points[f[1], 2] + r / points[f[2], 2])
        cell = out[y0 : y1 + 1, x0 : x1 + 1]
        cell[:] = np.where((p >= 0) & (q >= 0) & (r >= 0), np.minimum(cell, z), cell)
    return out


def box(mask):
    ys, xs = mask.nonzero()
    return [xs.min(), ys.min(), xs.max() - xs.min(), ys.max() - ys.min()] if len(xs) else [-1] * 4


infos = json.loads((root / "models/models_info.json").read_text())
models = {int(i): load_ply(root / f"models/obj_{int(i):06d}.ply") for i in infos}
for i, (points, _) in models.items():
    low, high = points[:, :3].min(0), points[:, :3].max(0)
    info = infos[str(i)]
    assert np.allclose(low + high, 0, atol=1e-3), "the origin is the middle"
    assert np.allclose([info[f"min_{a}"] for a in "xyz"], low, atol=1e-3) and np.allclose([info[f"size_{a}"] for a in "xyz"], high - low, atol=1e-3)
    some = points[:: max(1, len(points) // 700), :3]
    pairs = np.sqrt(((points[:, None, :3] - some[None]) ** 2).sum(-1)).max()
    assert pairs - 1e-3 <= info["diameter"] <= np.linalg.norm(high - low) + 1e-3
    assert info["diameter"] >= np.sqrt(((points[:, None, :3] - points[None, np.argsort(-np.linalg.norm(points[:, :3], axis=1))[:200], :3]) ** 2).sum(-1)).max() - 1e-3

count = 0
for scene in sorted((root / "train_pbr").iterdir()):
    for cam in ("_cam1", "_cam2"):
        cameras, truth, told = (json.loads((scene / f"scene_{k}{cam}.json").read_text()) for k in ("camera", "gt", "gt_info"))
        for im, camera in cameras.items():
            K = np.array(camera["cam_K"]).reshape(3, 3)
            raw = cv2.imread(str(scene / f"depth{cam}/{int(im):06d}.png"), cv2.IMREAD_UNCHANGED)
            assert raw.dtype == np.uint16 and cv2.imread(str(scene / f"rgb{cam}/{int(im):06d}.png")).shape == (*raw.shape, 3)
            depth = raw * camera["depth_scale"]
            shown = np.zeros(raw.shape, int)
            for k, (gt, info) in enumerate(zip(truth[im], told[im], strict=True)):
                mask, visib = (cv2.imread(str(scene / f"{m}{cam}/{int(im):06d}_{k:06d}.png"), cv2.IMREAD_UNCHANGED) for m in ("mask", "mask_visib"))
                assert set(np.unique(mask)) <= {0, 255} and mask.dtype == np.uint8 and not (visib & ~mask).any()
                R, t = np.array(gt["cam_R_m2c"]).reshape(3, 3), np.array(gt["cam_t_m2c"])
                assert np.allclose(R @ R.T, np.eye(3), atol=1e-6) and np.linalg.det(R) > 0
                points, faces = models[gt["obj_id"]]
                drawn = draw(points[:, :3] @ R.T + t, faces, K, raw.shape)
                # Another renderer may tell the pixels on an outline otherwise: within one pixel of it, and only few.
                other = (mask > 0) != np.isfinite(drawn)
                near = cv2.dilate(mask, np.ones((3, 3), np.uint8)) != cv2.erode(mask, np.ones((3, 3), np.uint8))
                assert not (other & ~near).any() and other.sum() <= 2 + 0.02 * (mask > 0).sum(), (scene, k, other.sum())
                both = (visib > 0) & np.isfinite(drawn)
                assert np.abs(drawn - depth)[both].max(initial=0) < 1, (scene, k, np.abs(drawn - depth)[both].max())
                assert info["px_count_visib"] == (visib > 0).sum() and info["bbox_visib"] == box(visib)
                assert info["px_count_valid"] == ((mask > 0) & (raw > 0)).sum() and info["px_count_all"] >= (mask > 0).sum()
                assert abs(info["visib_fract"] - info["px_count_visib"] / info["px_count_all"]) < 1e-12
                if info["px_count_visib"] > 0:
                    x, y, w, h = info["bbox_obj"]
                    bx, by, bw, bh = box(mask)
                    inside = bx > 0 and by > 0 and bx + bw < raw.shape[1] - 1 and by + bh < raw.shape[0] - 1
                    assert [x, y, w, h] == [bx, by, bw, bh] if inside else (x <= bx and y <= by and x + w >= bx + bw and y + h >= by + bh)
                shown += visib > 0
                count += (visib > 0).any()
            assert shown.max() == 1
assert count > 20
print("ok", count, "objects")
