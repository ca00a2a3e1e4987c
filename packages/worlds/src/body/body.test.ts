import { Key, massProperties, quat, type Vec3, vec3, watertightness } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { person, randomLook, skinAt } from './person.ts'
import { type Angles, JOINT_LIMITS, jointPlaces, type Pose, rotationsOf, settlePose } from './pose.ts'
import { randomPose, selfPenetration, YOGA_NAMES, YOGA_POSES } from './poses.ts'
import { BODY_DENSITY, type BodyShape } from './shape.ts'
import { COCO_KEYPOINTS, LENGTHS } from './skeleton.ts'
import { eyeball, template, wornOf } from './template.ts'
import { INFLUENCES } from './weights.ts'

const MAN: BodyShape = { height: 1.8, weight: 80, build: 1 }
const SHAPES: readonly BodyShape[] = [{ height: 1.58, weight: 47, build: 0 }, MAN, { height: 1.7, weight: 108, build: 0.4 }]
const CLOSED = { watertight: true, boundaryEdges: 0, nonManifoldEdges: 0, misorientedEdges: 0, degenerateTriangles: 0 }

describe('the skin', () => {
  test('is one closed surface', () => {
    expect(watertightness(template().skin)).toEqual({ ...CLOSED, components: 1 })
  })

  test.each(SHAPES)('$height m and $weight kg are what the mesh has', shape => {
    const { positions, normals } = skinAt(shape)
    const { indices } = template().skin
    const volume = massProperties({ positions, indices }).volume * shape.height ** 3
    expect(Math.abs((volume * BODY_DENSITY) / shape.weight - 1)).toBeLessThan(0.04)
    const heights = positions.filter((_, i) => i % 3 === 2)
    expect(Math.abs(Math.max(...heights) - 1)).toBeLessThan(0.005)
    expect(Math.abs(Math.min(...heights))).toBeLessThan(0.002)
    // Moving the template did not fold it: faces agree with the field's gradient.
    let folded = 0
    for (let t = 0; t < indices.length; t += 3) {
      const [a, b, c] = [0, 1, 2].map(k => [...positions.subarray(3 * indices[t + k]!, 3 * indices[t + k]! + 3)] as unknown as Vec3) as [
        Vec3,
        Vec3,
        Vec3,
      ]
      const face = vec3.cross(vec3.sub(b, a), vec3.sub(c, a))
      const n = [0, 1, 2].map(k => normals[3 * indices[t]! + k]!) as unknown as Vec3
      if (vec3.dot(face, n) < 0) folded++
    }
    expect(folded / (indices.length / 3)).toBeLessThan(0.01)
  })

  test('has the proportions of Winter’s table', () => {
    const { joints, positions } = skinAt(MAN)
    const at = (name: string) => joints.find(j => j.name === name)!.at
    const length = (a: string, b: string) => vec3.length(vec3.sub(at(a), at(b)))
    expect(length('left-elbow', 'left-wrist')).toBeCloseTo(LENGTHS.forearm, 3)
    expect(at('left-knee')[2]).toBeCloseTo(LENGTHS.knee, 3)
    // Longest finger from the wrist, and the foot from heel to toe, as the mesh has them.
    const [wrist, elbow] = [at('left-wrist'), at('left-elbow')]
    const along = vec3.normalize(vec3.sub(wrist, elbow))
    let [hand, heel, toe] = [0, 1, -1]
    for (let i = 0; i < positions.length; i += 3) {
      const p: Vec3 = [positions[i]!, positions[i + 1]!, positions[i + 2]!]
      if (p[1] > 0.2) hand = Math.max(hand, vec3.dot(vec3.sub(p, wrist), along))
      if (p[2] < 0.03) [heel, toe] = [Math.min(heel, p[0]), Math.max(toe, p[0])]
    }
    expect(Math.abs(hand / LENGTHS.hand - 1)).toBeLessThan(0.06)
    expect(Math.abs((toe - heel) / LENGTHS.foot - 1)).toBeLessThan(0.06)
  })

  test('hangs on its joints: weights sum to 1, no limb carries the other side, every keypoint of the face carries something', () => {
    const { skin, weights, joints } = template()
    const carried = new Float64Array(joints.length)
    for (let v = 0; v < skin.positions.length / 3; v++) {
      let sum = 0
      for (let k = INFLUENCES * v; k < INFLUENCES * (v + 1); k++) {
        const w = weights.weights[k]!
        sum += w
        carried[weights.joints[k]!]! += w
        const y = skin.positions[3 * v + 1]!
        const name = joints[weights.joints[k]!]!.name
        // Spreading reaches three edges of 24 mm.
        if (w > 0.02 && Math.abs(y) > 0.05) expect(name.startsWith(y > 0 ? 'right-' : 'left-'), `${name} at y = ${y}`).toBe(false)
      }
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6)
    }
    for (const [j, { name }] of joints.entries()) expect(carried[j], name).toBeGreaterThan(0.5)
  })

  test('a shape that nobody has is refused', () => {
    expect(() => skinAt({ height: 1.8, weight: 30, build: 1 })).toThrow(
      /30 kg at 1.8 m is a body-mass index of 9.3; it must be 15.5 to 42, here 50 to 136 kg/,
    )
    expect(() => skinAt({ height: 3, weight: 80, build: 1 })).toThrow(/height of 3 m/)
  })
})

