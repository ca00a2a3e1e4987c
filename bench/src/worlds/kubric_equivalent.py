"""MOVi-A as Kubric makes it, with Blender's and Bullet's own modules alone: one clip from the first states of its objects to Kubric's files.

python kubric_equivalent.py CLIP.json OUT [--spp 64] [--no-denoise] [--frames 24]
python kubric_equivalent.py CLIP.json OUT --still FRAME --spp 64 --seed 1 [--no-denoise]

CLIP.json is `{scene, poses}`: a Diorama scene, and poses of its objects at the frame of `--still`, so that both renderers see one picture. The steps are those of
challenges/movi/movi_ab_worker.py (commit 0ee21e2): Bullet at 240 Hz with every contact point read in every step, keyframes on every frame, Cycles at 64 samples, denoised, without
adaptive sampling and without data kept between frames, a second view layer of one sample for the labels, EXR and PNG of each frame written, read back, turned into Kubric's layers
and written. What Kubric leaves at Blender's defaults is left at them. Prints one JSON line; needs bpy, pybullet, numpy, OpenEXR, pypng.
"""
import time
begin = time.perf_counter()
import argparse, json, os, struct, sys
import bpy
import numpy as np
import OpenEXR
import png
import pybullet as pb

p = argparse.ArgumentParser()
p.add_argument("clip")
p.add_argument("out")
p.add_argument("--spp", type=int, default=64)
p.add_argument("--seed", type=int, default=0)
p.add_argument("--frames", type=int, default=24)
p.add_argument("--no-denoise", action="store_true")
p.add_argument("--still", type=int)
a = p.parse_args()
clip = json.load(open(a.clip))
S = clip["scene"]
FPS, STEPS = S["fps"], 240 // S["fps"]
W, H = S["cameras"][0]["resolution"]
os.makedirs(a.out, exist_ok=True)
saved = os.dup(1); os.dup2(2, 1)  # Blender prints progress to stdout; keep that for the result
wxyz = lambda q: (q[3], q[0], q[1], q[2])


def simulate():
    """Poses of every object on every frame from one before the first to one after the last, and all contact points."""
    pb.connect(pb.DIRECT)
    pb.setPhysicsEngineParameter(restitutionVelocityThreshold=0.0, warmStartingFactor=0.0, useSplitImpulse=True, contactSlop=0.0,
                                 enableConeFriction=False, deterministicOverlappingPairs=True)
    pb.setGravity(*S["gravity"])
    bodies = {}
    for o in S["objects"]:
        kind, s, body = S["geometries"][o["geometry"]]["shape"], o["scale"][0], o["body"]
        if kind == "plane":
            shape, at, mass = pb.createCollisionShape(pb.GEOM_BOX, halfExtents=[s / 2, s / 2, 0.5]), (0, 0, -0.5), 0
        else:
            at = o["position"]
            shape = {
                "cube": lambda: pb.createCollisionShape(pb.GEOM_BOX, halfExtents=[s / 2] * 3),
                "sphere": lambda: pb.createCollisionShape(pb.GEOM_SPHERE, radius=s / 2),
                "cylinder": lambda: pb.createCollisionShape(pb.GEOM_CYLINDER, radius=s / 2, height=s),
            }[kind]()
            mass = body["density"] * s**3 * {"cube": 1, "sphere": np.pi / 6, "cylinder": np.pi / 4}[kind]
        i = pb.createMultiBody(mass, shape, -1, at, o["rotation"], useMaximalCoordinates=True)
        pb.changeDynamics(i, -1, contactProcessingThreshold=0, lateralFriction=body["friction"], restitution=body["restitution"])
        if mass:
            pb.resetBaseVelocity(i, body["velocity"], body["angularVelocity"])
        bodies[o["id"]] = i
    animation, collisions = {k: [] for k in bodies}, []
    owner = {i: k for k, i in bodies.items()}
    for step in range((a.frames + 2) * STEPS):
        for c in pb.getContactPoints():
            if c[9] > 1e-6:
                collisions.append({"instances": [owner[c[2]], owner[c[1]]], "position": c[6], "contact_normal": c[7], "frame": step / STEPS, "force": c[9]})
        if step % STEPS == 0:
            for k, i in bodies.items():
                animation[k].append((*pb.getBasePositionAndOrientation(i), *pb.getBaseVelocity(i)))
        pb.stepSimulation()
    return animation, collisions


