import { describe, expect, it } from 'vitest'
import type { Event, EventOf } from '../event/event.ts'
import { AssetBook } from './asset-book.ts'

const ORIGIN = { source: 'x', file: 'aws/instances.json', offset: 0, raw: '' }
const BASE = { time: 0, timeQuality: 'exact' as const, origin: ORIGIN }

function listed(id: string, ip: string): Event {
  return {
    ...BASE,
    kind: 'resource',
    observer: 'account:123456789012',
    subjects: [`instance:${id}`],
    provider: 'aws',
    resourceType: 'aws_instance',
    resourceId: id,
    name: 'web',
    account: '123456789012',
    region: 'eu-west-1',
    state: 'observed',
    attributes: {
      InstanceType: 't3.large',
      PrivateIpAddress: ip,
      NetworkInterfaces: [
        {
          PrivateIpAddresses: [
            { PrivateIpAddress: ip, Association: { PublicIp: `198.51.100.${id.length}` } },
          ],
        },
      ],
    },
    unknownAttributes: [],
  }
}

function flow(instance: string, srcIp: string, dstIp: string): EventOf<'flow'> {
  return {
    ...BASE,
    kind: 'flow',
    observer: `instance:${instance}`,
    subjects: [`instance:${instance}`, `ip:${srcIp}`, `ip:${dstIp}`],
    communityId: '',
    transport: 'tcp',
    srcIp,
    srcPort: 1,
    dstIp,
    dstPort: 2,
    start: 0,
    packetsOut: 1,
    packetsIn: 1,
    bytesOut: 1,
    bytesIn: 1,
    isHandshakeSeen: false,
  }
}

function bookOf(...events: readonly Event[]): AssetBook {
  const book = new AssetBook([], () => 'e')
  for (const event of events) book.observe(event)
  book.settle()
  return book
}

describe('what the cloud says of its machines', () => {
  it('joins an instance to the addresses that a listing gives it, and knows its type', () => {
    const asset = bookOf(listed('i-0a', '10.0.0.5')).assetOf('ip:10.0.0.5')
    expect(asset.names).toEqual(expect.arrayContaining(['i-0a', '10.0.0.5', '198.51.100.4']))
    expect(asset.machine).toMatchObject({ instanceType: 't3.large', region: 'eu-west-1' })
    expect(asset.joins).toContain('aws/instances.json lists it as i-0a')
  })

  it('joins nothing by an address that two instances have', () => {
    const book = bookOf(listed('i-0a', '10.0.0.5'), listed('i-0bb', '10.0.0.5'))
    expect(book.assetOf('ip:10.0.0.5').names).toEqual(['10.0.0.5'])
  })

  it('joins an instance to the one address that all its flows share', () => {
    const flows = [
      flow('i-1', '10.0.0.7', '192.0.2.1'),
      flow('i-1', '192.0.2.2', '10.0.0.7'),
      flow('i-1', '10.0.0.7', '192.0.2.3'),
    ]
    expect(bookOf(...flows).assetOf('ip:10.0.0.7').names).toContain('i-1')
    expect(bookOf(...flows.slice(0, 1)).assetOf('ip:10.0.0.7').names).not.toContain('i-1')
  })
})
