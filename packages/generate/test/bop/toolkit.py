"""BOP's toolkit loads models, cameras, truth, pictures and masks, and its own count of boxes and visibility is ours."""
import pathlib, sys
import numpy as np
from bop_toolkit_lib import inout, misc

root = pathlib.Path(sys.argv[1])
infos = inout.load_json(str(root / "models/models_info.json"), keys_to_int=True)
for i, info in infos.items():
    model = inout.load_ply(str(root / f"models/obj_{i:06d}.ply"))
    assert {"pts", "normals", "faces"} <= set(model)
    if len(model["pts"]) < 4000:
        assert abs(misc.calc_pts_diameter(model["pts"]) - info["diameter"]) < 1e-3
scene = root / "train_pbr/000000"
camera = inout.load_scene_camera(str(scene / "scene_camera_cam1.json"))
truth = inout.load_scene_gt(str(scene / "scene_gt_cam1.json"))
told = inout.load_json(str(scene / "scene_gt_info_cam1.json"), keys_to_int=True)
depth = inout.load_depth(str(scene / "depth_cam1/000000.png")) * camera[0]["depth_scale"]
assert inout.load_im(str(scene / "rgb_cam1/000000.png")).shape == (*depth.shape, 3)
for k, gt in enumerate(truth[0]):
    visib = inout.load_im(str(scene / f"mask_visib_cam1/000000_{k:06d}.png"))
    ys, xs = visib.nonzero()
    if len(xs):
        assert list(misc.calc_2d_bbox(xs, ys)) == told[0][k]["bbox_visib"]
    # The origin of the model, through the toolkit's own projection, is where the object is.
    u, v = misc.project_pts(np.zeros((1, 3)), camera[0]["cam_K"], gt["cam_R_m2c"], gt["cam_t_m2c"])[0]
    x, y, w, h = told[0][k]["bbox_obj"]
    assert told[0][k]["px_count_visib"] == 0 or (x - 1 <= u <= x + w + 1 and y - 1 <= v <= y + h + 1)
print("ok", len(infos), "models", len(truth[0]), "objects")
