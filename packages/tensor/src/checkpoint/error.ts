import { TensorError } from '../error.ts'

/** Everything the readers and writers of checkpoints refuse: what, where (file and array) and what to do. Nothing is handed out when it is thrown. */
export class CheckpointError extends TensorError {
  override readonly name = 'CheckpointError'
}
