import { describe, expect, it } from 'vitest'
import { type Scene, type SceneOptions, stageScene } from './scene.ts'
import { Truth } from './truth.ts'

const SEEDS = [1, 2, 3, 13]
const scenes = new Map(SEEDS.map((seed) => [seed, stageScene({ seed })]))

function sceneOf(seed: number): Scene {
  return scenes.get(seed) ?? stageScene({ seed })
}

function textOf(scene: Scene, path: string): string {
  return new TextDecoder('latin1').decode(scene.files.find((file) => file.path === path)?.bytes)
}

function linesOf(scene: Scene, path: string): string[] {
  return textOf(scene, path).split('\n').slice(0, -1)
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1
}

/** "message repeated" lines count for what they fold. */
function failedPasswords(lines: readonly string[], part: string): number {
  let count = 0
  for (const line of lines.filter((one) => one.includes('Failed password for ') && one.includes(part))) {
    count += Number(/message repeated (\d+) times/u.exec(line)?.[1] ?? 1)
  }
  return count
}

describe('stageScene', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const again = stageScene({ seed: 1 })
    expect(again).toEqual(sceneOf(1))
    for (const path of ['eth0.pcap', 'auth.log', 'audit.log']) {
      expect(textOf(sceneOf(2), path)).not.toBe(textOf(sceneOf(1), path))
    }
  })

  it('starts when it is told to', () => {
    const startMs = Date.UTC(2025, 11, 31, 20)
    const scene = stageScene({ seed: 1, startMs })
    expect(scene.truth.from).toBe('2025-12-31T20:00:00.000000Z')
    expect(linesOf(scene, 'auth.log').at(0)).toMatch(/^Dec 31 20:/u)
    expect(linesOf(scene, 'auth.log').at(-1)).toMatch(/^Jan {2}1 00:/u)
  })

  it('does not change what intruders do when the machine is busier', () => {
    const busy = stageScene({ seed: 1, scale: 3 })
    expect(busy.truth.machines[0]?.wayIn).toEqual(sceneOf(1).truth.machines[0]?.wayIn)
    expect(textOf(busy, 'eth0.pcap').length).toBeGreaterThan(1.5 * textOf(sceneOf(1), 'eth0.pcap').length)
  })
})

