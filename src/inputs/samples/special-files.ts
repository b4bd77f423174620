import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { onTestFinished } from 'vitest'

export function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path])
}

export async function makeSocket(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(path, resolve)
  })
  onTestFinished(() => {
    server.close()
  })
}
