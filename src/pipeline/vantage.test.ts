import { expect, it } from 'vitest'
import { Vantage } from './vantage.ts'

function after(...flows: [string, string, string][]): (address: string) => string[] {
  const vantage = new Vantage()
  for (const [a, b, file] of flows) vantage.observe(a, b, file)
  return (address) => [...vantage.filesOf(address)]
}

it('a capture was taken where somebody talks to more than one', () => {
  const filesOf = after(
    ['10.0.0.1', '10.0.0.2', 'a.pcap'],
    ['10.0.0.1', '198.51.100.7', 'a.pcap'],
    ['10.0.0.2', '10.0.0.1', 'a.pcap'],
  )
  expect(filesOf('10.0.0.1')).toEqual(['a.pcap'])
  expect(filesOf('10.0.0.2')).toEqual([])
  expect(filesOf('10.0.0.9')).toEqual([])
})

it('seen from two machines is not seen whole', () => {
  const filesOf = after(
    ['10.0.0.1', '10.0.0.2', 'one.pcap'],
    ['10.0.0.3', '10.0.0.2', 'two.pcap'],
    ['10.0.0.1', '10.0.0.2', 'one.pcap'],
  )
  expect(filesOf('10.0.0.2')).toEqual([])
})

it('captures that go on side by side are kept apart', () => {
  const filesOf = after(
    ['10.0.0.1', '198.51.100.1', 'one.pcap'],
    ['10.0.0.1', '10.0.0.3', 'two.pcap'],
    ['10.0.0.1', '198.51.100.2', 'one.pcap'],
    ['10.0.0.1', '10.0.0.3', 'two.pcap'],
  )
  expect(filesOf('10.0.0.1')).toEqual(['one.pcap'])
})

it.each(['224.0.0.251', '239.255.255.250', 'ff02::fb', '10.0.0.255', '255.255.255.255'])(
  '%s is everybody: it passes at every machine of the network',
  (everybody) => {
    const filesOf = after(
      ['10.0.0.2', everybody, 'a'],
      ['10.0.0.2', '10.0.0.1', 'a'],
      ['10.0.0.2', everybody, 'a'],
    )
    expect(filesOf('10.0.0.2')).toEqual([])
  },
)
