import type { ArrayType } from '../checkpoint/fit.ts'
import type { Json } from '../checkpoint/record.ts'
import { type LoadOptions, loadArrays, loadState, type SaveOptions, saveState, type TrainState } from '../checkpoint/state.ts'
import { loadTorch, type TorchOptions } from '../checkpoint/torch.ts'
import type { NDArray } from '../graph/array.ts'
import type { MapTree } from '../graph/tree.ts'
import { withFile, writeFileAtomic } from './files.ts'

/** `saveState` into a file that is there whole or not at all: a run that is killed while saving leaves the state before. */
export const saveStateFile = <R extends Json>(path: string, state: TrainState<unknown, R>, options?: SaveOptions): Promise<void> =>
  writeFileAtomic(path, sink => saveState(sink, state, options))

/** `loadState` from a file. */
export const loadStateFile = <T, R extends Json = Json>(
  path: string,
  expected: T,
  options?: LoadOptions<R>,
): Promise<TrainState<MapTree<T, ArrayType, NDArray>, R> & { readonly differences: readonly string[] }> =>
  withFile(path, source => loadState(source, expected, options))

/** `loadArrays` from a file. */
export const loadArraysFile = <T>(path: string, expected: T, prefix?: string): Promise<MapTree<T, ArrayType, NDArray>> =>
  withFile(path, source => loadArrays(source, expected, prefix))

/** `loadTorch` from a file. */
export const loadTorchFile = (path: string, options?: TorchOptions): Promise<Map<string, NDArray>> =>
  withFile(path, source => loadTorch(source, options))
