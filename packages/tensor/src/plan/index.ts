export { type CompileFunctionOptions, compile } from './compile.ts'
export { interpreter } from './interpreter.ts'
export type { CompileOptions, Executable, Report, Runtime, Tap } from './runtime.ts'
