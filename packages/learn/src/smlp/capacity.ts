import { needWhole, SmlpError } from './error.ts'

/**
 * Rows that each expert has room for: ⌊factor · choices · ⌈rows / experts⌉⌋ (Lepikhin et al. 2020, "GShard"; Fedus et al. 2022, "Switch transformers"). What comes when an expert is full
 * is dropped. @throws SmlpError where there would be no room at all
 */
export function capacityOf(
  rows: number,
  experts: number,
  { factor, choices = 1 }: { readonly factor: number; readonly choices?: number },
): number {
  needWhole('the number of experts', experts)
  const capacity = Math.floor(factor * choices * Math.ceil(rows / experts))
  if (!(capacity >= 1))
    throw new SmlpError(
      `a capacity factor of ${factor} leaves ${experts} experts room for ${capacity} of ${rows} rows each: take a factor from 1, fewer experts or a larger batch`,
    )
  return capacity
}
