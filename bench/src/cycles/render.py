"""Renders a scene folder written by export.ts with Cycles and prints one JSON line: times, and where the pictures are.

python render.py FOLDER --spp 16 64 [--threads 1] [--seed 0] [--bounces 12]
The first result, of one sample, is what every render pays besides its samples: synchronisation and kernel start, data kept between renders.
Pictures are linear float32 RGB, saved as FOLDER/cycles-<spp>-<seed>.npy, row 0 at the top.
"""
import argparse, json, os, sys, time
import numpy as np
import bpy

p = argparse.ArgumentParser()
p.add_argument("folder")
p.add_argument("--spp", type=int, nargs="+", default=[16, 64])
p.add_argument("--threads", type=int, default=1)
p.add_argument("--seed", type=int, default=0)
p.add_argument("--bounces", type=int, default=12)
a = p.parse_args()
S = json.load(open(os.path.join(a.folder, "scene.json")))

bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.engine = "CYCLES"
cy = scene.cycles
cy.device = "CPU"
cy.use_adaptive_sampling = False
cy.use_denoising = False
cy.max_bounces = a.bounces
cy.diffuse_bounces = a.bounces
cy.glossy_bounces = a.bounces
cy.transmission_bounces = a.bounces
cy.sample_clamp_indirect = 10.0
cy.pixel_filter_type = "BLACKMAN_HARRIS"
cy.filter_width = S["filterWidth"] / 2  # Cycles doubles it for this filter (scene/film.cpp)
cy.blur_glossy = 0.0
cy.caustics_reflective = True
cy.caustics_refractive = True
scene.render.threads_mode = "FIXED"
scene.render.threads = a.threads
scene.render.use_persistent_data = True
W, H = S["camera"]["resolution"]
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = W, H, 100
scene.view_settings.view_transform = "Raw"
scene.render.image_settings.file_format = "OPEN_EXR"
scene.render.image_settings.color_depth = "32"
scene.render.image_settings.color_mode = "RGB"

images = {}
def image(name, srgb):
    key = (name, srgb)
    if key not in images:
        im = bpy.data.images.load(os.path.abspath(os.path.join(a.folder, name)))
        im.colorspace_settings.name = "sRGB" if srgb else "Non-Color"
        images[key] = im
    return images[key]

def material(name, m):
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    nodes, links = mat.node_tree.nodes, mat.node_tree.links
    bsdf = nodes["Principled BSDF"]
    def put(socket, value, srgb=False, color=False):
        if isinstance(value, dict):
            tex = nodes.new("ShaderNodeTexImage")
            tex.image = image(value["file"], srgb)
            uv = nodes.new("ShaderNodeUVMap")
            mapping = nodes.new("ShaderNodeMapping")
            sx, sy = m.get("uvScale", [1, 1])
            mapping.inputs["Scale"].default_value = (sx, sy, 1)
            links.new(uv.outputs["UV"], mapping.inputs["Vector"])
            links.new(mapping.outputs["Vector"], tex.inputs["Vector"])
            out = tex.outputs["Color"]
            if not color:
                sep = nodes.new("ShaderNodeSeparateColor")
                links.new(out, sep.inputs["Color"])
                out = sep.outputs[{"r": "Red", "g": "Green", "b": "Blue"}[value.get("channel", "r")]]
            links.new(out, bsdf.inputs[socket])
        else:
            bsdf.inputs[socket].default_value = (*value, 1) if color else value
    put("Base Color", m["baseColor"], True, True)
    put("Metallic", m["metallic"])
    put("Roughness", m["roughness"])
    bsdf.inputs["IOR"].default_value = m["ior"]
    bsdf.inputs["Transmission Weight"].default_value = m["transmission"]
    if not isinstance(m["emission"], dict) and max(m["emission"]) > 0:
        bsdf.inputs["Emission Color"].default_value = (*m["emission"], 1)
        bsdf.inputs["Emission Strength"].default_value = m["emissionStrength"]
    return mat

mats = {k: material(k, m) for k, m in S["materials"].items()}
meshes = {}
def mesh(key, matname):
    k = (key, matname)
    if k in meshes:
        return meshes[k]
    d = np.load(os.path.join(a.folder, key + ".npz"))
    P, I = d["positions"].reshape(-1, 3), d["indices"].reshape(-1, 3)
    me = bpy.data.meshes.new(key)
    me.vertices.add(len(P)); me.vertices.foreach_set("co", P.astype(np.float32).ravel())
    me.loops.add(I.size); me.loops.foreach_set("vertex_index", I.astype(np.int32).ravel())
    me.polygons.add(len(I)); me.polygons.foreach_set("loop_start", np.arange(0, I.size, 3, dtype=np.int32))
    if "uvs" in d:
        layer = me.uv_layers.new(name="UVMap")
        layer.data.foreach_set("uv", d["uvs"].reshape(-1, 2)[I.ravel()].astype(np.float32).ravel())
    me.update(calc_edges=True)
    me.validate()
    if "normals" in d:
        me.normals_split_custom_set_from_vertices(d["normals"].reshape(-1, 3).tolist())
    me.materials.append(mats[matname])
    meshes[k] = me
    return me

