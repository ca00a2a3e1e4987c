// Constants that loops use, as vectors in memory. Written as literals they would be made anew, in three instructions, at every use (V8
// keeps no vector constant in a register): loaded, Philox and the polynomials are a fifth faster.

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
export const TURN = TABLE + 384
export const LOG_SPLIT = TABLE + 400
export const UNIT_31 = TABLE + 416
export const MINUS_2 = TABLE + 432
export const GELU_START = TABLE + 448
export const GELU_END = TABLE + 464
export const GELU_P = TABLE + 480
export const GELU_Q = TABLE + 592
// The host gives each instance 1024 bytes.

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
  real(MINUS_2, -2)
  real(TURN, 2.3283064365386963e-10)
  real(UNIT_31, 4.656612873077393e-10)
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
  real(GELU_START, -5.9)
  real(GELU_END, 5.9)
  real(GELU_P, 3.045620353137046e-11)
  real(GELU_P + 16, 1.8479073560229153e-07)
  real(GELU_P + 32, 3.566064697224647e-05)
  real(GELU_P + 48, 1.6694672012818046e-05)
  real(GELU_P + 64, 0.01422251109033823)
  real(GELU_P + 80, -0.031203536316752434)
  real(GELU_P + 96, 0.7978852987289429)
  real(GELU_Q, 8.790431820671074e-06)
  real(GELU_Q + 16, 0.0001908553094835952)
  real(GELU_Q + 32, 0.0035064152907580137)
  real(GELU_Q + 48, 0.04088464379310608)
  real(GELU_Q + 64, 0.2942332327365875)
}
function word(at: i32, w: u32): void { v128.store(scratch + <usize>at, i32x4.splat(w)) }
function real(at: i32, x: f32): void { v128.store(scratch + <usize>at, f32x4.splat(x)) }
