"""Reads {fx, fy, cx, cy, lens, rotation (world from camera, row-major), position, points} as JSON lines, writes cv2's pixels: one line of [u, v] pairs each.

OpenCV's camera is +X right, +Y down, +Z forward, and the centre of its first pixel is (0, 0).
"""
import json
import sys

import cv2
import numpy as np

flip = np.diag([1.0, -1.0, -1.0])
for line in sys.stdin:
    c = json.loads(line)
    world_from_camera = np.array(c["rotation"], np.float64).reshape(3, 3)
    camera_from_world = flip @ world_from_camera.T
    t = -camera_from_world @ np.array(c["position"], np.float64)
    k = np.array([[c["fx"], 0, c["cx"] - 0.5], [0, c["fy"], c["cy"] - 0.5], [0, 0, 1]])
    r, _ = cv2.Rodrigues(camera_from_world)
    points = np.array(c["points"], np.float64).reshape(-1, 1, 3)
    lens = c.get("lens")
    if lens is None:
        pixels, _ = cv2.projectPoints(points, r, t, k, None)
    elif lens["model"] == "brown-conrady":
        # OpenCV's order: k1 k2 p1 p2 k3 k4 k5 k6 s1 s2 s3 s4.
        d = np.array(lens["k"][:2] + lens["p"] + lens["k"][2:] + lens["s"])
        pixels, _ = cv2.projectPoints(points, r, t, k, d)
    else:
        pixels, _ = cv2.fisheye.projectPoints(points, r, t, k, np.array(lens["k"]))
    print(json.dumps(pixels.reshape(-1, 2).tolist()))
