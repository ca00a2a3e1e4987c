/** Source that decides what the networks of this experiment compute and how they begin. */
export const NETWORKS_CODE: readonly string[] = [
  'lab/src/mup/networks.ts',
  'lab/src/mup/tasks.ts',
  'learn/src/mup/kind.ts',
  'learn/src/mup/mup.ts',
  'learn/src/mup/tables.ts',
  'tensor/src/nn/conv.ts',
  'tensor/src/nn/draw.ts',
  'tensor/src/nn/heads.ts',
  'tensor/src/nn/linear.ts',
  'tensor/src/nn/parameter.ts',
  'tensor/src/optim/adam.ts',
]
