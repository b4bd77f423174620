import { describe, expect, it } from 'vitest'
import type { LogRecord } from '../../event/log-record.ts'
import { readTexts } from '../samples/read-texts.ts'
import { auditd } from './index.ts'

const stamp = 'msg=audit(1772532000.123:77):'

async function recordsOf(text: string, isAsked = true): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  await readTexts(auditd, [{ name: 'audit.log', text }], {
    isAsked: ({ product, service }) => isAsked && product === 'linux' && service === 'auditd',
    matchesOf(record) {
      records.push(record)
      return []
    },
  })
  return records
}

describe('audit records as rules see them', () => {
  it.each([
    [
      `type=EXECVE ${stamp} argc=3 a0="chmod" a1="+x" a2=2F746D702F612062`,
      { type: 'EXECVE', argc: '3', a0: 'chmod', a1: '+x', a2: '/tmp/a b' },
    ],
    [
      `type=SYSCALL ${stamp} arch=c000003e syscall=59 success=yes exit=0 a0=7FFE comm="sh" exe="/usr/bin/dash" key="cmd"`,
      {
        type: 'SYSCALL',
        arch: 'c000003e',
        syscall: ['59', 'execve'],
        SYSCALL: 'execve',
        success: 'yes',
        exit: '0',
        a0: '7FFE',
        comm: 'sh',
        exe: '/usr/bin/dash',
        key: 'cmd',
      },
    ],
    [
      `type=SYSCALL ${stamp} arch=c000003e syscall=99 uid=0\u001dARCH=x86_64 SYSCALL=sysinfo UID="root"`,
      {
        type: 'SYSCALL',
        arch: 'c000003e',
        syscall: ['99', 'sysinfo'],
        uid: '0',
        ARCH: 'x86_64',
        SYSCALL: 'sysinfo',
        UID: 'root',
      },
    ],
    [
      `type=PROCTITLE ${stamp} proctitle=636174002F6574632F736861646F77`,
      { type: 'PROCTITLE', proctitle: 'cat /etc/shadow' },
    ],
    [
      `type=PATH ${stamp} item=0 name="/etc/ld.so.preload" inode=12 nametype=CREATE`,
      { type: 'PATH', item: '0', name: '/etc/ld.so.preload', inode: '12', nametype: 'CREATE' },
    ],
    [
      `type=SERVICE_STOP ${stamp} pid=1 uid=0 msg='unit=auditd comm="systemd" exe="/usr/lib/systemd/systemd" res=success'`,
      {
        type: 'SERVICE_STOP',
        pid: '1',
        uid: '0',
        unit: 'auditd',
        comm: 'systemd',
        exe: '/usr/lib/systemd/systemd',
        res: 'success',
      },
    ],
  ])('%s', async (text, fields) => {
    const [record] = await recordsOf(`${text}\n`)
    expect(record?.fields).toEqual(fields)
    expect(record?.origin).toMatchObject({ source: 'auditd', file: 'audit.log', line: 1, raw: text })
  })

  it('makes none where no rule asks', async () => {
    expect(await recordsOf(`type=EXECVE ${stamp} argc=1 a0="id"\n`, false)).toEqual([])
  })
})