for o in S["objects"]:
    ob = bpy.data.objects.new(o["name"], mesh(o["mesh"], o["material"]))
    scene.collection.objects.link(ob)
    ob.rotation_mode = "QUATERNION"
    x, y, z, w = o["rotation"]
    ob.location, ob.rotation_quaternion, ob.scale = o["position"], (w, x, y, z), o["scale"]

for l in S["lights"]:
    kind = {"sun": "SUN", "area": "AREA", "point": "POINT"}[l["type"]]
    li = bpy.data.lights.new(l["name"], kind)
    li.color = l["color"]
    if kind == "SUN":
        li.energy, li.angle = l["irradiance"], l["angle"]
    elif kind == "AREA":
        li.energy, li.shape = l["power"], "RECTANGLE" if l["shape"] == "rectangle" else "ELLIPSE"
        li.size, li.size_y = l["size"]
    else:
        li.energy, li.shadow_soft_size = l["power"], l["radius"]
    ob = bpy.data.objects.new(l["name"], li)
    scene.collection.objects.link(ob)
    ob.rotation_mode = "QUATERNION"
    if "position" in l:
        ob.location = l["position"]
    if "rotation" in l:
        x, y, z, w = l["rotation"]
        ob.rotation_quaternion = (w, x, y, z)
    ob.visible_camera = bool(l.get("visible", False))

world = bpy.data.worlds.new("world")
scene.world = world
world.use_nodes = True
bg = world.node_tree.nodes["Background"]
bg.inputs["Color"].default_value = (0, 0, 0, 1)
if S.get("environment"):
    tex = world.node_tree.nodes.new("ShaderNodeTexEnvironment")
    d = np.load(os.path.join(a.folder, "environment.npy"))
    im = bpy.data.images.new("env", d.shape[1], d.shape[0], float_buffer=True, alpha=True)
    im.colorspace_settings.name = "Linear Rec.709"
    rgba = np.ones((*d.shape[:2], 4), np.float32); rgba[..., :3] = d[::-1]
    im.pixels.foreach_set(rgba.ravel())
    im.pack()
    tex.image = im
    world.node_tree.links.new(tex.outputs["Color"], bg.inputs["Color"])
    bg.inputs["Strength"].default_value = S["environment"]["strength"]

c = S["camera"]
cam = bpy.data.cameras.new("camera")
cam.sensor_fit, cam.sensor_width, cam.lens = "HORIZONTAL", c["sensorWidth"], c["focalLength"]
cam.clip_start, cam.clip_end = 1e-3, 1e5
ob = bpy.data.objects.new("camera", cam)
scene.collection.objects.link(ob)
ob.rotation_mode = "QUATERNION"
x, y, z, w = c["rotation"]
ob.location, ob.rotation_quaternion = c["position"], (w, x, y, z)
scene.camera = ob

def render(spp, seed):
    cy.samples, cy.seed = spp, seed
    out = os.path.abspath(os.path.join(a.folder, "cycles.exr"))
    scene.render.filepath = out
    cpu, wall = time.process_time(), time.perf_counter()
    bpy.ops.render.render(write_still=True)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    im = bpy.data.images.load(out)
    px = np.empty(W * H * im.channels, np.float32)
    im.pixels.foreach_get(px)
    bpy.data.images.remove(im)
    rgb = np.ascontiguousarray(px.reshape(H, W, -1)[::-1, :, :3])
    file = os.path.join(a.folder, f"cycles-{spp}-{seed}.npy")
    np.save(file, rgb)
    return {"spp": spp, "seed": seed, "cpuSeconds": cpu, "wallSeconds": wall, "file": file, "mean": float(rgb.mean())}

saved = os.dup(1); os.dup2(2, 1)  # Blender prints progress to stdout; keep that line for the result
render(1, 99)  # synchronisation, BVH and kernel start are timed apart
results = [render(1, a.seed)] + [render(n, a.seed) for n in a.spp]
os.dup2(saved, 1)
print(json.dumps({"version": bpy.app.version_string, "threads": a.threads, "renders": results}))
