/** What `name=value` says among the words after a benchmark's name. */
export const setting = (name: string, words: readonly string[]): string | undefined =>
  words.find(w => w.startsWith(`${name}=`))?.slice(name.length + 1)
