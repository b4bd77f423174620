import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMounts, Mounts } from './mounts.ts'
import {
  countCpus,
  environmentNames,
  kibBytes,
  oddLibraries,
  readArguments,
  readCgroup,
  readMachineTicks,
  readStat,
  readStatus,
} from './process-files.ts'
import { readSocketTable } from './sockets.ts'
import { readWaitedMs } from './waiting.ts'

const STAT_REST =
  'S 1 4711 4711 34816 4711 4194304 100 50 0 0 250 50 7 3 20 0 4 0 123456 100000000 2500 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0'

test('stat: the name may hold anything', () => {
  expect(readStat(`4711 (a) R 2 (b)) ${STAT_REST}`)).toEqual({
    pid: 4711,
    name: 'a) R 2 (b)',
    state: 'S',
    ppid: 1,
    isKernelThread: false,
    ticks: 300,
    childTicks: 10,
    niceness: 0,
    threads: 4,
    startTicks: 123_456,
  })
  expect(readStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0')?.isKernelThread).toBe(
    true,
  )
  expect(readStat('nonsense')).toBeNull()
  expect(readStat('')).toBeNull()
})

test('status and sizes', () => {
  const fields = readStatus('Name:\tcron\nUid:\t0\t1000\t0\t0\nVmRSS:\t    2048 kB\n')
  expect(fields.get('Name')).toBe('cron')
  expect(kibBytes(fields.get('VmRSS'))).toBe(2_097_152)
  expect(kibBytes(undefined)).toBeNull()
})

test('arguments', () => {
  expect(readArguments(Buffer.from('a\0b c\0\0d\0\0'))).toEqual(['a', 'b c', '', 'd'])
  expect(readArguments(Buffer.alloc(0))).toEqual([])
})

test('of an environment only names come out, whatever stands in it', () => {
  const environment = 'PATH=/bin\0AWS_SECRET_ACCESS_KEY=hunter2\0just-a-secret\0=x\0 odd name=v\0A=B=C\0A=D\0'
  expect(environmentNames(Buffer.from(environment))).toEqual(['PATH', 'AWS_SECRET_ACCESS_KEY', 'A'])
})

test.each([
  ['0::/system.slice/nginx.service\n', '/system.slice/nginx.service', 'nginx.service', null],
  [
    `0::/system.slice/docker-${'ab'.repeat(32)}.scope\n`,
    undefined,
    `docker-${'ab'.repeat(32)}.scope`,
    'ab'.repeat(32),
  ],
  [
    `12:cpu,cpuacct:/docker/${'cd'.repeat(32)}\n1:name=systemd:/docker/${'cd'.repeat(32)}\n`,
    undefined,
    null,
    'cd'.repeat(32),
  ],
  [
    `0::/kubepods.slice/kubepods-burstable.slice/kubepods-pod1.slice/cri-containerd-${'ef'.repeat(32)}.scope`,
    undefined,
    `cri-containerd-${'ef'.repeat(32)}.scope`,
    'ef'.repeat(32),
  ],
  ['0::/user.slice/user-1000.slice/session-4.scope', undefined, 'session-4.scope', null],
])('cgroup %s', (text, path, unit, container) => {
  expect(readCgroup(text)).toMatchObject({ ...(path === undefined ? {} : { path }), unit, container })
})

test('code from places without libraries', () => {
  const maps = [
    '55d0-55d1 r-xp 00000000 fe:00 1 /tmp/x/prog',
    '7f00-7f01 r-xp 00000000 fe:00 2 /tmp/.l/hide.so',
    '7f02-7f03 r--p 00000000 fe:00 2 /tmp/only-data.so',
    '7f04-7f05 r-xp 00000000 fe:00 3 /usr/lib/x86_64-linux-gnu/libc.so.6',
    '7f06-7f07 r-xp 00000000 00:01 4 /memfd:doublemapper (deleted)',
    '7f08-7f09 r-xp 00000000 00:01 5 /memfd:payload (deleted)',
    '7f0a-7f0b rwxp 00000000 00:00 0 ',
    '7f0c-7f0d r-xp 00000000 fe:00 6 /usr/lib/old.so (deleted)',
  ].join('\n')
  expect(oddLibraries(maps, '/tmp/x/prog')).toEqual(['/tmp/.l/hide.so', '/memfd:payload (deleted)'])
})

