import { expect, test } from 'vitest'
import { machineFolder } from './machine-folder.ts'

test.each([
  ['evidence/web-1', 'evidence/web-1'],
  ['evidence/web-1/var/log', 'evidence/web-1'],
  ['evidence/web-1/var/log/audit', 'evidence/web-1'],
  ['evidence/web-1/home/maria', 'evidence/web-1'],
  ['evidence/web-1/home/maria/.local/share/fish', 'evidence/web-1'],
  ['web-1.tar.zst/root', 'web-1.tar.zst'],
  ['web-1.tar.zst', 'web-1.tar.zst'],
  ['/var/log', ''],
  ['/var/log/hosts/web-1', '/var/log/hosts/web-1'],
  ['/home/maria/case/web-1', '/home/maria/case/web-1'],
])('%s is of %s', (group, folder) => expect(machineFolder(group)).toBe(folder))