def shape_of(kind):
    if kind == "plane":
        bpy.ops.mesh.primitive_plane_add(size=1)
    elif kind == "cube":
        bpy.ops.mesh.primitive_cube_add(size=1)
    elif kind == "sphere":
        bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=6, radius=0.5)
        bpy.ops.object.shade_smooth()
    else:
        bpy.ops.mesh.primitive_cylinder_add(vertices=64, radius=0.5, depth=1)
        bpy.ops.object.shade_smooth_by_angle(angle=0.7)
    return bpy.context.active_object


def build():
    """The Blender scene, its objects by id."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cy = scene.cycles
    cy.device, cy.samples, cy.seed = "CPU", a.spp, a.seed
    cy.use_adaptive_sampling = False
    cy.use_denoising = not a.no_denoise
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = W, H, 100
    scene.render.fps, scene.frame_start, scene.frame_end = FPS, 1, a.frames
    materials = {}
    for name, m in S["materials"].items():
        mat = bpy.data.materials.new(name)
        mat.use_nodes = True
        inputs = mat.node_tree.nodes["Principled BSDF"].inputs
        inputs["Base Color"].default_value = (*m["baseColor"], 1)
        for socket, value in {"Metallic": m["metallic"], "Roughness": m["roughness"], "IOR": m["ior"], "Specular IOR Level": 0.5 * m["specular"]}.items():
            inputs[socket].default_value = value
        materials[name] = mat
    objects = {}
    for o in S["objects"]:
        ob = shape_of(S["geometries"][o["geometry"]]["shape"])
        ob.name, ob.rotation_mode, ob.scale, ob.active_material = f"{o['id']}", "QUATERNION", o["scale"], materials[o["material"]]
        ob.location, ob.rotation_quaternion = o["position"], wxyz(o["rotation"])
        objects[o["id"]] = ob
    for l in S["lights"]:
        li = bpy.data.lights.new(l["name"], {"sun": "SUN", "area": "AREA"}[l["type"]])
        li.color = l["color"]
        if l["type"] == "sun":
            li.energy, li.angle = l["irradiance"], l["angle"]
        else:
            li.energy, li.shape = l["power"], "RECTANGLE"
            li.size, li.size_y = l["size"]
        ob = bpy.data.objects.new(l["name"], li)
        scene.collection.objects.link(ob)
        ob.rotation_mode, ob.rotation_quaternion, ob.visible_camera = "QUATERNION", wxyz(l["rotation"]), False
        if "position" in l:
            ob.location = l["position"]
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs["Color"].default_value = (*S["environment"]["light"]["color"], 1)
    c = S["cameras"][0]
    camera = bpy.data.cameras.new("camera")
    camera.sensor_fit, camera.lens, camera.sensor_width, camera.clip_end = "HORIZONTAL", c["focalLength"], c["sensorWidth"], 1000
    scene.camera = bpy.data.objects.new("camera", camera)
    scene.collection.objects.link(scene.camera)
    scene.camera.rotation_mode, scene.camera.location, scene.camera.rotation_quaternion = "QUATERNION", c["position"], wxyz(c["rotation"])
    return scene, objects


def add_label_layer(scene):
    """Kubric's second view layer: one sample, every material replaced, the passes that become labels."""
    mat = bpy.data.materials.new("labels")
    mat.use_nodes = True
    tree = mat.node_tree
    aov, coordinates = tree.nodes.new("ShaderNodeOutputAOV"), tree.nodes.new("ShaderNodeTexCoord")
    aov.aov_name = "ObjectCoordinates"
    tree.links.new(coordinates.outputs["Generated"], aov.inputs["Color"])
    main = scene.view_layers[0]
    main.name, main.use_pass_z = "Main", True
    aux = scene.view_layers.new("Aux")
    aux.samples, aux.material_override, aux.cycles.use_denoising = 1, mat, False
    aux.use_pass_vector = aux.use_pass_normal = aux.use_pass_uv = aux.use_pass_cryptomatte_object = True
    aux.use_pass_combined = False
    aux.pass_cryptomatte_depth = 2
    layer = aux.aovs.add()
    layer.name, layer.type = "ObjectCoordinates", "COLOR"


