import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCommonplace, isTelling, shapeOf } from './shape.ts'

describe('shapeOf', () => {
  it.each<[string, string, object]>([
    ['address', '203.0.113.9', { kind: 'ip', version: 4 }],
    ['address', '2001:DB8::9', { kind: 'ip', ip: '2001:db8::9', version: 6 }],
    ['pool', '198.51.100.7:443', { kind: 'endpoint', host: { ip: '198.51.100.7' }, port: 443 }],
    ['pool', '[2001:db8::7]:3333', { kind: 'endpoint', host: { ip: '2001:db8::7' }, port: 3333 }],
    ['pool', 'Pool.Mine.Example:3333', { kind: 'endpoint', host: { domain: 'pool.mine.example' } }],
    ['pool', 'pool.mine.example:70000', { kind: 'other' }],
    ['remote', 'pool.mine.example.', { kind: 'domain', domain: 'pool.mine.example' }],
    ['remote', 'http://198.51.100.77/x', { kind: 'url', url: 'http://198.51.100.77/x' }],
    ['remote', 'http://', { kind: 'other' }],
    ['remote', 'localhost', { kind: 'other' }],
    ['path', '/dev/shm/.x', { kind: 'file', folder: '/dev/shm', name: '.x' }],
    ['path', '/x', { kind: 'file', folder: '/', name: 'x' }],
    ['path', 'kdevtmpfsi', { kind: 'file', folder: null, name: 'kdevtmpfsi' }],
    ['path', '/tmp/', { kind: 'other' }],
    ['hash', 'D41D8CD98F00B204E9800998ECF8427E', { kind: 'hash', algorithm: 'MD5' }],
    ['hash', 'a'.repeat(64), { kind: 'hash', algorithm: 'SHA-256' }],
    ['wallet', '48ex', { kind: 'wallet', wallet: '48ex' }],
    ['wallet', '48ex…Kq', { kind: 'other' }],
    ['remote', 'http://u:[masked]@x.example/', { kind: 'other' }],
    ['worker', 'rig.example.net', { kind: 'other' }],
    ['command', 'curl -s x', { kind: 'command', commandLine: 'curl -s x' }],
    ['path', '', { kind: 'other' }],
  ])('%s %s', (type, value, shape) => {
    expect(shapeOf(type, value)).toMatchObject(shape)
  })

  it('has a shape for any text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('path', 'remote', 'pool', 'new'),
        fc.string({ unit: 'binary' }),
        (type, text) => {
          const shape = shapeOf(type, text)
          expect(isTelling(shape) && isCommonplace(shape)).toBe(false)
        },
      ),
      { seed: 9 },
    )
  })
})

describe('what says something elsewhere', () => {
  it.each([
    ['address', '203.0.113.9', true],
    ['address', '10.0.3.17', false],
    ['address', '172.31.0.9', false],
    ['address', '100.64.1.1', false],
    ['address', '::1', false],
    ['address', 'fd00::17', false],
    ['address', '2001:db8::9', true],
    ['remote', '192.168.0.9:8080', false],
    ['remote', 'http://10.1.2.3/x.sh', false],
    ['remote', 'http://[fe80::1]/x.sh', false],
    ['remote', 'http://198.51.100.77/x.sh', true],
    ['remote', 'db-2.internal', false],
    ['path', '/dev/shm/.x', true],
    ['path', '/root/.ssh/authorized_keys', false],
    ['path', '/etc/crontab', false],
    ['path', '/etc/cron.d/0kz', true],
    ['path', '/var/spool/cron/crontabs/root', false],
    ['path', '/home/mira/.bashrc', false],
    ['path', '/var/log/wtmp', false],
    ['path', 'kdevtmpfsi', false],
    ['worker', 'rig', false],
  ])('%s %s: %s', (type, value, says) => {
    expect(isTelling(shapeOf(type, value))).toBe(says)
  })
})