describe.each(SEEDS)('scene of seed %i', (seed) => {
  const scene = sceneOf(seed)
  const [machine] = scene.truth.machines
  const mining = machine?.tenures[0]?.mining
  const auth = linesOf(scene, 'auth.log')
  const audit = linesOf(scene, 'audit.log')
  const capture = textOf(scene, 'eth0.pcap')

  it('has a truth that fits its schema', () => {
    expect(Truth.parse(scene.truth)).toEqual(scene.truth)
  })

  it('lets in whom the truth says, after so many tries', () => {
    const { wayIn, pressure = [] } = machine ?? {}
    const accepted = auth.filter((line) => line.includes('Accepted password for root'))
    expect(accepted).toHaveLength(1)
    expect(accepted[0]).toContain(`from ${wayIn?.srcIp} port ${wayIn?.srcPort} ssh2`)
    expect(accepted[0]).toContain(wayIn?.time.slice(11, 19))
    expect(failedPasswords(auth, `from ${wayIn?.srcIp} `)).toBe(wayIn?.tries)
    expect(failedPasswords(auth, 'from 203.0.113.')).toBe(pressure[0]?.tries)
  })

  it('has the way in within every piece of evidence', () => {
    for (const { from, to } of scene.truth.evidence) {
      expect(machine?.wayIn?.time.localeCompare(from)).toBe(1)
      expect(machine?.wayIn?.time.localeCompare(to)).toBe(-1)
    }
  })

  it('mines as much as the truth says', () => {
    const replies = new Set(capture.match(/"id":\d+,"error":null,"result":\{"status":"OK"\}/gu))
    const rejections = new Set(capture.match(/"id":\d+,"error":\{"code":-1/gu))
    const submits = new Set(capture.match(/"id":\d+,"jsonrpc":"2.0","method":"submit"/gu))
    expect(replies.size).toBe(mining?.sharesAccepted)
    expect(rejections.size).toBe(mining?.sharesRejected)
    expect(submits.size).toBe(mining?.sharesSubmitted)
    const rate = (mining?.expectedHashes ?? 0) / (machine?.cost.heldSeconds ?? 1)
    expect(rate / (mining?.hashrate ?? 1)).toBeGreaterThan(0.6)
    expect(rate / (mining?.hashrate ?? 1)).toBeLessThan(1.4)
  })

  it('hands in only hashes below the target of their job', () => {
    const targets = new Map<string, bigint>()
    for (const [, job = '', target = ''] of capture.matchAll(/"job_id":"(\w+)","target":"(\w{8})"/gu)) {
      targets.set(job, widened(target))
    }
    const shares = [...capture.matchAll(/"job_id":"(\w+)","nonce":"\w{8}","result":"\w{48}(\w{16})"/gu)]
    expect(shares.length).toBeGreaterThan(0)
    for (const [, job = '', tail = ''] of shares) {
      expect(Buffer.from(tail, 'hex').readBigUInt64LE()).toBeLessThan(targets.get(job) ?? 0n)
    }
  })

  it('writes the files that the truth names into the audit trail', () => {
    for (const file of machine?.files ?? []) {
      expect(audit.some((line) => line.startsWith('type=PATH') && line.includes(`name="${file.path}"`))).toBe(
        true,
      )
    }
  })

  it('keeps process, session and port of the way in the same in both logs', () => {
    const login = auth.find((line) => line.includes('Accepted password for root'))
    const pid = /sshd\[(\d+)\]/u.exec(login ?? '')?.[1]
    const opened = audit.find((line) => line.startsWith('type=USER_START') && line.includes(`pid=${pid} `))
    const session = /ses=(\d+)/u.exec(opened ?? '')?.[1]
    expect(opened).toContain(`addr=${machine?.wayIn?.srcIp}`)
    const miner = audit.find((line) => line.includes('comm=".x"') && line.includes('syscall=59'))
    expect(miner).toContain(`auid=0 `)
    expect(miner).toContain(`ses=${session} `)
    expect(auth.some((line) => line.endsWith(`New session ${session} of user root.`))).toBe(true)
  })

  it('rises in time, serial and packet order', () => {
    const stamps = audit.map((line) => /audit\((\d+\.\d{3}):(\d+)\)/u.exec(line)).map((m) => [m?.[1], m?.[2]])
    expect(stamps).toEqual(stamps.toSorted((a, b) => Number(a[1]) - Number(b[1])))
    expect(auth.map((line) => line.slice(7, 15))).toEqual(auth.map((line) => line.slice(7, 15)).toSorted())
    const times = packetTimes(scene)
    expect(times.length).toBeGreaterThan(500)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})

describe.each<[string, SceneOptions]>([
  ['a quiet day', { seed: 5, quiet: true }],
  ['guessing in vain', { seed: 5, failedGuessing: true }],
])('%s', (_, options) => {
  const scene = stageScene(options)
  const [machine] = scene.truth.machines

  it('has nobody on the machine', () => {
    expect(machine?.wayIn).toBeNull()
    expect(machine?.tenures).toEqual([])
    expect(machine?.files).toEqual([])
    expect(machine?.pressure).toHaveLength(options.quiet === true ? 0 : 1)
    expect(textOf(scene, 'auth.log')).not.toContain('Accepted password for root')
    expect(countOf(textOf(scene, 'eth0.pcap'), '"method"')).toBe(0)
    expect(textOf(scene, 'audit.log')).not.toContain('/dev/shm')
  })

  it('still has its everyday life', () => {
    expect(textOf(scene, 'auth.log')).toContain('Accepted publickey for mira')
    expect(textOf(scene, 'auth.log')).toContain('Accepted password for jonas')
    expect(textOf(scene, 'audit.log')).toContain('type=USER_CMD')
  })
})

function widened(target: string): bigint {
  return (1n << 64n) / ((1n << 32n) / BigInt(Buffer.from(target, 'hex').readUInt32LE()))
}

function packetTimes(scene: Scene): number[] {
  const bytes = scene.files.find((file) => file.path === 'eth0.pcap')?.bytes ?? new Uint8Array()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const times: number[] = []
  for (let at = 24; at < bytes.length; at += 16 + view.getUint32(at + 8, true)) {
    times.push(view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true))
  }
  return times
}
