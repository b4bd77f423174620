import { firstPacketTime, isCapture } from '../../wire/capture/reader.ts'
import { readerLoaded } from '../loaded.ts'
import type { Source } from '../source.ts'
import type { CaptureOptions } from './read.ts'

/** Network captures. All inputs feed one flow table in the order of packet time; see `SameInstant` for doubled ones. */
export function captureSource(options: CaptureOptions): Source {
  return {
    id: 'pcap',
    title: 'network captures (pcap, pcapng)',
    kinds: ['flow', 'stratum', 'dns', 'tls'],
    hint: 'tcpdump -i any -w capture.pcap, a VPC traffic mirror, or Wireshark',
    recognise: (head) => (isCapture(head) ? 1 : 0),
    firstTime: firstPacketTime,
    read: readerLoaded(async () => {
      const { readCaptures } = await import('./read.ts')
      return (inputs, env) => readCaptures(inputs, env, options)
    }),
  }
}

export const pcap: Source = captureSource({ maxFlows: 200_000 })
