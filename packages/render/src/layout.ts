/**
 * Where the host and the kernel keep what they share. Read by both (the kernel imports this file as AssemblyScript), so constants only.
 * Addresses are bytes in the kernel's memory; the first 64 KiB are this block, then come the kernel's constants, then the host's arena.
 */
export const RESERVED = 65536

// Parameters, written by the host (u32 unless said otherwise).
export const P_TLAS = 1024
export const P_INSTANCES = 1028
export const P_INSTANCE_COUNT = 1032
export const P_MATERIALS = 1036
export const P_TEXTURES = 1040
export const P_SRGB = 1044
export const P_LIGHTS = 1048
export const P_LIGHT_COUNT = 1052
export const P_FLAGS = 1056
export const P_ENV_LIGHT = 1060
export const P_ENV_BACKGROUND = 1064
export const P_FILTER = 1068
export const P_METAL_ALBEDO = 1072
/** Exact queries: their own top-level BVH and f64 instances. */
export const P_QUERY_TLAS = 1076
export const P_QUERY_INSTANCES = 1080
/** f32: clamp of indirect light (0 is none), environment rotation (cos, sin), strength. */
export const P_CLAMP = 1084
export const P_ENV_COS = 1088
export const P_ENV_SIN = 1092
export const P_ENV_STRENGTH = 1096
/** f32: mean luminance of the environment times π: its irradiance on an average surface. */
export const P_ENV_IRRADIANCE = 1100
/** Wavelet of the render call. */
export const P_WIDTH = 1104
export const P_HEIGHT = 1108
export const P_SPP = 1112
export const P_SEED0 = 1116
export const P_SEED1 = 1120
export const P_BOUNCES = 1124
/** Where the light's split goes (SPLIT_BYTES a pixel), or 0. */
export const P_SPLIT = 1128
/** Light record of the tree of emissive triangles, or 0. */
export const P_EMITTERS = 1132
/** Fog, f32: extinction a metre (0: none), anisotropy; v128: share of what is taken that is scattered, corners of its box. */
export const P_FOG_DENSITY = 1216
export const P_FOG_ANISOTROPY = 1220
export const P_FOG_ALBEDO = 1232
export const P_FOG_MIN = 1248
export const P_FOG_MAX = 1264
/** f32: share of a pixel, and of what a scattered ray stands for, that one sample's pictures are averaged over. */
export const P_FOOTPRINT = 1532
/** f32: density of scattering below which what a path meets later is roughened; 0: nothing is. */
export const P_FILTER_GLOSSY = 1516
/** Albedo tables: metal for two roughnesses, the clearcoat's dielectric, sheen; 0 until a material needs them. */
export const P_METAL_ALBEDO_2 = 1520
export const P_CLEARCOAT_ALBEDO = 1524
export const P_SHEEN_ALBEDO = 1528
/** Camera block: see CAMERA_*. */
export const P_CAMERA = 1136

// Camera, f32 (position split in high and low part is not needed: scenes are near the origin).
export const CAMERA_KNOTS = 0
export const CAMERA_MATRIX = 4
/** How the image plane becomes directions: one of the LENS_*. */
export const CAMERA_LENS = 8
/** Pointer to LENS_POINTS × LENS_POINTS directions (v128) of the image plane, f32 place of the second point and points a unit. */
export const CAMERA_TABLE = 12
export const CAMERA_CX = 16
export const CAMERA_CY = 20
export const CAMERA_TABLE_X = 24
export const CAMERA_TABLE_Y = 28
export const CAMERA_TABLE_SCALE_X = 32
export const CAMERA_TABLE_SCALE_Y = 36
/** f32: a sample of row y at u of its exposure is at ROW · (y + ½) + SAMPLE · u of the time that the knots span. */
export const CAMERA_TIME_ROW = 40
export const CAMERA_TIME_SAMPLE = 44
export const LENS_PINHOLE = 0
export const LENS_TABLE = 1
export const LENS_PARALLEL = 2
/** Cells a side between points 1 and LENS_POINTS − 2; the outermost points only bend the outermost cells. */
export const LENS_CELLS = 128
export const LENS_POINTS = 131
/** One record a knot of the shutter: 12 f32 world-from-camera rows, then lens radius, focus distance, fx, fy. */
export const CAMERA_STRIDE = 64

