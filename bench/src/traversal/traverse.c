// The kernel's traversal (packages/render/kernel/trace.ts) in C: the same BVH bytes, the same steps in the same order, still poses only.
// Compiled to WebAssembly by bench.ts, it says what a C compiler would gain over AssemblyScript. Addresses are those of src/layout.ts.
#include <stdint.h>
#include <wasm_simd128.h>

enum {
  P_TLAS = 1024,
  P_INSTANCES = 1028,
  STACK_TOP = 4096,
  STACK_BOTTOM = 12288,
  NODE_BYTES = 112,
  NODE_CHILD = 96,
  BLOCK_BYTES = 160,
  BLOCK_PRIMITIVE = 144,
  INSTANCE_BYTES = 32,
  INSTANCE_MATRIX = 12,
  KEYS = 1904
};

typedef uintptr_t address;
#define AT(type, p) (*(type *)(address)(p))
#define V(p) wasm_v128_load((const void *)(address)(p))

typedef struct {
  float t, u, v;
  int32_t primitive, instance;
} Hit;
typedef struct {
  float x, y, z;
} Vec;

static inline float reciprocal(float d) {
  return 1.0f / (__builtin_fabsf(d) < 1e-20f ? __builtin_copysignf(1e-20f, d) : d);
}
static const float GROW = 1.0000008f;

// Pushes the children in `mask`, the nearest last.
static inline address push(address node, v128_t tn, int32_t mask, address sp) {
  if (mask == 0) return sp;
  const address base = sp;
  wasm_v128_store((void *)KEYS, tn);
  do {
    const int k = __builtin_ctz(mask);
    mask &= mask - 1;
    const uint64_t key = ((uint64_t)AT(uint32_t, KEYS + k * 4) << 32) | AT(uint32_t, node + k * 4 + NODE_CHILD);
    address p = sp;
    while (p > base && AT(uint64_t, p - 8) < key) {
      AT(uint64_t, p) = AT(uint64_t, p - 8);
      p -= 8;
    }
    AT(uint64_t, p) = key;
    sp += 8;
  } while (mask != 0);
  return sp;
}

static inline float keyOf(uint64_t entry) {
  union {
    uint32_t i;
    float f;
  } x = {(uint32_t)(entry >> 32)};
  return x.f;
}

// Entry and exit distances of four boxes.
#define SLABS(node, exit)                                                                                          \
  const v128_t tn = wasm_f32x4_pmax(wasm_f32x4_pmax(wasm_f32x4_mul(wasm_f32x4_sub(V(node + nx), ox), vix),        \
                                                    wasm_f32x4_mul(wasm_f32x4_sub(V(node + ny), oy), viy)),       \
                                    wasm_f32x4_pmax(wasm_f32x4_mul(wasm_f32x4_sub(V(node + nz), oz), viz), vMin)); \
  const v128_t tf =                                                                                               \
      wasm_f32x4_mul(wasm_f32x4_pmin(wasm_f32x4_pmin(wasm_f32x4_mul(wasm_f32x4_sub(V(node + fx), ox), vix),       \
                                                     wasm_f32x4_mul(wasm_f32x4_sub(V(node + fy), oy), viy)),      \
                                     wasm_f32x4_pmin(wasm_f32x4_mul(wasm_f32x4_sub(V(node + fz), oz), viz), exit)), \
                     grow);                                                                                       \
  const int32_t mask = wasm_i32x4_bitmask(wasm_f32x4_le(tn, tf))

#define RAY(o, d)                                                                                          \
  const v128_t ox = wasm_f32x4_splat(o.x), oy = wasm_f32x4_splat(o.y), oz = wasm_f32x4_splat(o.z);         \
  const float ix = reciprocal(d.x), iy = reciprocal(d.y), iz = reciprocal(d.z);                            \
  const v128_t vix = wasm_f32x4_splat(ix), viy = wasm_f32x4_splat(iy), viz = wasm_f32x4_splat(iz);         \
  const address nx = ix < 0 ? 48 : 0, ny = iy < 0 ? 64 : 16, nz = iz < 0 ? 80 : 32;                        \
  const address fx = 48 - nx, fy = 80 - ny, fz = 112 - nz;                                                 \
  const v128_t grow = wasm_f32x4_splat(GROW), vMin = wasm_f32x4_splat(tMin)

