import { isIP } from 'node:net'
import { isoTime } from '../iso-time.ts'
import { type Access, said } from './access.ts'
import { readRequestLine } from './request.ts'

/** A request as a load balancer saw it: it knows which machine answered. */
export interface BalancedAccess extends Access {
  readonly dstIp: string | null
}

/** `type time elb client:port target:port request_time target_time response_time elb_status target_status received sent "request" "agent" …` */
const ALB =
  /^(?:https?|h2|grpcs|wss?) (\S{20,40}) \S{1,200} (\S{3,60}) (\S{1,60}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (\d{3}|-) (?:\d{3}|-) (?:\d{1,15}|-) (\d{1,15}|-) "/u

/**
 * Reads one line of an Application Load Balancer's access log.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export function parseAlbLine(text: string): BalancedAccess | null {
  const match = ALB.exec(text)
  if (match === null) return null
  const [whole, at = '', client = '', target = '', ...rest] = match
  const time = isoTime(at)
  if (time === null) return null
  const requestEnd = text.indexOf('"', whole.length)
  if (requestEnd < 0) return null
  const agentEnd = text.startsWith(' "', requestEnd + 1) ? text.indexOf('"', requestEnd + 3) : -1
  const [received, processed, answered, status, sent] = rest
  const seconds = [received, processed, answered].map(Number)
  const isTimed = seconds.every((part) => part >= 0)
  const { ip, port: _ } = endpoint(client)
  const answering = endpoint(target)
  return {
    time,
    ...readRequestLine(text.slice(whole.length, requestEnd)),
    srcIp: ip,
    srcHost: null,
    dstIp: answering.ip,
    dstPort: answering.port,
    user: null,
    status: status === '-' ? null : Number(status),
    bytes: sent === '-' ? null : Number(sent),
    seconds: isTimed ? seconds.reduce((sum, part) => sum + part, 0) : null,
    referrer: null,
    userAgent: said(agentEnd < 0 ? null : text.slice(requestEnd + 3, agentEnd)),
  }
}

function endpoint(text: string): { ip: string | null; port: number | null } {
  const colon = text.lastIndexOf(':')
  const ip = text.slice(0, colon).replaceAll(/[[\]]/gu, '')
  const port = Number(text.slice(colon + 1))
  return isIP(ip) === 0 || !(port < 65_536) ? { ip: null, port: null } : { ip, port }
}
