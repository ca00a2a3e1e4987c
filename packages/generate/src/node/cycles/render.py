"""Renders a scene folder written by export.ts with Cycles and prints one JSON line: times, and where the pictures are.

python render.py FOLDER --spp 16 64 [--threads 1] [--seed 0] [--bounces 12] [--filter-glossy 0] [--denoise] [--plain] [--best]
With --plain one picture alone is rendered. Otherwise the first result, of one sample, is what every render pays besides its samples: synchronisation and kernel start, data kept between renders.
With --best Cycles samples adaptively and guides paths.
Pictures are linear float32 RGB, saved as FOLDER/cycles-<spp>-<seed>.npy, row 0 at the top.
"""
import argparse, hashlib, json, os, sys, time
import numpy as np
import bpy

p = argparse.ArgumentParser()
p.add_argument("folder")
p.add_argument("--spp", type=int, nargs="+", default=[16, 64])
p.add_argument("--threads", type=int, default=1)
p.add_argument("--seed", type=int, default=0)
p.add_argument("--bounces", type=int, default=12)
p.add_argument("--filter-glossy", type=float, default=0)
p.add_argument("--denoise", action="store_true")
p.add_argument("--plain", action="store_true")
p.add_argument("--best", action="store_true")
a = p.parse_args()
S = json.load(open(os.path.join(a.folder, "scene.json")))

bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.engine = "CYCLES"
cy = scene.cycles
cy.device = "CPU"
cy.use_adaptive_sampling = a.best
cy.use_guiding = a.best
cy.use_denoising = a.denoise
cy.max_bounces = a.bounces
cy.diffuse_bounces = a.bounces
cy.glossy_bounces = a.bounces
cy.transmission_bounces = a.bounces
cy.volume_bounces = a.bounces
cy.sample_clamp_indirect = 10.0  # as ours
cy.pixel_filter_type = "BLACKMAN_HARRIS"
cy.filter_width = S["filterWidth"] / 2  # Cycles doubles it for this filter (scene/film.cpp)
cy.blur_glossy = a.filter_glossy
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
        im.alpha_mode = "CHANNEL_PACKED"
        images[key] = im
    return images[key]

