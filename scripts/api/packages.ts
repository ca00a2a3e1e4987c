import type { Entry } from './pages.ts'

/** The packages that have a reference. */
export const PACKAGES: readonly { readonly name: string; readonly title: string; readonly entries: readonly Entry[] }[] = [
  {
    name: 'tensor',
    title: '@dioramic/tensor',
    entries: [
      { file: 'src/index.ts', name: '@dioramic/tensor' },
      { file: 'src/node/index.ts', name: '@dioramic/tensor/node' },
      { file: 'src/web/index.ts', name: '@dioramic/tensor/web' },
    ],
  },
]
