// Constants that loops use, as vectors in memory. Written as literals they would be made anew, in three instructions, at every use (V8
// keeps no vector constant in a register): loading them makes Philox and the polynomials nearly twice as fast.

const TABLE = 256
export const PHILOX_M0 = TABLE
export const PHILOX_M1 = TABLE + 16
export const PHILOX_W0 = TABLE + 32
export const PHILOX_W1 = TABLE + 48
export const ONE = TABLE + 64
export const HALF = TABLE + 80
export const LN2_HIGH = TABLE + 96
export const LN2_LOW = TABLE + 112
export const LOG = TABLE + 128
export const SIN = TABLE + 256
export const COS = TABLE + 320
export const EXP = TABLE + 384
export const ERFCX = TABLE + 480
export const SQRT_HALF = TABLE + 640
export const TURN = TABLE + 656
export const LOG2E = TABLE + 672
export const MINUS_87 = TABLE + 688
export const DENSITY = TABLE + 704
export const LOG_SPLIT = TABLE + 720
export const UNIT_31 = TABLE + 736
export const MINUS_2 = TABLE + 752
export const ERFCX_SCALE = TABLE + 768
export const MINUS_HALF = TABLE + 784
// The host gives each instance 1280 bytes.

/** 256 bytes of this instance's own, and the table behind them. */
export let scratch: usize = 0
export function setScratch(at: usize): void {
  scratch = at
  word(PHILOX_M0, 0xd2511f53)
  word(PHILOX_M1, 0xcd9e8d57)
  word(PHILOX_W0, 0x9e3779b9)
  word(PHILOX_W1, 0xbb67ae85)
  word(LOG_SPLIT, 0x3f3504f3)
  real(ONE, 1)
  real(HALF, 0.5)
  real(MINUS_HALF, -0.5)
  real(MINUS_2, -2)
  real(MINUS_87, -87)
  real(LOG2E, 1.4426950408889634)
  real(SQRT_HALF, 0.7071067811865476)
  real(DENSITY, 0.3989422804014327)
  real(TURN, 2.3283064365386963e-10)
  real(UNIT_31, 4.656612873077393e-10)
  real(ERFCX_SCALE, 0.35)
  // ln 2 in two parts: the first has 9 bits, so its multiples are exact.
  real(LN2_HIGH, 0.693359375)
  real(LN2_LOW, -0.00021219444170128554)
  // Polynomials of our own fit (minimax by Lawson's iteration), highest power first.
  real(LOG, -0.07634497433900833)
  real(LOG + 16, 0.1276157796382904)
  real(LOG + 32, -0.13160182535648346)
  real(LOG + 48, 0.14201757311820984)
  real(LOG + 64, -0.16623356938362122)
  real(LOG + 80, 0.20001226663589478)
  real(LOG + 96, -0.2500081956386566)
  real(LOG + 112, 0.3333333134651184)
  real(SIN, -0.004601659253239632)
  real(SIN + 16, 0.07968003302812576)
  real(SIN + 32, -0.6459634900093079)
  real(SIN + 48, 1.5707963705062866)
  real(COS, 0.0009037665440700948)
  real(COS + 16, -0.02086016535758972)
  real(COS + 32, 0.25366923213005066)
  real(COS + 48, -1.2337005138397217)
  // Taylor's, on ±½ ln 2.
  real(EXP, 0.0001984126984126984)
  real(EXP + 16, 0.001388888888888889)
  real(EXP + 32, 0.008333333333333333)
  real(EXP + 48, 0.041666666666666664)
  real(EXP + 64, 0.16666666666666666)
  real(EXP + 80, 0.5)
  real(ERFCX, 0.03760750591754913)
  real(ERFCX + 16, -0.15446794033050537)
  real(ERFCX + 32, 0.17056742310523987)
  real(ERFCX + 48, -0.012556245550513268)
  real(ERFCX + 64, 0.07382145524024963)
  real(ERFCX + 80, 0.15349824726581573)
  real(ERFCX + 96, 0.14845873415470123)
  real(ERFCX + 112, 0.18852438032627106)
  real(ERFCX + 128, 0.19705821573734283)
  real(ERFCX + 144, 0.1974882185459137)
}
function word(at: i32, w: u32): void { v128.store(scratch + <usize>at, i32x4.splat(w)) }
function real(at: i32, x: f32): void { v128.store(scratch + <usize>at, f32x4.splat(x)) }
