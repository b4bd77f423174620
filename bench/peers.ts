import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Command } from './measure.ts'

/** A program that reads the same evidence for a purpose of its own. */
export interface Peer {
  readonly program: string
  readonly args: (file: string) => readonly string[]
  readonly exitCodes?: readonly number[]
  readonly versionArgs: readonly string[]
}

export const TCPDUMP: Peer = {
  program: 'tcpdump',
  args: (file) => ['-r', file, '-w', '/dev/null'],
  versionArgs: ['--version'],
}
export const NDPI: Peer = { program: 'ndpiReader', args: (file) => ['-q', '-i', file], versionArgs: ['-h'] }
export const TSHARK: Peer = {
  program: 'tshark',
  args: (file) => ['-n', '-q', '-z', 'io,stat,0', '-r', file],
  versionArgs: ['--version'],
}
export const FAIL2BAN: Peer = {
  program: 'fail2ban-regex',
  args: (file) => ['--usedns=no', '--print-no-missed', '--print-no-ignored', file, 'sshd[mode=aggressive]'],
  versionArgs: ['--version'],
}
export const AUSEARCH: Peer = {
  program: 'ausearch',
  args: (file) => ['-if', file, '--format', 'csv'],
  versionArgs: ['--version'],
}
export const JQ: Peer = {
  program: 'jq',
  args: (file) => ['-c', '.MESSAGE', file],
  versionArgs: ['--version'],
}

/** Where distributions put programs of administrators, whether or not that is on the path. */
const MORE_FOLDERS = ['/usr/sbin', '/sbin']

/** How to start it on a file, and its version; null where it is not installed. */
export function peerCommand(peer: Peer, file: string): (Command & { readonly version: string }) | null {
  const program = findProgram(peer.program)
  if (program === null) return null
  const said = spawnSync(program, peer.versionArgs, { encoding: 'utf8' })
  const version = /\d+\.\d+(?:\.\d+)?/u.exec(`${said.stdout}${said.stderr}`)?.[0] ?? '?'
  return { program, args: peer.args(file), exitCodes: peer.exitCodes ?? [0], version }
}

/** `tcpdump -r FILE -w /dev/null`, for the table. */
export function peerTitle(peer: Peer): string {
  return [peer.program, ...peer.args('FILE')].join(' ')
}

function findProgram(name: string): string | null {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS]) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      continue
    }
  }
  return null
}
