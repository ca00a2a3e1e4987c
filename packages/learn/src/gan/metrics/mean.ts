export const meanOf = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length
