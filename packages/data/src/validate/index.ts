export { GEOMETRY_CHECKS } from './checks/index.ts'
export { reportPage } from './page.ts'
export type { CheckSummary, ErrorStatistics, Finding, Note, Report } from './report.ts'
export { type ValidateOptions, validateDataset } from './validate.ts'
