/** What a package exports: each name with its declaration's text and the comment before it, read from the source. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'vite'

/** The parts of the syntax tree (ESTree with TypeScript's nodes) that are read here. */
interface Syntax {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly kind?: string
  readonly name?: string
  readonly accessibility?: string
  readonly id?: Syntax | null
  readonly key?: Syntax
  readonly value?: Syntax | string | null
  readonly init?: Syntax | null
  readonly callee?: Syntax
  readonly body?: Syntax | readonly Syntax[] | null
  readonly source?: Syntax | null
  readonly local?: Syntax
  readonly exported?: Syntax | null
  readonly declaration?: Syntax | null
  readonly declarations?: readonly Syntax[]
  readonly specifiers?: readonly Syntax[]
  readonly params?: readonly Syntax[]
  readonly returnType?: Syntax | null
  readonly typeParameters?: Syntax | null
  readonly typeAnnotation?: Syntax | null
}

/** A member of a class. */
export interface Member {
  readonly name: string
  readonly text: string
  readonly doc: string
}

/** An exported name. */
export interface Declaration {
  /** As users write it: `optim.adamw`. */
  readonly name: string
  readonly kind: 'function' | 'class' | 'constant' | 'type'
  /** Absolute path of the source file. */
  readonly file: string
  /** Its declaration without bodies. */
  readonly text: string
  /** The comment before it, without stars. Empty where there is none. */
  readonly doc: string
  readonly members: readonly Member[]
}

class Module {
  readonly file: string
  readonly source: string
  readonly body: readonly Syntax[]
  private readonly comments: readonly { readonly value: string; readonly start: number; readonly end: number }[]

