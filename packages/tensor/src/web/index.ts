/** The tensor engine in a page. */
export { createArena } from './kernel.ts'
