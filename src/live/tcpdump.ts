import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import type { Input } from '../inputs/input.ts'

/** Where systems put it. Never looked for in PATH: whoever can write there would be started with these rights. */
const PLACES: readonly string[] = [
  '/usr/bin/tcpdump',
  '/usr/sbin/tcpdump',
  '/sbin/tcpdump',
  '/usr/local/sbin/tcpdump',
  '/usr/local/bin/tcpdump',
]
/**
 * Of a packet. Told at once (`--immediate-mode`, else up to a second late), each takes a place of this size in the
 * buffer: whole packets of every usual link fit, and a buffer of a given size holds 8 times as many as with 64 KiB.
 */
const SNAP_BYTES = 8_000
/** Buffer in the kernel, KiB: 16,000 packets, while this process does something else. */
const BUFFER_KIB = 131_072
/** Of its last words. */
const MAX_WORDS = 8_192

export interface LiveOptions {
  readonly interface: string
  /** A pcap filter expression; empty for all packets. */
  readonly filter: string
  /** The account it goes on as once the interface is open; null to stay. */
  readonly user: string | null
}

/** What became of the packets, as tcpdump counts them; null before it has told. */
export interface LiveCounts {
  readonly captured: number
  readonly received: number
  /** Lost because nobody took them out of the buffer in time, or by the interface itself. */
  readonly dropped: number
}

export function findTcpdump(places: readonly string[] = PLACES): string | null {
  return places.find(isExecutable) ?? null
}

/** Packets of an interface, as tcpdump hands them over: an input that ends when it is stopped. */
export class LiveCapture {
  readonly input: Input
  /** How it ended: null while it runs. */
  exitCode: number | null = null
  counts: LiveCounts | null = null
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  readonly #isOpen: Promise<void>
  #open: () => void = () => undefined
  #words = ''
  #isStopped = false

  constructor(program: string, options: LiveOptions) {
    const user = options.user === null ? [] : ['-Z', options.user]
    this.#child = spawn(
      program,
      [
        '-i',
        options.interface,
        '--immediate-mode',
        '-U',
        '-w',
        '-',
        '-s',
        String(SNAP_BYTES),
        '-n',
        '-B',
        String(BUFFER_KIB),
        ...user,
        '--',
        ...filterOf(options),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { LC_ALL: 'C' } },
    )
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text))
    this.#isOpen = new Promise((open) => (this.#open = open))
    this.#ended = new Promise((done) => {
      this.#child.once('error', (error) => {
        this.#words += error.message
        this.exitCode = 1
        done()
      })
      this.#child.once('close', (code, signal) => {
        // Somebody else ended it: what it had not handed over yet is lost, and it says nothing itself.
        if (signal !== null && !this.#isStopped) this.#words += `\nit was ended by ${signal}`
        this.exitCode = code ?? (this.#isStopped ? 0 : 1)
        done()
      })
    })
    this.input = {
      name: options.interface,
      group: 'live',
      storedSize: null,
      modifiedAt: null,
      head: new Uint8Array(0),
      tail: () => null,
      chunks: () => this.#chunks(),
    }
  }

  /** Resolves once the interface is open, or never is. */
  async opened(): Promise<void> {
    await Promise.race([this.#isOpen, this.#ended])
  }

  /** What it said, without the lines that every run has. */
  get words(): string {
    return this.#words
      .split('\n')
      .filter((line) => line !== '' && !USUAL.some((usual) => usual.test(line)))
      .map((line) => line.replace(/^tcpdump: /u, ''))
      .filter((line, at) => at === 0 || !line.startsWith('('))
      .join('; ')
  }

  /** Asks for the counts; they are in `counts` a moment later. */
  askForCounts(): void {
    if (this.exitCode === null) this.#child.kill('SIGUSR1')
  }

  /** Ends it; the input ends after what was captured so far. */
  stop(): void {
    this.#isStopped = true
    if (this.exitCode === null) this.#child.kill('SIGINT')
  }

  async ended(): Promise<void> {
    await this.#ended
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    const out = this.#child.stdout
    if (out === null) return
    for await (const chunk of out) if (chunk instanceof Uint8Array) yield chunk
  }

  #hear(text: string): void {
    this.#words = (this.#words + text).slice(-MAX_WORDS)
    if (this.#words.includes('listening on ')) this.#open()
    this.counts = readCounts(this.#words) ?? this.counts
  }
}

const USUAL = [
  /^tcpdump: listening on /u,
  /^tcpdump: data link type /u,
  /packets? (?:captured|received|dropped)/u,
  /^dropped privs to /u,
]

/** A single argument: tcpdump joins them anyway, and one that begins with a dash is no option behind `--`. */
function filterOf({ filter }: LiveOptions): string[] {
  return filter.trim() === '' ? [] : [filter]
}

/** The newest counts in what tcpdump said; null where there are none. Both its last words and its answer to a signal. */
export function readCounts(words: string): LiveCounts | null {
  const captured = lastNumber(words, /(\d+) packets? captured/gu)
  if (captured === null) return null
  return {
    captured,
    received: lastNumber(words, /(\d+) packets? received by filter/gu) ?? captured,
    dropped:
      (lastNumber(words, /(\d+) packets? dropped by kernel/gu) ?? 0) +
      (lastNumber(words, /(\d+) packets? dropped by interface/gu) ?? 0),
  }
}

function lastNumber(text: string, pattern: RegExp): number | null {
  let found: number | null = null
  for (const match of text.matchAll(pattern)) found = Number(match[1])
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
