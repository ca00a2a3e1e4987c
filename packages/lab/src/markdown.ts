/** Evidence as a table for the docs. */
import { type Claim, type Evidence, measurementText, targetText } from './evidence.ts'

const row = (c: Claim): string => {
  const measured = measurementText(c)
  return `| ${c.claim.replaceAll('|', '\\|')} | ${c.holds === false ? `**${measured}**` : measured} | ${c.target ? targetText(c.target) : '–'} |`
}

/** A table of claims in Markdown: what is measured with its 95 % interval, what was wanted; in bold what missed. */
export function claimsMarkdown(e: Evidence): string {
  const judged = e.claims.filter(c => c.holds !== null)
  const held = judged.filter(c => c.holds).length
  return [
    `\`${e.command}\`, version ${e.version}: ${held} of ${judged.length} targets hold. Brackets are 95 %, bold is what missed, – is only reported.`,
    '',
    '| claim | measured | wanted |',
    '| --- | --- | --- |',
    ...e.claims.map(row),
  ].join('\n')
}

/** The text with the table between `<!-- figures NAME -->` and `<!-- /figures -->` made from the evidence of that name. */
export const withFigures = (text: string, evidence: (name: string) => Evidence): string =>
  text.replaceAll(
    /<!-- figures ([\w-]+) -->[\s\S]*?<!-- \/figures -->/g,
    (_, name: string) => `<!-- figures ${name} -->\n\n${claimsMarkdown(evidence(name))}\n\n<!-- /figures -->`,
  )