// Counters, u32, written by the kernel.
export const C_CLOSEST = 1536
export const C_SHADOW = 1540
export const C_INVALID = 1544

// Results of kernel calls.
export const R_NODES = 1600
export const R_NODE_COUNT = 1604
export const R_BLOCKS = 1608
export const R_BLOCK_COUNT = 1612
export const R_HIT = 1664

// Scratch.
export const STACK_TOP = 4096
export const STACK_BOTTOM = 12288
export const BINS = 20480
export const BUILD_STACK = 28672
export const BUILD_CHILDREN = 61440

// BVH node: bounds of four children (min x, y, z, max x, y, z as f32x4), then four i32: child ≥ 0 is a node, < 0 is ~leaf.
export const NODE_BYTES = 112
export const NODE_CHILD = 96
// Four triangles: v0 x, y, z, v1 x, y, z, v2 x, y, z as f32x4, then four triangle numbers, −1 where there is none.
export const BLOCK_BYTES = 160
export const BLOCK_PRIMITIVE = 144

// Mesh record.
export const MESH_NODES = 0
export const MESH_BLOCKS = 4
export const MESH_INDICES = 8
/** Pointers to the first position, normal and uv; VERTEX_BYTES from one vertex to the next. Normals and uv: 0 without. */
export const MESH_POSITIONS = 12
export const MESH_NORMALS = 16
export const MESH_UVS = 20
/** u16 material slot of every triangle; 0 when the mesh has one slot. */
export const MESH_SLOTS = 24
/** Pointer to the first vertex at rest, which textures are fastened to; the same as MESH_POSITIONS unless the mesh deforms. */
export const MESH_REST = 28
/** Number of shapes across the shutter, between which vertices move linearly; nodes of each interval, blocks and vertices of each shape, that many bytes apart. */
export const MESH_KNOTS = 32
export const MESH_NODE_STRIDE = 36
export const MESH_BLOCK_STRIDE = 40
export const MESH_VERTEX_STRIDE = 44
export const MESH_BYTES = 48
/** A vertex: position, normal, uv as f32, side by side in half a cache line. */
export const VERTEX_BYTES = 32

// Instance record for radiance.
export const INSTANCE_MESH = 0
export const INSTANCE_MATERIAL = 4
export const INSTANCE_KNOTS = 8
/** Pointer to knots: 12 f32 world-from-object rows, 12 f32 object-from-world rows each. */
export const INSTANCE_MATRIX = 12
/** Bit 0: some material has opacity < 1. Bit 1: some material emits. */
export const INSTANCE_FLAGS = 16
/** f32: object's scale x, y, z, for box mapping. */
export const INSTANCE_SCALE = 20
/** Pointer to the tree node (i32, −1 for none) of every triangle that is sampled as a light; 0 when none is. */
export const INSTANCE_EMITTERS = 32
export const INSTANCE_BYTES = 48
export const KNOT_BYTES = 96

// Instance record for exact queries: 12 f64 object-from-world rows, then mesh, material, flags, scale as above.
export const QUERY_MESH = 96
export const QUERY_MATERIAL = 100
export const QUERY_FLAGS = 104
export const QUERY_SCALE = 108
export const QUERY_BYTES = 128

