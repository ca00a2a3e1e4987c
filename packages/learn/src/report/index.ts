/** Reports: pages, tables and pictures. */
export { document, escaped, short, type Table, tableHtml } from './html.ts'
export { bars, blues, category, type GridOptions, greys, grid, polygons, scatter, signed, type Tile, tiles } from './pictures.ts'
export { type SheetRow, sheet } from './sheet.ts'
export { wilson } from './wilson.ts'
