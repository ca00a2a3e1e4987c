/** The first bytes of an arena's memory, which no view covers. */

export const PAGE = 65536
/** Threads an arena may have, the caller's included. */
export const MAX_THREADS = 16
/** Sums of squares of the fixed chunks, f64. */
export const PARTIALS = 1024
export const CHUNKS = 16
/** One mailbox a helper thread: i32 state, i32 call, i32 number of arguments, i32 failed; then the arguments, f64. */
export const mailbox = (thread: number) => 2048 + thread * 256
export const MAILBOX_ARGUMENTS = 64
/** Each instance's own scratch and constants: 1024 bytes (kernel/constants.ts). */
export const scratch = (thread: number) => 8192 + thread * 1024
/** Where views begin. */
export const ARENA_START = 8192 + MAX_THREADS * 1024

export const IDLE = 0
export const POSTED = 1
export const QUIT = 2
