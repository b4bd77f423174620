import { isIP } from 'node:net'
import { identifier, type Identifier } from '../../event/identifier.ts'

/** `10.0.3.17:9100`, `[2001:db8::1]:9100`, `web-1:9100`, `web-1`: who was asked for its measurements. Null for nothing, and for what asks itself. */
export function machineBehind(target: string): Identifier | null {
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/u.exec(target)?.[1] ??
    (isIP(target) === 0 ? target.replace(/:\d+$/u, '') : target)
  const name = bare.trim().slice(0, 253)
  if (name === '' || name === 'localhost' || name === '127.0.0.1' || name === '::1') return null
  if (/^i-[0-9a-f]{8,17}$/u.test(name)) return identifier('instance', name)
  return isIP(name) === 0 ? identifier('host', name) : identifier('ip', name)
}