def format_of(scene, kind):
    image = scene.render.image_settings
    image.media_type = "IMAGE" if kind == "PNG" else "MULTI_LAYER_IMAGE"
    image.file_format = kind
    image.color_depth = "8" if kind == "PNG" else "32"
    if kind == "PNG":
        image.color_mode = "RGBA"


def channels(path):
    with OpenEXR.File(path, separate_channels=True) as f:
        out = {}
        for part in f.parts:
            for name, channel in part.channels.items():
                out[name] = np.array(channel.pixels, np.float32)
        manifest = next(json.loads(v) for part in f.parts for k, v in part.header.items() if k.startswith("cryptomatte") and k.endswith("manifest"))
        return out, manifest


def layers_of(path, rgba, distance):
    """Kubric's layers of one frame from its EXR."""
    c, manifest = channels(path)
    get = lambda prefix, names: np.stack([c[f"{prefix}.{n}"] for n in names], -1)
    r, g, b, w = (c[f"Aux.Vector.{n}"] for n in "XYZW")
    ids = c["Aux.CryptoObject00.r"].view(np.uint32)
    segmentation = np.zeros(ids.shape, np.uint32)
    for name, code in manifest.items():
        if name.isdigit():
            segmentation[ids == int(code, 16)] = int(name)
    normal = get("Aux.Normal", "XYZ")
    coordinates = get("Aux.ObjectCoordinates", "RGB")
    return {
        "rgba": rgba,
        "segmentation": segmentation,
        "backward_flow": np.stack([g, -r], -1),
        "forward_flow": np.stack([w, -b], -1),
        "depth": c["Main.Depth.Z"] * distance,
        "normal": ((normal.clip(-1, 1) + 1) * 65535 / 2).astype(np.uint16),
        "object_coordinates": (coordinates.clip(0, 1) * 65535).astype(np.uint16),
    }


def write_png(path, data, bits, palette=None):
    h, w = data.shape[:2]
    channels = 1 if data.ndim == 2 else data.shape[2]
    kind = {"palette": palette} if palette else {"greyscale": False, "alpha": channels == 4}
    with open(path, "wb") as f:
        png.Writer(w, h, bitdepth=bits, **kind).write(f, data.reshape(h, w * channels).tolist())


def write_tiff(path, data):
    """One float32 channel, uncompressed."""
    h, w = data.shape
    tags = [(256, 3, w), (257, 3, h), (258, 3, 32), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 4, h), (279, 4, 4 * w * h), (339, 3, 3)]
    body = data.astype("<f4").tobytes()
    with open(path, "wb") as f:
        f.write(struct.pack("<2sHI", b"II", 42, 8 + len(body)) + body + struct.pack("<H", len(tags)))
        for tag, kind, value in tags:
            f.write(struct.pack("<HHII", tag, kind, 1, value))
        f.write(struct.pack("<I", 0))


def write(stack, scene, animation, collisions):
    """Kubric's write_image_dict, boxes, metadata.json and events.json."""
    ranges = {}
    for name in ["forward_flow", "backward_flow"]:
        flow = np.stack([f[name] for f in stack])
        low, high = float(flow.min()), float(flow.max())
        ranges[name] = {"min": low, "max": high}
        scaled = ((flow - low) * 65535 / max(high - low, 1e-9)).astype(np.uint16)
        for i, f in enumerate(scaled):
            write_png(f"{a.out}/{name}_{i:05d}.png", np.concatenate([f, np.zeros((H, W, 1), np.uint16)], -1), 16)
    palette = [(0, 0, 0)] + [(37 * k % 256, 91 * k % 256, 151 * k % 256) for k in range(1, 256)]
    for i, f in enumerate(stack):
        write_png(f"{a.out}/rgba_{i:05d}.png", f["rgba"], 8)
        write_png(f"{a.out}/segmentation_{i:05d}.png", f["segmentation"].astype(np.uint8), 8, palette)
        write_png(f"{a.out}/normal_{i:05d}.png", f["normal"], 16)
        write_png(f"{a.out}/object_coordinates_{i:05d}.png", f["object_coordinates"], 16)
        write_tiff(f"{a.out}/depth_{i:05d}.tiff", f["depth"])
    instances = []
    for o in S["objects"]:
        if o["isBackground"]:
            continue
        boxes = []
        for i, f in enumerate(stack):
            y, x = np.nonzero(f["segmentation"] == o["id"])
            if len(y):
                boxes.append({"frame": i, "box": [y.min() / H, x.min() / W, (y.max() + 1) / H, (x.max() + 1) / W], "pixels": len(y)})
        position, rotation, velocity, spin = zip(*animation[o["id"]][1 : a.frames + 1])
        instances.append({"positions": position, "quaternions": rotation, "velocities": velocity, "angular_velocities": spin, "bboxes": boxes, **o["metadata"]})
    json.dump(ranges, open(f"{a.out}/data_ranges.json", "w"))
    json.dump({"metadata": {"resolution": [W, H], "frame_rate": FPS}, "instances": instances}, open(f"{a.out}/metadata.json", "w"), indent=4, default=float)
    json.dump({"collisions": collisions}, open(f"{a.out}/events.json", "w"), indent=4)


