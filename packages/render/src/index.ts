export type { CreateRenderer, Hits, LoadedScene, RadianceFrame, RadianceRequest, RayQuery, Rays, Renderer } from './types.ts'
