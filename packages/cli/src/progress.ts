/** How a run tells what it does: a line that moves on a terminal, JSON lines elsewhere. */
import type { RunEvent } from '@dioramic/generate/node'
import pc from 'picocolors'
import { bytes, duration } from './units.ts'

export interface Progress {
  event(e: RunEvent): void
  /** How far a run of many steps is; `eta` in seconds. */
  step(label: string, done: number, total: number, eta: number): void
  /** Anything else: one fact. */
  say(event: string, facts: Readonly<Record<string, unknown>>, text: string): void
  done(): void
}

/** JSON lines on stdout; progress at most once a second. */
function lines(): Progress {
  let last = 0
  const put = (event: string, facts: Readonly<Record<string, unknown>>) => process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`)
  return {
    say: (event, facts) => put(event, facts),
    done: () => {},
    step(label, done, total, eta) {
      const now = Date.now()
      if (now - last < 1000 && done < total) return
      last = now
      put('progress', { step: label, done, total, eta: round(eta) })
    },
    event(e) {
      if (e.type === 'plan')
        put('plan', {
          world: e.recipe.world,
          count: e.recipe.count,
          seed: e.recipe.seed,
          todo: e.todo,
          done: e.done,
          workers: e.workers,
          planHash: e.recipe.planHash,
        })
      else if (e.type === 'estimate')
        put('estimate', {
          seconds: round(e.seconds),
          bytes: Math.round(e.bytes),
          memory: e.memory,
          threads: e.threads,
          frames: e.frames,
          noise: e.noise === null ? null : round(e.noise),
        })
      else if (e.type === 'clip')
        put('clip', { index: e.entry.index, path: e.entry.path, frames: e.entry.frames, bytes: e.entry.bytes, seconds: round(e.seconds) })
      else if (e.type === 'quarantined') put('quarantined', { ...e.record })
      else {
        const now = Date.now()
        if (now - last < 1000 && e.done < e.total) return
        last = now
        put('progress', { clip: e.clip, frame: e.frame, done: e.done, total: e.total, eta: e.eta === null ? null : round(e.eta) })
      }
    },
  }
}

const round = (x: number) => Math.round(x * 1000) / 1000

/** One moving line on stderr, facts above it. */
function terminal(): Progress {
  const clear = '\r\u001b[2K'
  const line = (text: string) => process.stderr.write(`${clear}${text}\n`)
  const moving = (done: number, total: number, text: string) => {
    const filled = Math.round((total > 0 ? done / total : 1) * 24)
    process.stderr.write(`${clear}${pc.cyan(`${'█'.repeat(filled)}${'░'.repeat(24 - filled)}`)} ${done}/${total} ${text}`)
  }
  return {
    say: (_event, _facts, text) => line(text),
    done: () => process.stderr.write(clear),
    step: (label, done, total, eta) => moving(done, total, `${label}, ${duration(eta)} left`),
    event(e) {
      if (e.type === 'plan') {
        const kept = e.done > 0 ? `, ${e.done} already there` : ''
        line(
          `${pc.bold(e.recipe.world)}  seed ${e.recipe.seed}, ${e.todo} ${e.todo === 1 ? 'clip' : 'clips'} to make${kept}, ${e.workers} ${e.workers === 1 ? 'thread' : 'threads'}`,
        )
      } else if (e.type === 'estimate') {
        const noise = e.noise === null ? '' : `, noise before denoising about ${(100 * e.noise).toFixed(1)} %`
        line(
          pc.dim(`estimate: ${duration(e.seconds)}, ${bytes(e.bytes)} for ${e.frames} frames, about ${bytes(e.memory)} of memory${noise}`),
        )
      } else if (e.type === 'clip')
        line(`${pc.green('✔')} clip ${e.entry.index}  ${e.entry.frames} frames, ${bytes(e.entry.bytes)}, ${duration(e.seconds)}`)
      else if (e.type === 'quarantined') line(`${pc.yellow('✖')} clip ${e.record.index} cannot be made: ${e.record.reason}`)
      else {
        moving(e.done, e.total, `frames${e.eta === null ? '' : `, ${duration(e.eta)} left`}`)
      }
    },
  }
}

/** Whether a person is watching; otherwise output is JSON lines. */
export const onTerminal = (): boolean => Boolean(process.stderr.isTTY && process.stdout.isTTY)

export const progress = (): Progress => (onTerminal() ? terminal() : lines())