def material(name, m):
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    nodes, links = mat.node_tree.nodes, mat.node_tree.links
    bsdf = nodes["Principled BSDF"]
    def texture(value, srgb):
        tex = nodes.new("ShaderNodeTexImage")
        tex.image = image(value["file"], srgb)
        tex.extension = {"repeat": "REPEAT", "clamp": "EXTEND", "mirror": "MIRROR"}[value["wrap"]]
        mapping = nodes.new("ShaderNodeMapping")
        how = m["mapping"]
        if how["type"] == "uv":
            source = nodes.new("ShaderNodeUVMap").outputs["UV"]
            mapping.inputs["Scale"].default_value = (*how["scale"], 1)
            mapping.inputs["Location"].default_value = (*how["offset"], 0)
        else:
            source = nodes.new("ShaderNodeTexCoord").outputs["Object"]
            mapping.inputs["Scale"].default_value = [s / how["size"] for s in how["scale"]]
            tex.projection, tex.projection_blend = "BOX", 0.3
        links.new(source, mapping.inputs["Vector"])
        vector = mapping.outputs["Vector"]
        if value["transform"]:
            placed, how = nodes.new("ShaderNodeMapping"), value["transform"]
            placed.inputs["Scale"].default_value = (*how["scale"], 1)
            placed.inputs["Rotation"].default_value = (0, 0, how["rotation"])
            placed.inputs["Location"].default_value = (*how["offset"], 0)
            links.new(vector, placed.inputs["Vector"])
            vector = placed.outputs["Vector"]
        links.new(vector, tex.inputs["Vector"])
        return tex.outputs
    def channel(value):
        read = texture(value, False)
        if value["channel"] == "a":
            return read["Alpha"]
        apart = nodes.new("ShaderNodeSeparateColor")
        links.new(read["Color"], apart.inputs["Color"])
        return apart.outputs[{"r": "Red", "g": "Green", "b": "Blue"}[value["channel"]]]
    def put(socket, value, srgb=False, color=False):
        if isinstance(value, dict):
            links.new(texture(value, srgb)["Color"] if color else channel(value), bsdf.inputs[socket])
        else:
            bsdf.inputs[socket].default_value = (*value, 1) if color else value
    put("Base Color", m["baseColor"], True, True)
    put("Metallic", m["metallic"])
    put("Roughness", m["roughness"])
    if m["anisotropic"] > 0:
        bsdf.inputs["Anisotropic"].default_value = m["anisotropic"]
        bsdf.inputs["Anisotropic Rotation"].default_value = m["anisotropyRotation"] / (2 * np.pi) % 1
        tangent = nodes.new("ShaderNodeTangent")
        tangent.direction_type, tangent.axis = ("UV_MAP", "Z") if m["uvs"] else ("RADIAL", "Z")
        links.new(tangent.outputs["Tangent"], bsdf.inputs["Tangent"])
    put("IOR", m["ior"])
    put("Specular IOR Level", 0.5 * m["specular"])
    put("Specular Tint", m["specularTint"], True, True)
    put("Transmission Weight", m["transmission"])
    put("Coat Weight", m["clearcoat"])
    put("Coat Roughness", m["clearcoatRoughness"])
    bsdf.inputs["Coat IOR"].default_value = 1.5
    put("Alpha", m["opacity"])
    if m["attenuation"]:
        # exp(-s d) of each channel is its colour; the node's absorption is (1 - Color) Density.
        s = [-np.log(max(c, 1e-6)) / m["attenuation"]["distance"] for c in m["attenuation"]["color"]]
        if max(s) > 0:
            inside = nodes.new("ShaderNodeVolumeAbsorption")
            inside.inputs["Color"].default_value = (*[1 - x / max(s) for x in s], 1)
            inside.inputs["Density"].default_value = max(s)
            links.new(inside.outputs["Volume"], nodes["Material Output"].inputs["Volume"])
    if isinstance(m["emission"], dict) or max(m["emission"]) > 0:
        put("Emission Color", m["emission"], True, True)
        put("Emission Strength", m["emissionStrength"])
    def normals(key, scale):
        node = nodes.new("ShaderNodeNormalMap")
        node.inputs["Strength"].default_value = m[scale]
        links.new(texture(m[key], False)["Color"], node.inputs["Color"])
        return node.outputs["Normal"]
    normal = normals("normalMap", "normalScale") if m["normalMap"] else None
    if m["bumpMap"]:
        bump = nodes.new("ShaderNodeBump")
        bump.inputs["Distance"].default_value = m["bumpHeight"]
        links.new(channel(m["bumpMap"]), bump.inputs["Height"])
        if normal:
            links.new(normal, bump.inputs["Normal"])
        normal = bump.outputs["Normal"]
    if normal:
        links.new(normal, bsdf.inputs["Normal"])
    if m["clearcoatNormalMap"]:
        links.new(normals("clearcoatNormalMap", "clearcoatNormalScale"), bsdf.inputs["Coat Normal"])
    return mat

mats = {k: material(k, m) for k, m in S["materials"].items()}
meshes = {}
def mesh(key, names):
    k = (key, *names)
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
    for name in names:
        me.materials.append(mats[name])
    me.polygons.foreach_set("material_index", d["slots"].astype(np.int32))
    meshes[k] = me
    return me

# Knots of the shutter stand at frames 0, 1, 2 …; Cycles reads 2^steps + 1 of them.
knots = len(S["camera"]["poses"])

