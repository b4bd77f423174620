import { nearestWord } from '../../nearest-word.ts'
import type { DocumentPath } from '../../parse/documents.ts'
import { isRecord, type Tell } from '../../parse/selection.ts'

/** The parameters of one entry, read strictly: what is wrong is told with its place, and so is what nobody asked for. */
export class Parameters {
  readonly path: DocumentPath
  readonly tell: Tell
  private readonly content: Readonly<Record<string, unknown>>
  private readonly asked: Set<string>
  private faults = 0

  constructor(
    content: Readonly<Record<string, unknown>>,
    path: DocumentPath,
    tell: Tell,
    known: readonly string[],
  ) {
    this.content = content
    this.path = path
    this.tell = tell
    this.asked = new Set(known)
  }

  /** Tells of what was not asked for. Whether everything was right. */
  isDone(): boolean {
    for (const key of Object.keys(this.content)) {
      if (this.asked.has(key)) continue
      const meant = nearestWord(key, [...this.asked])
      this.fail(key, `unknown key ${key}${meant === null ? '' : ` (did you mean ${meant}?)`}`)
    }
    return this.faults === 0
  }

  fail(key: string | null, message: string): void {
    this.faults++
    this.tell(key === null ? this.path : [...this.path, key], 'error', message)
  }

  raw(key: string): unknown {
    this.asked.add(key)
    return this.content[key]
  }

  has(key: string): boolean {
    return this.content[key] !== undefined && this.content[key] !== null
  }

  /** Empty where it is wrong (told). */
  text(key: string): string {
    const value = this.raw(key)
    if (typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    this.fail(
      key in this.content ? key : null,
      `${key} ${value === undefined ? 'is missing' : 'must be a text'}`,
    )
    return ''
  }

  textOrNull(key: string): string | null {
    return this.raw(key) === undefined || this.raw(key) === null ? null : this.text(key)
  }

  flag(key: string): boolean {
    const value = this.raw(key)
    if (value === undefined || typeof value === 'boolean') return value ?? false
    this.fail(key, `${key} takes true or false`)
    return false
  }

  /** One of some words; the first where nothing is said. */
  word<Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.raw(key)
    if (value === undefined || value === null) return words[0]
    const word = words.find((one) => one === value)
    if (word === undefined) this.fail(key, `${key} takes ${words.join(', ')}`)
    return word ?? words[0]
  }

  texts(key: string): string[] {
    const value = this.raw(key)
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    const texts = list.filter((one) => typeof one === 'string' || typeof one === 'number').map(String)
    if (texts.length === 0 || texts.length !== list.length)
      this.fail(
        key in this.content ? key : null,
        `${key} ${value === undefined ? 'is missing' : 'must be a text or a list of texts'}`,
      )
    return texts
  }

  textsOrNull(key: string): string[] | null {
    return this.has(key) ? this.texts(key) : (this.raw(key), null)
  }

  /** A map of texts to a text or a list of texts. */
  textMap(key: string): Map<string, readonly string[]> {
    const value = this.raw(key)
    const map = new Map<string, readonly string[]>()
    if (!isRecord(value)) {
      this.fail(
        key in this.content ? key : null,
        `${key} ${value === undefined ? 'is missing' : 'must be a map'}`,
      )
      return map
    }
    for (const [name, one] of Object.entries(value)) {
      const list: readonly unknown[] = Array.isArray(one) ? one : [one]
      const texts = list.filter((text) => typeof text === 'string' || typeof text === 'number').map(String)
      if (texts.length === 0 || texts.length !== list.length) {
        this.faults++
        this.tell([...this.path, key, name], 'error', `${name} must be a text or a list of texts`)
      } else map.set(name, texts)
    }
    return map
  }

  /** A regular expression as Python writes it; null where it is none (told). With `isAnchored` as `re.match`. */
  pattern(key: string, isAnchored: boolean): RegExp | null {
    const text = this.text(key)
    return text === '' ? null : this.compiled(key, text, isAnchored)
  }

  compiled(key: string, text: string, isAnchored: boolean): RegExp | null {
    const source = text.replaceAll('(?P<', '(?<')
    try {
      return new RegExp(isAnchored ? `^(?:${source})` : source, 'g')
    } catch {
      this.fail(key, `${text} is no regular expression`)
      return null
    }
  }
}