// One mesh, ray in its own frame.
static int traverseMesh(address mesh, Vec o, Vec d, float tMin, int any, Hit *hit) {
  const address nodes = AT(uint32_t, mesh), blocks = AT(uint32_t, mesh + 4);
  RAY(o, d);
  address kz = 0, kx = 16, ky = 32;
  float sz = d.x, sx = d.y, sy = d.z;
  v128_t oa = oy, ob = oz, oc = ox;
  if (__builtin_fabsf(d.y) > __builtin_fabsf(d.x)) {
    if (__builtin_fabsf(d.z) > __builtin_fabsf(d.y)) {
      kz = 32, kx = 0, ky = 16, sz = d.z, sx = d.x, sy = d.y, oa = ox, ob = oy, oc = oz;
    } else {
      kz = 16, kx = 32, ky = 0, sz = d.y, sx = d.z, sy = d.x, oa = oz, ob = ox, oc = oy;
    }
  } else if (__builtin_fabsf(d.z) > __builtin_fabsf(d.x)) {
    kz = 32, kx = 0, ky = 16, sz = d.z, sx = d.x, sy = d.y, oa = ox, ob = oy, oc = oz;
  }
  sz = 1.0f / sz;
  const v128_t shx = wasm_f32x4_splat(sx * sz), shy = wasm_f32x4_splat(sy * sz), shz = wasm_f32x4_splat(sz);
  float nearest = hit->t;
  v128_t vMax = wasm_f32x4_splat(nearest);
  int found = 0;
  address sp = STACK_BOTTOM;
  int32_t child = 0;
  for (;;) {
    if (child >= 0) {
      const address node = nodes + child * NODE_BYTES;
      SLABS(node, vMax);
      if (mask != 0) {
        if ((mask & (mask - 1)) == 0) {
          child = AT(int32_t, node + __builtin_ctz(mask) * 4 + NODE_CHILD);
          continue;
        }
        const int32_t rest = mask & (mask - 1);
        if ((rest & (rest - 1)) == 0) {
          // Two: the nearer next, the farther on the stack.
          wasm_v128_store((void *)KEYS, tn);
          const int i = __builtin_ctz(mask), j = __builtin_ctz(rest);
          const uint32_t a = AT(uint32_t, KEYS + i * 4), b = AT(uint32_t, KEYS + j * 4);
          const int swap = b < a;
          AT(uint64_t, sp) = ((uint64_t)(swap ? a : b) << 32) | AT(uint32_t, node + (swap ? i : j) * 4 + NODE_CHILD);
          sp += 8;
          child = AT(int32_t, node + (swap ? j : i) * 4 + NODE_CHILD);
          continue;
        }
        sp = push(node, tn, mask, sp) - 8;
        child = AT(int32_t, sp);
        continue;
      }
    } else {
      const address b = blocks + ~child * BLOCK_BYTES;
      const v128_t az = wasm_f32x4_sub(V(b + kz), oc);
      const v128_t ax = wasm_f32x4_sub(wasm_f32x4_sub(V(b + kx), oa), wasm_f32x4_mul(shx, az));
      const v128_t ay = wasm_f32x4_sub(wasm_f32x4_sub(V(b + ky), ob), wasm_f32x4_mul(shy, az));
      const v128_t bz = wasm_f32x4_sub(V(b + kz + 48), oc);
      const v128_t bx = wasm_f32x4_sub(wasm_f32x4_sub(V(b + kx + 48), oa), wasm_f32x4_mul(shx, bz));
      const v128_t by = wasm_f32x4_sub(wasm_f32x4_sub(V(b + ky + 48), ob), wasm_f32x4_mul(shy, bz));
      const v128_t cz = wasm_f32x4_sub(V(b + kz + 96), oc);
      const v128_t cx = wasm_f32x4_sub(wasm_f32x4_sub(V(b + kx + 96), oa), wasm_f32x4_mul(shx, cz));
      const v128_t cy = wasm_f32x4_sub(wasm_f32x4_sub(V(b + ky + 96), ob), wasm_f32x4_mul(shy, cz));
      const v128_t u = wasm_f32x4_sub(wasm_f32x4_mul(cx, by), wasm_f32x4_mul(cy, bx));
      const v128_t v = wasm_f32x4_sub(wasm_f32x4_mul(ax, cy), wasm_f32x4_mul(ay, cx));
      const v128_t w = wasm_f32x4_sub(wasm_f32x4_mul(bx, ay), wasm_f32x4_mul(by, ax));
      const v128_t zero = wasm_f32x4_splat(0);
      const v128_t outside = wasm_v128_and(wasm_f32x4_lt(wasm_f32x4_pmin(wasm_f32x4_pmin(u, v), w), zero),
                                           wasm_f32x4_gt(wasm_f32x4_pmax(wasm_f32x4_pmax(u, v), w), zero));
      const v128_t det = wasm_f32x4_add(wasm_f32x4_add(u, v), w);
      int32_t mask = wasm_i32x4_bitmask(wasm_v128_andnot(wasm_f32x4_ne(det, zero), outside));
      if (mask != 0) {
        const v128_t inv = wasm_f32x4_div(wasm_f32x4_splat(1), det);
        const v128_t t = wasm_f32x4_mul(
            wasm_f32x4_mul(wasm_f32x4_add(wasm_f32x4_add(wasm_f32x4_mul(u, az), wasm_f32x4_mul(v, bz)), wasm_f32x4_mul(w, cz)), shz), inv);
        mask &= wasm_i32x4_bitmask(wasm_v128_and(wasm_f32x4_gt(t, vMin), wasm_f32x4_lt(t, vMax)));
        if (mask != 0) {
          if (any) return 1;
          wasm_v128_store((void *)KEYS, t);
          int k = __builtin_ctz(mask);
          float best = AT(float, KEYS + k * 4);
          for (mask &= mask - 1; mask != 0; mask &= mask - 1) {
            const int j = __builtin_ctz(mask);
            const float s = AT(float, KEYS + j * 4);
            if (s < best) best = s, k = j;
          }
          wasm_v128_store((void *)KEYS, wasm_f32x4_mul(v, inv));
          hit->u = AT(float, KEYS + k * 4);
          wasm_v128_store((void *)KEYS, wasm_f32x4_mul(w, inv));
          hit->v = AT(float, KEYS + k * 4);
          nearest = hit->t = best;
          vMax = wasm_f32x4_splat(best);
          hit->primitive = AT(int32_t, b + BLOCK_PRIMITIVE + k * 4);
          found = 1;
        }
      }
    }
    uint64_t entry;
    do {
      if (sp == STACK_BOTTOM) return found;
      sp -= 8;
      entry = AT(uint64_t, sp);
    } while (keyOf(entry) > nearest);
    child = (int32_t)entry;
  }
}