bpy.ops.wm.read_factory_settings(use_empty=True)
# What every process pays before it knows of a clip.
marks = {"start": (time.process_time(), time.perf_counter() - begin)}
scene, objects = build()
result = {"version": bpy.app.version_string}
if a.still is not None:
    for k, pose in clip["poses"].items():
        objects[int(k)].location, objects[int(k)].rotation_quaternion = pose["position"], wxyz(pose["rotation"])
    format_of(scene, "OPEN_EXR_MULTILAYER")
    scene.render.filepath = f"{a.out}/still.exr"
    bpy.ops.render.render(write_still=True)
    marks["written"] = (time.process_time(), time.perf_counter() - begin)
    c, = [OpenEXR.File(scene.render.filepath, separate_channels=True).parts[0].channels]
    picture = np.stack([next(v.pixels for k, v in c.items() if k.endswith(f"Combined.{n}")) for n in "RGB"], -1)
    result["file"] = f"{a.out}/still-{a.spp}-{a.seed}{'-plain' if a.no_denoise else ''}.npy"
    np.save(result["file"], picture.astype(np.float32))
else:
    add_label_layer(scene)
    animation, collisions = simulate()
    for k, states in animation.items():
        for frame, (position, rotation, _, _) in enumerate(states):
            objects[k].location, objects[k].rotation_quaternion = position, wxyz(rotation)
            objects[k].keyframe_insert("location", frame=frame)
            objects[k].keyframe_insert("rotation_quaternion", frame=frame)
    marks["built"] = (time.process_time(), time.perf_counter() - begin)
    c = S["cameras"][0]
    pixel = c["sensorWidth"] / W
    x, y = np.meshgrid((np.arange(W) + 0.5 - W / 2) * pixel, (np.arange(H) + 0.5 - H / 2) * pixel)
    distance = np.sqrt(1 + (x * x + y * y) / c["focalLength"] ** 2)
    files = []
    for frame in range(1, a.frames + 1):
        scene.frame_set(frame)
        exr, picture = f"{a.out}/frame_{frame:04d}.exr", f"{a.out}/frame_{frame:04d}.png"
        format_of(scene, "OPEN_EXR_MULTILAYER")
        scene.render.filepath = exr
        bpy.ops.render.render(write_still=True)
        format_of(scene, "PNG")
        bpy.data.images["Render Result"].save_render(picture, scene=scene)
        files.append((exr, picture))
        marks.setdefault("first", (time.process_time(), time.perf_counter() - begin))
    marks["rendered"] = (time.process_time(), time.perf_counter() - begin)
    stack = []
    for exr, picture in files:
        w, h, rows, _ = png.Reader(filename=picture).asRGBA8()
        stack.append(layers_of(exr, np.vstack([np.frombuffer(bytes(r), np.uint8) for r in rows]).reshape(h, w, 4), distance))
    write(stack, scene, animation, collisions)
    marks["written"] = (time.process_time(), time.perf_counter() - begin)
    # What a frame costs that has hardly a sample is in every frame; boxes and files show that the labels are there.
    result["visible"] = sorted({int(k) for f in stack for k in np.unique(f["segmentation"])} - {0})
os.dup2(saved, 1)
print(json.dumps({**result, "marks": {k: {"cpuSeconds": cpu, "wallSeconds": wall} for k, (cpu, wall) in marks.items()}}))
