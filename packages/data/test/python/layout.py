"""Reads the folder layout with NumPy alone (PNG by its specification) and checks it against itself by formula."""
import json, pathlib, struct, sys, zlib
import numpy as np


def png(path):
    b = path.read_bytes()
    at, data = 8, b""
    while at < len(b):
        n, kind = struct.unpack(">I4s", b[at : at + 8])
        body = b[at + 8 : at + 8 + n]
        if kind == b"IHDR":
            w, h, depth, colour = struct.unpack(">IIBB", body[:10])
        if kind == b"IDAT":
            data += body
        at += 12 + n
    c, size = {0: 1, 2: 3, 6: 4}[colour], depth // 8
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(h, 1 + w * c * size).astype(int)
    out, step = np.zeros((h, w * c * size), int), c * size
    for y in range(h):
        kind, line = rows[y, 0], rows[y, 1:]
        up = out[y - 1] if y else np.zeros_like(line)
        for x in range(len(line)):
            a = out[y, x - step] if x >= step else 0
            ul = up[x - step] if x >= step else 0
            p = a + up[x] - ul
            pa, pb, pc = abs(p - a), abs(p - up[x]), abs(p - ul)
            paeth = a if pa <= pb and pa <= pc else up[x] if pb <= pc else ul
            out[y, x] = (line[x] + [0, a, up[x], (a + up[x]) // 2, paeth][kind]) & 255
    return out.astype(np.uint8).view(">u2" if size == 2 else np.uint8).reshape(h, w, c).astype(np.uint16 if size == 2 else np.uint8)


root = pathlib.Path(sys.argv[1]) / "folder"
dataset = json.loads((root / "dataset.json").read_text())
assert [s["index"] for s in dataset["samples"]] == [0, 1]
specs = {s["name"]: s for s in dataset["layers"]}
for entry in dataset["samples"]:
    folder = root / entry["path"]
    sample = json.loads((folder / "sample.json").read_text())
    camera = sample["cameras"][0]
    for f in range(sample["frames"]):
        depth = np.load(folder / f"depth/{f:05d}.npz")["data"]
        distance = np.load(folder / f"distance/{f:05d}.npz")["data"]
        flow = np.load(folder / f"flow-forward/{f:05d}.npz")["data"]
        h, w = depth.shape
        assert depth.dtype == np.float32 and flow.shape == (h, w, 2) and flow.dtype == np.float32
        x = (np.arange(w) + 0.5 - camera["cx"][f]) / camera["fx"][f]
        y = (np.arange(h)[:, None] + 0.5 - camera["cy"][f]) / camera["fy"][f]
        seen = np.isfinite(depth)
        assert np.allclose((depth * np.sqrt(1 + x**2 + y**2))[seen], distance[seen], rtol=1e-6)
        seg = png(folder / f"segmentation/{f:05d}.png")[..., 0]
        normal = png(folder / f"normal/{f:05d}.png") * specs["normal"]["scale"] + specs["normal"]["offset"]
        assert np.allclose(np.linalg.norm(normal, axis=-1)[seen], 1, atol=1e-4) and np.abs(normal[~seen]).max() < 1e-9
        for i in sample["instances"]:
            assert (seg == i["id"]).sum() == i["visiblePixels"][f]
            assert np.shape(i["positions"]) == (sample["frames"], 3) and np.shape(i["boxes3d"]) == (sample["frames"], 8, 3)
print("ok", dataset["totals"])