describe('what is worn', () => {
  test.each(['top:tank-top', 'bottom:trousers', 'bottom:skirt', 'hair:long', 'shoes', 'lips', 'brows'] as const)('%s is closed', name => {
    const pair = name === 'shoes' || name === 'brows' ? 2 : 1
    expect(watertightness(wornOf(name).surface)).toEqual({ ...CLOSED, components: pair })
  })

  test('eyes are closed spheres in three parts', () => {
    const { white, iris, pupil } = eyeball(1)
    const positions = [...white.positions, ...iris.positions, ...pupil.positions]
    const [a, b] = [white.positions.length / 3, (white.positions.length + iris.positions.length) / 3]
    const indices = [...white.indices, ...iris.indices.map(i => i + a), ...pupil.indices.map(i => i + b)]
    expect(watertightness({ positions, indices }, 1e-9)).toMatchObject({ watertight: true, components: 1 })
    expect(massProperties({ positions, indices }).volume).toBeGreaterThan(0)
  })

  test('a person has parts with materials, COCO’s joints, and no skin under the middle of its clothes', () => {
    const draft = person({ ...randomLook(Key.fromSeed(1)), shape: MAN, top: 't-shirt', bottom: 'trousers', hair: 'short' })
    const g = draft.fields.geometry as Extract<typeof draft.fields.geometry, { type: 'mesh' }>
    const names = g.parts!.map(p => p.name)
    expect(names).toEqual(['skin', 'sclera', 'iris', 'pupil', 'lips', 'brows', 'hair', 'top', 'bottom', 'shoes'])
    expect(draft.fields.materials).toHaveLength(names.length)
    for (const k of COCO_KEYPOINTS) expect(g.skin!.joints.some(j => j.name === k)).toBe(true)
    // Nothing of the skin is left between knees and waist, or at the chest.
    const skin = g.indices.slice(0, 3 * g.parts![0]!.triangles)
    for (const i of skin) {
      const z = g.positions[3 * i + 2]! / MAN.height
      const x = g.positions[3 * i]!
      const y = Math.abs(g.positions[3 * i + 1]!) / MAN.height
      expect(y < 0.09 && ((z > 0.35 && z < 0.58) || (z > 0.65 && z < 0.72)), `skin at ${x}, ${y}, ${z}`).toBe(false)
    }
  })
})

const upright = (angles: Angles): Pose => ({ name: 'test', angles, root: quat.IDENTITY, contacts: [], flat: [] })
/** Direction from one joint to another. */
function direction(angles: Angles, from: string, to: string): Vec3 {
  const at = jointPlaces(settlePose(upright(angles), MAN), MAN)
  return vec3.normalize(vec3.sub(at.get(to)!, at.get(from)!))
}
const close = (a: Vec3, b: Vec3, within = 0.02) => expect(vec3.length(vec3.sub(a, b)), `${a} is not ${b}`).toBeLessThan(within)

