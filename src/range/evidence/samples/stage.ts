import type { MachineFacts } from '../../machine.ts'
import type { Process } from '../audit-calls.ts'
import type { OpenEvidence, PacketPassed, ProcessStarted } from '../witness.ts'

/** Keeps what witnesses write, by path. Opening a path twice is an error. */
export function collected(): {
  readonly open: OpenEvidence
  readonly paths: () => string[]
  readonly textOf: (path: string) => string
} {
  const files = new Map<string, Uint8Array[]>()
  return {
    open: (path) => {
      if (files.has(path)) throw new Error(`opened twice: ${path}`)
      const chunks: Uint8Array[] = []
      files.set(path, chunks)
      return (chunk) => {
        chunks.push(chunk)
      }
    },
    paths: () => [...files.keys()],
    textOf: (path) => Buffer.concat(files.get(path) ?? []).toString('utf8'),
  }
}

export function machineFacts(name: string, instanceType = 'm5.large', host = 17): MachineFacts {
  return {
    name,
    instanceId: `i-0${name.length}${host}00000000000abc`.slice(0, 19),
    instanceType,
    address: `10.0.3.${host}`,
    publicAddress: `198.18.4.${host}`,
    gateway: '10.0.3.1',
    resolver: '10.0.0.2',
  }
}

export function startProcess(
  about: Pick<Process, 'comm' | 'pid' | 'uid' | 'loginUid' | 'session'> & { args?: readonly string[] },
  timeMs: number,
  unit: string = about.session === null ? 'init.scope' : `session-${about.session}.scope`,
): ProcessStarted {
  const process = {
    ppid: 1,
    exe: `/usr/bin/${about.comm}`,
    cwd: '/',
    tty: null,
    args: [about.comm],
    ...about,
  }
  return { kind: 'process-started', timeMs, process, userName: 'root', unit }
}

/** A packet between the machine and a far end, in either direction. */
export function packet(
  machine: MachineFacts,
  timeMs: number,
  about: {
    direction: 'in' | 'out'
    far: string
    farPort: number
    port: number
    bytes: number
    tcpFlags: number
  },
): PacketPassed {
  const { direction, far, farPort, port, bytes, tcpFlags } = about
  const isOut = direction === 'out'
  return {
    kind: 'packet',
    timeMs,
    direction,
    protocol: 6,
    src: isOut ? machine.address : far,
    dst: isOut ? far : machine.address,
    srcPort: isOut ? port : farPort,
    dstPort: isOut ? farPort : port,
    bytes,
    tcpFlags,
  }
}