static inline float row(address m, Vec p, float w) {
  return AT(float, m) * p.x + AT(float, m + 4) * p.y + AT(float, m + 8) * p.z + w;
}

static int traverse(Vec o, Vec d, float tMin, int any, Hit *hit) {
  const address tlas = AT(uint32_t, P_TLAS), instances = AT(uint32_t, P_INSTANCES);
  RAY(o, d);
  int found = 0;
  address sp = STACK_TOP;
  int32_t child = 0;
  for (;;) {
    if (child < 0) {
      const int32_t index = ~child;
      const address instance = instances + index * INSTANCE_BYTES;
      // Object-from-world rows of the only knot.
      const address m = AT(uint32_t, instance + INSTANCE_MATRIX) + 48;
      const Vec lo = {row(m, o, AT(float, m + 12)), row(m + 16, o, AT(float, m + 28)), row(m + 32, o, AT(float, m + 44))};
      const Vec ld = {AT(float, m) * d.x + AT(float, m + 4) * d.y + AT(float, m + 8) * d.z,
                      AT(float, m + 16) * d.x + AT(float, m + 20) * d.y + AT(float, m + 24) * d.z,
                      AT(float, m + 32) * d.x + AT(float, m + 36) * d.y + AT(float, m + 40) * d.z};
      if (traverseMesh(AT(uint32_t, instance), lo, ld, tMin, any, hit)) {
        hit->instance = index;
        found = 1;
        if (any) return 1;
      }
    } else {
      const address node = tlas + child * NODE_BYTES;
      SLABS(node, wasm_f32x4_splat(hit->t));
      sp = push(node, tn, mask, sp);
    }
    uint64_t entry;
    do {
      if (sp == STACK_TOP) return found;
      sp -= 8;
      entry = AT(uint64_t, sp);
    } while (keyOf(entry) > hit->t);
    child = (int32_t)entry;
  }
}

// Rays of 8 floats (origin, tMin, direction, tMax) to hits of 8 words (t, u, v, triangle, instance or −1).
__attribute__((export_name("cast"))) void cast(address rays, int32_t count, address out, int32_t any) {
  for (int32_t i = 0; i < count; i++, rays += 32, out += 32) {
    // The record itself holds the hit, so that no stack is needed: the memory is the kernel's.
    Hit *const hit = (Hit *)out;
    *hit = (Hit){AT(float, rays + 28), 0, 0, 0, -1};
    const Vec o = {AT(float, rays), AT(float, rays + 4), AT(float, rays + 8)};
    const Vec d = {AT(float, rays + 16), AT(float, rays + 20), AT(float, rays + 24)};
    const int found = traverse(o, d, AT(float, rays + 12), any, hit);
    if (any) hit->instance = found ? 0 : -1;
  }
}