  constructor(file: string) {
    this.file = file
    this.source = readFileSync(file, 'utf8')
    const { program, comments, errors } = parseSync(file, this.source)
    if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`)
    this.body = (program as unknown as { body: readonly Syntax[] }).body
    this.comments = comments
  }

  text(from: number, to: number): string {
    return this.source.slice(from, to).trim()
  }

  /** The /** comment that ends right before a place. */
  doc(at: number): string {
    const comment = this.comments.findLast(c => c.end <= at && c.value.startsWith('*'))
    if (!comment) return ''
    const between = this.source.slice(comment.end, at).replace(/^\s*\/\/.*$/gm, '')
    if (/\S/.test(between)) return ''
    return comment.value
      .replace(/^\*/, '')
      .split('\n')
      .map(line => line.replace(/^\s*\* ?/, '').trimEnd())
      .join('\n')
      .trim()
  }
}

const modules = new Map<string, Module>()
const moduleAt = (file: string): Module => {
  if (!existsSync(file)) throw new Error(`${file} is not there`)
  let m = modules.get(file)
  if (!m) modules.set(file, (m = new Module(file)))
  return m
}

const nameOf = (s: Syntax | null | undefined): string => s?.name ?? (s?.value as string)
const listOf = (s: Syntax['body']): readonly Syntax[] => (Array.isArray(s) ? s : ((s as Syntax | null)?.body as readonly Syntax[])) ?? []

/** All names that a module exports, those of other modules that it passes on included. */
export function declarationsOf(file: string, prefix = ''): Declaration[] {
  const m = moduleAt(file)
  const out: Declaration[] = []
  for (const s of m.body) {
    const from = s.source ? join(dirname(file), s.source.value as unknown as string) : undefined
    if (s.type === 'ExportAllDeclaration') {
      out.push(...declarationsOf(from!, s.exported ? `${prefix}${nameOf(s.exported)}.` : prefix))
    } else if (s.type === 'ExportNamedDeclaration' && s.declaration) {
      for (const name of namesOf(s.declaration)) out.push(...declared(m, name, prefix + name))
    } else if (s.type === 'ExportNamedDeclaration') {
      for (const e of s.specifiers ?? []) out.push(...declared(moduleAt(from ?? file), nameOf(e.local), prefix + nameOf(e.exported)))
    }
  }
  // Overloads are one declaration.
  return [...new Map(out.map(d => [d.name, d])).values()]
}

const namesOf = (s: Syntax): string[] => (s.declarations ? s.declarations.map(d => nameOf(d.id)) : [nameOf(s.id)])

/** The declaration of a name in a module, followed to where it is. */
function declared(m: Module, name: string, as: string): Declaration[] {
  const found = m.body.flatMap(s => {
    const declaration = s.type === 'ExportNamedDeclaration' ? s.declaration : s
    return declaration?.id || declaration?.declarations ? [{ at: s.start, declaration }] : []
  })
  const own = found.filter(f => namesOf(f.declaration).includes(name))
  if (own.length === 0) {
    for (const s of m.body) {
      if (!s.source) continue
      const from = join(dirname(m.file), s.source.value as unknown as string)
      const specifier = s.specifiers?.find(e => nameOf(s.type === 'ImportDeclaration' ? e.local : e.exported) === name)
      if (specifier)
        return declared(
          moduleAt(from),
          nameOf(s.type === 'ImportDeclaration' ? (specifier as { imported?: Syntax }).imported : specifier.local),
          as,
        )
      if (s.type === 'ExportAllDeclaration' && !s.exported) {
        const inner = declarationsOf(from).find(d => d.name === name)
        if (inner) return [{ ...inner, name: as }]
      }
    }
    throw new Error(`${m.file} passes on "${name}", which is nowhere`)
  }
  const overloads = own.filter(f => f.declaration.type === 'TSDeclareFunction')
  const used = overloads.length > 0 ? overloads : own
  const short = as.split('.').at(-1)!
  const parts = used.map(f => signature(m, f.declaration, name, short))
  return [
    {
      name: as,
      kind: parts[0]!.kind,
      file: m.file,
      text: parts.map(p => p.text).join('\n'),
      doc: own.map(f => m.doc(f.at)).find(d => d !== '') ?? '',
      members: own[0]!.declaration.type === 'ClassDeclaration' ? membersOf(m, own[0]!.declaration) : [],
    },
  ]
}

function signature(m: Module, s: Syntax, name: string, as: string): { readonly kind: Declaration['kind']; readonly text: string } {
  const head = (f: Syntax): string => {
    const from =
      f.typeParameters?.start ?? m.source.lastIndexOf('(', f.params?.[0]?.start ?? f.returnType?.start ?? (f.body as Syntax).start)
    const to = f.returnType?.end ?? m.source.lastIndexOf(f.type === 'ArrowFunctionExpression' ? '=>' : '{', (f.body as Syntax).start + 1)
    return m.text(from, to)
  }
  if (s.type === 'FunctionDeclaration' || s.type === 'TSDeclareFunction') {
    const to = s.body ? (s.body as Syntax).start : s.end
    return { kind: 'function', text: m.text(s.start, to).replace(new RegExp(`^(async )?function ${name}`), `$1function ${as}`) }
  }
  if (s.type === 'ClassDeclaration') return { kind: 'class', text: m.text(s.start, (s.body as Syntax).start) }
  if (s.declarations) {
    const d = s.declarations.find(x => nameOf(x.id) === name)!
    const annotation = d.id?.typeAnnotation
    if (annotation) return { kind: 'constant', text: `const ${as}${m.text(annotation.start, annotation.end)}` }
    if (d.init?.type === 'ArrowFunctionExpression') return { kind: 'function', text: `function ${as}${head(d.init)}` }
    const inner = madeBy(m, d.init!)
    if (inner) return { kind: 'function', text: `function ${as}${head(inner)}` }
    const value = m.text(d.init!.start, d.init!.end)
    return { kind: 'constant', text: `const ${as}${value.length <= 100 && !value.includes('\n') ? ` = ${value}` : ''}` }
  }
  return { kind: 'type', text: m.text(s.start, s.end) }
}

/** The function that a call makes, where the called one is the module's own `const f = (…) => (…) => …`. */
function madeBy(m: Module, init: Syntax): Syntax | undefined {
  if (init.type !== 'CallExpression') return undefined
  const maker = m.body.flatMap(s => s.declarations ?? []).find(d => nameOf(d.id) === nameOf(init.callee))?.init
  const inner = maker?.body as Syntax | undefined
  return inner?.type === 'ArrowFunctionExpression' ? inner : undefined
}

function membersOf(m: Module, s: Syntax): Member[] {
  return listOf(s.body).flatMap(member => {
    if (!member.key || member.accessibility === 'private' || member.type.includes('Private') || member.key.type === 'PrivateIdentifier')
      return []
    const value = member.value as Syntax | null
    const body = value?.body as Syntax | undefined
    const to = body ? body.start : (member.typeAnnotation?.end ?? value?.end ?? member.end)
    const name = nameOf(member.key)
    return [{ name, text: m.text(member.start, to).replace(/^override /, ''), doc: m.doc(member.start) }]
  })
}
