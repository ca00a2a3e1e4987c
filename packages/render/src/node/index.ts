export { loadKernel } from './kernel.ts'