describe('poses', () => {
  test('angles are what anatomy means by them', () => {
    close(direction({}, 'left-shoulder', 'left-elbow'), [0, 0, -1])
    close(direction({ 'left-shoulder-flexion': 90 }, 'left-shoulder', 'left-elbow'), [1, 0, 0])
    close(direction({ 'left-shoulder-abduction': 90 }, 'left-shoulder', 'left-elbow'), [0, 1, 0])
    close(direction({ 'right-shoulder-abduction': 90 }, 'right-shoulder', 'right-elbow'), [0, -1, 0])
    close(direction({ 'left-elbow-flexion': 90 }, 'left-elbow', 'left-wrist'), [1, 0, 0])
    // Arm to the side, elbow bent: turned outwards the forearm points up.
    const raised = { 'left-shoulder-abduction': 90, 'left-elbow-flexion': 90 }
    close(direction(raised, 'left-elbow', 'left-wrist'), [1, 0, 0])
    close(direction({ ...raised, 'left-shoulder-rotation': 90 }, 'left-elbow', 'left-wrist'), [0, 0, 1])
    // The knee lies 4 thousandths before the hip's axis.
    close(direction({ 'left-hip-flexion': 90 }, 'left-hip', 'left-knee'), [1, 0, 0], 0.03)
    close(direction({ 'right-hip-abduction': 40 }, 'right-hip', 'right-knee'), [0, -Math.sin(0.698), -Math.cos(0.698)], 0.03)
    close(direction({ 'left-knee-flexion': 90 }, 'left-knee', 'left-ankle'), [-1, 0, 0], 0.06)
    const turned = direction({ 'left-hip-rotation': 40 }, 'left-ankle', 'left-toes')
    expect(turned[1]).toBeGreaterThan(0.4)
    expect(direction({ 'spine-flexion': 40 }, 'pelvis', 'neck')[0]).toBeGreaterThan(0.3)
    expect(direction({ 'chest-bend': 15 }, 'pelvis', 'neck')[1]).toBeGreaterThan(0.05)
    expect(direction({ 'head-twist': 40 }, 'head', 'nose')[1]).toBeGreaterThan(0.5)
    expect(direction({ 'left-ankle-flexion': -40 }, 'left-ankle', 'left-toes')[2]).toBeLessThan(-0.7)
  })

  test('left and right are mirror images', () => {
    const angles = Object.keys(JOINT_LIMITS)
      .filter(n => !/^(spine|chest|neck|head)/.test(n))
      .map(n => [n, 11] as const)
    const of = (side: string) => jointPlaces(settlePose(upright(Object.fromEntries(angles.map(([n, v]) => [`${side}-${n}`, v]))), MAN), MAN)
    const [left, right] = [of('left'), of('right')]
    for (const [name, p] of left) {
      const twin = right.get(name.replace(/^(left|right)-/, s => (s === 'left-' ? 'right-' : 'left-')))!
      close([p[0], -p[1], 0], [twin[0], twin[1], 0], 1e-9)
    }
  })

  test('an unknown angle, or one past its limit, is refused', () => {
    expect(() => rotationsOf({ 'left-knee-flexion': 170 })).toThrow(/left-knee-flexion is 170°, past its limits 0° to 145°/)
    expect(() => rotationsOf({ 'knee-flexion': 10 })).toThrow(/there is no angle "knee-flexion"/)
    expect(() => rotationsOf({ 'left-spine-bend': 10 })).toThrow(/there is no angle/)
  })

  test.each(YOGA_NAMES)('%s bears on what it should', name => {
    const pose = YOGA_POSES[name]!
    rotationsOf(pose.angles)
    const posed = settlePose(pose, MAN)
    const at = jointPlaces(posed, MAN)
    expect(selfPenetration(posed, MAN)).toBeLessThan(0.05)
    // Joints that bear are within a hand's breadth of the ground, nothing is below it.
    for (const joint of pose.contacts) expect(at.get(joint)![2], joint).toBeLessThan(/pelvis|chest|hip/.test(joint) ? 0.24 : 0.16)
    for (const [joint, p] of at) expect(p[2], joint).toBeGreaterThan(0)
  })

  test('random poses keep their limbs apart and their feet on the ground', () => {
    for (let seed = 0; seed < 12; seed++) {
      const pose = randomPose(Key.fromSeed(seed), MAN)
      const posed = settlePose(pose, MAN)
      expect(selfPenetration(posed, MAN), `seed ${seed}`).toBeLessThan(0.03)
      const at = jointPlaces(posed, MAN)
      const ankles = [at.get('left-ankle')![2], at.get('right-ankle')![2]]
      expect(Math.max(...ankles), `seed ${seed}`).toBeLessThan(0.2)
    }
  })
})
