import ipaddr from 'ipaddr.js'

const OWN_RANGES = new Set(['private', 'uniqueLocal', 'linkLocal', 'loopback', 'carrierGradeNat'])

/**
 * Which end of a connection is the machine that a sensor's word is about: the one of a private network, where
 * only one is; else the end that the sensor means, as the caller knows it.
 */
export function machineSide(srcIp: string, dstIp: string, otherwise: 'src' | 'dst'): 'src' | 'dst' {
  const isSrcOwn = isOwn(srcIp)
  if (isSrcOwn === isOwn(dstIp)) return otherwise
  return isSrcOwn ? 'src' : 'dst'
}

function isOwn(ip: string): boolean {
  return ipaddr.isValid(ip) && OWN_RANGES.has(ipaddr.process(ip).range())
}