test('processors', () => {
  expect([countCpus('0-3,8'), countCpus('7'), countCpus('x')]).toEqual([5, 1, null])
  expect(
    readMachineTicks(
      'cpu  100 10 50 800 20 3 2 15 0 0\ncpu0 50 5 25\ncpu1 50 5 25\nbtime 1700000000\nprocesses 4711\n',
    ),
  ).toEqual({
    user: 110,
    system: 50,
    idle: 800,
    wait: 20,
    interrupts: 5,
    steal: 15,
    cores: 2,
    forks: 4711,
    bootTime: 1_700_000_000,
  })
  expect(readMachineTicks('')).toBeNull()
})

test('mounts: blanks in names, binds, and who may never answer', () => {
  const text = [
    '22 27 0:21 / /proc rw,relatime - proc proc rw',
    '40 22 254:0 /usr/foo /proc/4711 rw - ext4 /dev/vda rw,discard',
    '41 27 0:50 / /mnt/my\\040share rw - nfs4 nas:/x rw',
    '42 27 0:51 / /home/ada/.remote rw - fuse.sshfs ada@x: rw',
    'broken line',
  ].join('\n')
  expect(readMounts(text)).toHaveLength(4)
  expect(readMounts(text)[1]).toEqual({
    device: '254:0',
    root: '/usr/foo',
    target: '/proc/4711',
    options: ['rw', 'discard'],
    fsType: 'ext4',
    source: '/dev/vda',
  })
  const mounts = new Mounts(text)
  expect(
    ['/mnt/my share/x', '/home/ada/.remote', '/home/ada', '/proc/1'].map((path) => mounts.isRemote(path)),
  ).toEqual([true, true, false, false])
})

test('sockets of both families', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 100 0 0 10 0',
    '   1: 110200C0:D431 076433C6:01BB 01 00000000:00000000 00:00000000 00000000  1000        0 5678 1 0 20 4 30 10 -1',
    'garbage',
  ].join('\n')
  expect(readSocketTable(table, 'tcp')).toEqual([
    {
      protocol: 'tcp',
      localIp: '0.0.0.0',
      localPort: 22,
      remoteIp: '0.0.0.0',
      remotePort: 0,
      state: 10,
      uid: 0,
      inode: '1234',
    },
    {
      protocol: 'tcp',
      localIp: '192.0.2.17',
      localPort: 54_321,
      remoteIp: '198.51.100.7',
      remotePort: 443,
      state: 1,
      uid: 1000,
      inode: '5678',
    },
  ])
  const six = `head\n 0: B80D0120000000000000000001000000:1F90 0000000000000000FFFF0000076433C6:01BB 01 0:0 0:0 0 33 0 9 1`
  expect(readSocketTable(six, 'tcp')[0]).toMatchObject({
    localIp: '2001:db8::1',
    localPort: 8080,
    remoteIp: '198.51.100.7',
  })
})

test('schedstat: what it waited, not what it worked', () => {
  expect(readWaitedMs('3658043 12500000 7\n')).toBe(12.5)
  expect(readWaitedMs('0 0 0\n')).toBe(0)
  expect(readWaitedMs('')).toBeNull()
})

test('no text makes a reader throw', () => {
  const lines = fc.string({
    unit: fc.constantFrom(...Array.from('09aAfF:-/ ().,x\n\t\\=\0')),
    maxLength: 300,
  })
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), lines), (text) => {
      readStat(text)
      readStatus(text)
      readCgroup(text)
      oddLibraries(text, null)
      countCpus(text)
      readMachineTicks(text)
      readMounts(text)
      readSocketTable(`\n${text}`, 'tcp')
      environmentNames(Buffer.from(text))
      readWaitedMs(text)
    }),
    { seed: 11, numRuns: 60 },
  )
})
