/** The experiments by name; each is loaded when it is run. */
import type { Experiment } from './experiment.ts'

export const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  agent: async () => (await import('./agent/experiment.ts')).agent,
  'block-recurrent': async () => (await import('./block-recurrent/experiment.ts')).blockRecurrent,
  deepnorm: async () => (await import('./deepnorm/experiment.ts')).deepnorm,
  embeddings: async () => (await import('./embeddings/experiment.ts')).embeddings,
  gan: async () => (await import('./gan/experiment.ts')).gan,
  language: async () => (await import('./language/experiment.ts')).language,
  mup: async () => (await import('./mup/experiment.ts')).mup,
  smlp: async () => (await import('./smlp/experiment.ts')).smlp,
  soups: async () => (await import('./soups/experiment.ts')).soups,
  theory: async () => (await import('./theory/experiment.ts')).theory,
}
