"""Projects points with OpenCV. Reads a JSON list of {fx, fy, cx, cy, position, rotation, points}; writes a list of [u, v] lists in our raster."""
import json
import sys

import cv2
import numpy as np


def matrix(q):
    x, y, z, w = q
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])


out = []
for view in json.load(sys.stdin):
    # OpenCV: x right, y down, z forward; its first pixel centre is (0, 0).
    rotation = np.diag([1.0, -1.0, -1.0]) @ matrix(view["rotation"]).T
    translation = -rotation @ np.array(view["position"])
    k = np.array([[view["fx"], 0, view["cx"] - 0.5], [0, view["fy"], view["cy"] - 0.5], [0, 0, 1]])
    points = np.array(view["points"], dtype=np.float64).reshape(-1, 1, 3)
    image, _ = cv2.projectPoints(points, cv2.Rodrigues(rotation)[0], translation, k, np.zeros(5))
    out.append((image.reshape(-1, 2) + 0.5).tolist())
json.dump(out, sys.stdout)