def place(ob, poses, scale=(1, 1, 1)):
    """Puts an object at its pose, or on its way from the first to the last across the shutter."""
    if len(poses) > 1:
        ob.cycles.motion_steps = int(np.log2(knots - 1))
    ob.rotation_mode, ob.scale = "QUATERNION", scale
    last = None
    for i, pose in enumerate(poses):
        x, y, z, w = pose["rotation"]
        q = np.array([w, x, y, z])
        q = -q if last is not None and q @ last < 0 else q
        last = q
        ob.location, ob.rotation_quaternion = pose["position"], q
        if len(poses) > 1:
            ob.keyframe_insert("location", frame=i)
            ob.keyframe_insert("rotation_quaternion", frame=i)

bpy.context.preferences.edit.keyframe_new_interpolation_type = "LINEAR"
for o in S["objects"]:
    ob = bpy.data.objects.new(o["name"], mesh(o["mesh"], o["materials"]))
    scene.collection.objects.link(ob)
    place(ob, o["poses"], o["scale"])

fog = S["fog"]
if fog:
    low, high = np.array(fog["box"]["min"]), np.array(fog["box"]["max"])
    me = bpy.data.meshes.new("fog")
    corners = [[(low, high)[i >> k & 1][k] for k in range(3)] for i in range(8)]
    me.from_pydata(corners, [], [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)])
    mat = bpy.data.materials.new("fog")
    mat.use_nodes = True
    nodes, links = mat.node_tree.nodes, mat.node_tree.links
    nodes.remove(nodes["Principled BSDF"])
    scatter, absorb, both = (nodes.new(f"ShaderNode{n}") for n in ("VolumeScatter", "VolumeAbsorption", "AddShader"))
    for i, node in enumerate((scatter, absorb)):
        # What is scattered is density times this colour, what is absorbed density times what this colour lacks of 1.
        node.inputs["Color"].default_value = (*fog["albedo"], 1)
        node.inputs["Density"].default_value = fog["density"]
        links.new(node.outputs["Volume"], both.inputs[i])
    scatter.inputs["Anisotropy"].default_value = fog["anisotropy"]
    links.new(both.outputs["Shader"], nodes["Material Output"].inputs["Volume"])
    me.materials.append(mat)
    scene.collection.objects.link(bpy.data.objects.new("fog", me))

for l in S["lights"]:
    kind = {"sun": "SUN", "area": "AREA", "point": "POINT", "spot": "SPOT"}[l["type"]]
    li = bpy.data.lights.new(l["name"], kind)
    li.color = l["color"]
    if kind == "SUN":
        li.energy, li.angle = l["irradiance"], l["angle"]
    elif kind == "AREA":
        li.energy, li.shape = l["power"], "RECTANGLE" if l["shape"] == "rectangle" else "ELLIPSE"
        li.size, li.size_y = l["size"]
    else:
        li.energy, li.shadow_soft_size = l["power"], l["radius"]
        if kind == "SPOT":
            inner, outer = np.cos(l["innerAngle"]), np.cos(l["outerAngle"])
            li.spot_size, li.spot_blend = 2 * l["outerAngle"], (inner - outer) / (1 - outer)
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
E = S.get("environment")
if E:
    nodes, links = world.node_tree.nodes, world.node_tree.links
    coordinates = nodes.new("ShaderNodeTexCoord")
    turn = nodes.new("ShaderNodeMapping")
    turn.inputs["Rotation"].default_value = (0, 0, -E["rotation"])
    links.new(coordinates.outputs["Generated"], turn.inputs["Vector"])
    def surroundings(name):
        tex = nodes.new("ShaderNodeTexEnvironment")
        d = np.load(os.path.join(a.folder, name + ".npy"))
        im = bpy.data.images.new(name, d.shape[1], d.shape[0], float_buffer=True, alpha=True)
        im.colorspace_settings.name = "Linear Rec.709"
        rgba = np.ones((*d.shape[:2], 4), np.float32); rgba[..., :3] = d[::-1]
        im.pixels.foreach_set(rgba.ravel())
        im.pack()
        tex.image = im
        links.new(turn.outputs["Vector"], tex.inputs["Vector"])
        return tex.outputs["Color"]
    links.new(surroundings("environment"), bg.inputs["Color"])
    bg.inputs["Strength"].default_value = E["strength"]
    if E["background"]:
        seen = nodes.new("ShaderNodeBackground")
        links.new(surroundings("background"), seen.inputs["Color"])
        seen.inputs["Strength"].default_value = E["strength"]
        path, mix = nodes.new("ShaderNodeLightPath"), nodes.new("ShaderNodeMixShader")
        links.new(path.outputs["Is Camera Ray"], mix.inputs["Fac"])
        links.new(bg.outputs["Background"], mix.inputs[1])
        links.new(seen.outputs["Background"], mix.inputs[2])
        links.new(mix.outputs["Shader"], nodes["World Output"].inputs["Surface"])

