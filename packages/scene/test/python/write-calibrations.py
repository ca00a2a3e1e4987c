"""Writes calibrations with cv2.FileStorage to a folder; prints JSON: [{files, points (OpenCV's camera 1), pixels (one list a camera)}]."""
import json
import os
import sys

import cv2
import numpy as np

folder = sys.argv[1]
k1 = np.array([[612.5, 0, 318.25], [0, 608.75, 251.5], [0, 0, 1]])
k2 = np.array([[598.0, 0, 325.0], [0, 601.0, 236.0], [0, 0, 1]])
plumb = np.array([[-0.21, 0.06, 1.1e-3, -7e-4, 0.012]])
prism = np.array([[0.4, 0.05, 1e-3, -5e-4, 2e-3, 0.7, 0.15, 0.01, 1e-3, -5e-4, 8e-4, 2e-4]])
brandt = np.array([[0.012, -0.004, 9e-4, -1e-4]])
rotation, _ = cv2.Rodrigues(np.array([0.02, -0.11, 0.03]))
shift = np.array([[-0.118], [0.004], [0.009]])
rng = np.random.default_rng(3)
z = rng.uniform(0.8, 6, 200)
points = np.stack([rng.uniform(-0.4, 0.4, 200) * z, rng.uniform(-0.3, 0.3, 200) * z, z], 1)
none = np.zeros(3)


def write(name, values):
    storage = cv2.FileStorage(os.path.join(folder, name), cv2.FILE_STORAGE_WRITE)
    for key, value in values.items():
        storage.write(key, value)
    storage.release()


def see(k, d, r=none, t=none):
    pixels, _ = cv2.projectPoints(points, r, t, k, d)
    return pixels.reshape(-1, 2).tolist()


size = {"image_width": 640, "image_height": 480}
out = []
for name, d in [("plumb.yml", plumb), ("prism.xml", prism)]:
    write(name, {**size, "camera_matrix": k1, "distortion_coefficients": d})
    out.append({"files": [name], "points": points.tolist(), "pixels": [see(k1, d)]})
write("fisheye.yml", {**size, "fisheye_model": 1, "camera_matrix": k2, "distortion_coefficients": brandt})
pixels, _ = cv2.fisheye.projectPoints(points.reshape(-1, 1, 3), none, none, k2, brandt)
out.append({"files": ["fisheye.yml"], "points": points.tolist(), "pixels": [pixels.reshape(-1, 2).tolist()]})
both = {"M1": k1, "D1": plumb, "M2": k2, "D2": prism}
pose = {"R": rotation, "T": shift}
pair = [see(k1, plumb), see(k2, prism, cv2.Rodrigues(rotation)[0], shift)]
write("stereo.yml", {**size, **both, **pose})
out.append({"files": ["stereo.yml"], "points": points.tolist(), "pixels": pair})
write("intrinsics.xml", {**size, **both})
write("extrinsics.yml", pose)
out.append({"files": ["intrinsics.xml", "extrinsics.yml"], "points": points.tolist(), "pixels": pair})
json.dump(out, sys.stdout)
