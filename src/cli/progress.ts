import type { Progress } from '../pipeline/analyse.ts'
import { formatBytes, formatCount } from '../text/units.ts'

const REDRAW_MS = 100
const BAR_CELLS = 20

/** One line on a terminal that says how far reading has come; nothing where nobody watches. */
export class ProgressLine {
  private readonly out: NodeJS.WriteStream
  private readonly totalBytes: number
  private readonly isShown: boolean
  private drawnAt = 0

  /** `totalBytes`: stored size of what is read; unpacked bytes may be more, so the bar is a guide. */
  constructor(out: NodeJS.WriteStream, totalBytes: number, isQuiet: boolean) {
    this.out = out
    this.totalBytes = totalBytes
    this.isShown = out.isTTY && !isQuiet
  }

  show(progress: Progress): void {
    if (!this.isShown) return
    const now = performance.now()
    if (now - this.drawnAt < REDRAW_MS) return
    this.drawnAt = now
    const share = this.totalBytes === 0 ? 0 : Math.min(1, progress.bytes / this.totalBytes)
    const full = Math.round(share * BAR_CELLS)
    const bar = `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}`
    const found = progress.findings === 1 ? '1 finding' : `${formatCount(progress.findings)} findings`
    this.out.write(
      `\r\u001B[K  ${bar}  ${formatBytes(progress.bytes)}  ${formatCount(progress.records)} records  ${found}`,
    )
  }

  clear(): void {
    if (this.isShown) this.out.write('\r\u001B[K')
  }
}