c = S["camera"]
cam = bpy.data.cameras.new("camera")
cam.clip_start, cam.clip_end, cam.sensor_fit = 1e-3, 1e5, "HORIZONTAL"
if c["lens"]:
    if not hasattr(cam, "custom_bytecode"):
        raise SystemExit("fisheyes and distorted lenses need the camera shaders of Blender 5.0 or newer; this is " + bpy.app.version_string)
    # Blender's own compilation needs a module, oslquery, that bpy lacks; what it would do with it is ask for parameters, and there are none.
    import _cycles
    source, compiled = (os.path.join(a.folder, "lens." + end) for end in ("osl", "oso"))
    if not _cycles.osl_compile(source, compiled):
        raise SystemExit("the lens's shader does not compile: " + source)
    code = open(compiled).read()
    cam.type, cam.custom_mode = "CUSTOM", "INTERNAL"
    cam.custom_bytecode, cam.custom_bytecode_hash = code, hashlib.md5(code.encode()).hexdigest()
    if c["aperture"] > 0:
        cam.dof.use_dof = True  # else there are no random numbers for the lens
elif c["type"] == "equirectangular":
    cam.type = "PANO"
    (cam if hasattr(cam, "panorama_type") else cam.cycles).panorama_type = "EQUIRECTANGULAR"
else:
    aspect, (right, down) = c["pixelAspect"], c["principalOffset"]
    # Blender moves the view, in widths; the principal point goes the other way.
    cam.shift_x, cam.shift_y = -right, down * H * aspect / W
    # Blender wants ratios of at least 1.
    scene.render.pixel_aspect_x, scene.render.pixel_aspect_y = (1, aspect) if aspect >= 1 else (1 / aspect, 1)
    if c["type"] == "orthographic":
        cam.type, cam.ortho_scale = "ORTHO", c["extent"]
    else:
        cam.sensor_width, cam.lens = c["sensorWidth"], c["focalLength"]
        if c["aperture"] > 0:
            cam.dof.use_dof, cam.dof.focus_distance = True, c["focusDistance"]
            cam.dof.aperture_fstop = c["focalLength"] / 1000 / c["aperture"]
ob = bpy.data.objects.new("camera", cam)
scene.collection.objects.link(ob)
place(ob, c["poses"])
scene.camera = ob
if knots > 1:
    scene.render.use_motion_blur, scene.render.motion_blur_shutter = True, knots - 1.0
    scene.render.motion_blur_position = "CENTER"
    scene.frame_set((knots - 1) // 2)
if c["rolling"] is not None:
    cy.rolling_shutter_type, cy.rolling_shutter_duration = "TOP", c["rolling"]

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
if a.plain:
    results = [render(a.spp[0], a.seed)]
else:
    render(1, 99)  # synchronisation, BVH and kernel start are timed apart
    results = [render(1, a.seed)] + [render(n, a.seed) for n in a.spp]
os.dup2(saved, 1)
print(json.dumps({"version": bpy.app.version_string, "threads": a.threads, "renders": results}))