// Material record.
export const MATERIAL_BASE = 0
export const MATERIAL_EMISSION = 16
export const MATERIAL_METALLIC = 32
export const MATERIAL_ROUGHNESS = 36
export const MATERIAL_IOR = 40
export const MATERIAL_SPECULAR = 44
export const MATERIAL_TRANSMISSION = 48
export const MATERIAL_OPACITY = 52
export const MATERIAL_NORMAL_SCALE = 56
export const MATERIAL_FLAGS = 60
/** Texture numbers, −1 for none. */
export const MATERIAL_BASE_TEXTURE = 64
export const MATERIAL_METALLIC_TEXTURE = 68
export const MATERIAL_ROUGHNESS_TEXTURE = 72
export const MATERIAL_EMISSION_TEXTURE = 76
export const MATERIAL_OPACITY_TEXTURE = 80
export const MATERIAL_NORMAL_TEXTURE = 84
export const MATERIAL_METALLIC_CHANNEL = 88
export const MATERIAL_ROUGHNESS_CHANNEL = 92
export const MATERIAL_OPACITY_CHANNEL = 96
/** 0: uv, 1: box in the object's axes, 2: box in the world's. */
export const MATERIAL_MAPPING = 100
/** f32, repeats a metre of box mapping. */
export const MATERIAL_BOX_SCALE = 104
/** f32 factor on a textured emission. */
export const MATERIAL_STRENGTH = 120
/** Pointer to the directional albedo tables of this index of refraction (see albedo.ts). */
export const MATERIAL_ALBEDO = 124
// From here on for materials with MATERIAL_LAYERED, MATERIAL_ABSORBS or MATERIAL_RELIEF alone.
/** v128: tint of the dielectric reflection, colour of the sheen, absorption a metre. */
export const MATERIAL_TINT = 128
export const MATERIAL_SHEEN = 144
export const MATERIAL_ABSORPTION = 160
export const MATERIAL_SHEEN_ROUGHNESS = 176
export const MATERIAL_CLEARCOAT = 180
export const MATERIAL_CLEARCOAT_ROUGHNESS = 184
export const MATERIAL_CLEARCOAT_NORMAL_SCALE = 188
export const MATERIAL_ANISOTROPY = 192
/** Cosine and sine of the turn of the tangent. */
export const MATERIAL_ANISOTROPY_COS = 196
export const MATERIAL_ANISOTROPY_SIN = 200
/** f32, metres between black and white. */
export const MATERIAL_BUMP_HEIGHT = 204
/** Texture number · 4 + channel, −1 for none. */
export const MATERIAL_TINT_TEXTURE = 208
export const MATERIAL_SHEEN_TEXTURE = 212
export const MATERIAL_SHEEN_ROUGHNESS_TEXTURE = 216
export const MATERIAL_CLEARCOAT_TEXTURE = 220
export const MATERIAL_CLEARCOAT_ROUGHNESS_TEXTURE = 224
export const MATERIAL_CLEARCOAT_NORMAL_TEXTURE = 228
export const MATERIAL_ANISOTROPY_TEXTURE = 232
export const MATERIAL_BUMP_TEXTURE = 236
export const MATERIAL_SPECULAR_TEXTURE = 240
export const MATERIAL_TRANSMISSION_TEXTURE = 244
/** Pointer to the albedo tables of two roughnesses for this index of refraction, 0 without anisotropy. */
export const MATERIAL_ALBEDO_2 = 248
export const MATERIAL_BYTES = 256
export const MATERIAL_EMITS = 1
export const MATERIAL_CUT_OUT = 2
export const MATERIAL_TEXTURED = 4
/** Tint, sheen, clearcoat, anisotropy, thin walls, or pictures of specular or transmission. */
export const MATERIAL_LAYERED = 8
export const MATERIAL_ANISOTROPIC = 16
export const MATERIAL_THIN = 32
export const MATERIAL_ABSORBS = 64
export const MATERIAL_BUMPED = 128

// Texture record: one use of a picture by a material.
/** Pointer to the levels, the picture's own first, and their number. */
export const TEXTURE_LEVELS = 0
export const TEXTURE_LEVEL_COUNT = 4
/** 2 × 3 f32: the picture's coordinates from the mapping's. */
export const TEXTURE_MATRIX = 8
/** f32, texels a unit of the mapping's coordinates. */
export const TEXTURE_TEXELS = 32
/** Along u, and times four along v; 0: repeat, 1: clamp, 2: mirror. */
export const TEXTURE_WRAP = 36
export const TEXTURE_BYTES = 64
// Level record: pointer, width, height.
export const LEVEL_BYTES = 16
// At P_SRGB: 256 f32 linear values of codes, then for encoding the 256 f32 middles between neighbours, and the codes (u8) at 4096 steps.
export const SRGB_MIDDLES = 1024
export const SRGB_GUESS = 2048
export const SRGB_BYTES = 6144

// Directional albedo tables: ALBEDO_SIZE × ALBEDO_SIZE f32, rows by roughness, columns by cosine.
export const ALBEDO_SIZE = 32
export const ALBEDO_TABLE_BYTES = 4096
/** The same for two roughnesses (anisotropy): ALBEDO_2_SIZE nodes of each roughness and of the cosine, ALBEDO_2_TURNS of the azimuth. */
export const ALBEDO_2_SIZE = 12
export const ALBEDO_2_TURNS = 6
export const ALBEDO_2_TABLE_BYTES = 41472

// Light record. Parameters: sun cos of the half angle and solid angle; rectangle and disk half sizes; sphere radius.
export const LIGHT_TYPE = 0
export const LIGHT_VISIBLE = 4
export const LIGHT_A = 8
export const LIGHT_B = 12
/** v128: radiance; for a point, radiant intensity. */
export const LIGHT_RADIANCE = 16
/** v128: position, or direction to the sun. */
export const LIGHT_POSITION = 32
/** v128: unit axes; Z is the direction of emission. */
export const LIGHT_X = 48
export const LIGHT_Y = 64
export const LIGHT_Z = 80
export const LIGHT_AREA = 96
/** f32: sun: irradiance; others: power / π, luminance. Steers the choice among lights. */
export const LIGHT_POWER = 100
/** f32: spots: cosine of the outer angle, 1 / (cosine of the inner angle − that). */
export const LIGHT_CONE_COS = 104
export const LIGHT_CONE_SCALE = 108
export const LIGHT_BYTES = 112
export const LIGHT_ENVIRONMENT = 0
export const LIGHT_SUN = 1
export const LIGHT_RECTANGLE = 2
export const LIGHT_DISK = 3
export const LIGHT_SPHERE = 4
export const LIGHT_POINT = 5
/** A point and a sphere whose light is limited to a cone. */
export const LIGHT_SPOT = 6
export const LIGHT_SPOT_SPHERE = 7
/** A tree of lamps, and one of emissive triangles, that stand in the list as one light. */
export const LIGHT_LAMPS = 8
export const LIGHT_EMITTERS = 9
/** Of a tree: pointers to its nodes, the root first, and to its leaves. */
export const LIGHT_NODES = 8
export const LIGHT_LEAVES = 12

// Node of a light tree: a ball around its lights and a cone around the directions that they shine to.
export const TREE_CENTRE = 0
/** f32: sum of the radiant intensities straight ahead, luminance. */
export const TREE_POWER = 12
/** v128: axis of the cone of normals. */
export const TREE_AXIS = 16
/** f32: square of the ball's radius. */
export const TREE_RADIUS2 = 28
/** f32: cosine and sine of the cone's half angle, cosine of the angle beyond it at which light ends. */
export const TREE_SPREAD_COS = 32
export const TREE_SPREAD_SIN = 36
export const TREE_REACH_COS = 40
/** Whether lights shine to both sides. */
export const TREE_BOTH = 44
/** i32: number of the first of two children, which is even, the other being next to it; ~leaf where there are none. */
export const TREE_CHILD = 48
export const TREE_PARENT = 52
export const TREE_BYTES = 64
// Leaf: address of a lamp and −1, or address of an instance and number of a triangle.
export const LEAF_OF = 0
export const LEAF_PRIMITIVE = 4
export const LEAF_BYTES = 8

// Environment record: RGB9E5 pixels, width, height, scale (f32), then the sampling table: width, height, rows (cumulative, height + 1 f32),
// columns (height × (width + 1) f32 cumulative).
export const ENV_PIXELS = 0
export const ENV_WIDTH = 4
export const ENV_HEIGHT = 8
export const ENV_SCALE = 12
export const ENV_TABLE_WIDTH = 16
export const ENV_TABLE_HEIGHT = 20
export const ENV_ROWS = 24
export const ENV_COLUMNS = 28
export const ENV_BYTES = 32

// Pixel of a frame, f32: colour (4), half colour (4), albedo (4), normal (3), depth (1); coverage is colour's fourth, the mean square the half's.
export const PIXEL_BYTES = 64

// Light of a pixel, split: five f32x4, colours in the first three lanes; the fourth of the emission is the share of shadow.
export const SPLIT_EMISSION = 0
export const SPLIT_DIFFUSE = 16
export const SPLIT_SPECULAR = 32
export const SPLIT_DIRECT = 48
export const SPLIT_INDIRECT = 64
export const SPLIT_BYTES = 80
