import type { Fact } from './fact.ts'
import { AS_ROOT, type Gaps } from './gaps.ts'
import { textOf } from './proc/proc.ts'
import { runProgram } from './programs.ts'

const TIMEOUT_MS = 3000
const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin']

/** Rules that the kernel filters by. It tells them to programs only: one of them is run, from where packages put it. */
export async function firewallFacts(isRoot: boolean, gaps: Gaps): Promise<Fact[]> {
  if (!isRoot) {
    gaps.add('firewall rules', 'only root may list them', AS_ROOT)
    return []
  }
  const nft = await listing('nft', ['-j', 'list', 'ruleset'], gaps)
  if (nft !== null) return [fact('nft', nft)]
  // Asking the old iptables loads its modules: only where they are in use.
  const isOld = ['ip_tables_names', 'ip6_tables_names'].map(
    (name) => (textOf(`/proc/net/${name}`, 4096) ?? '') !== '',
  )
  const old = [
    isOld[0] === true ? await listing('iptables-save', [], gaps) : null,
    isOld[1] === true ? await listing('ip6tables-save', [], gaps) : null,
  ]
  const told = old.filter((one) => one !== null)
  if (told.length === 0)
    gaps.add('firewall rules', 'there is neither nft nor iptables on this machine to list them', null)
  return told.map((one) => fact('iptables', one))
}

interface Listing {
  readonly program: string
  readonly text: string
}

async function listing(name: string, args: readonly string[], gaps: Gaps): Promise<Listing | null> {
  const output = await runProgram(
    FOLDERS.map((folder) => `${folder}/${name}`),
    args,
    TIMEOUT_MS,
  )
  if (output === null) return null
  if (typeof output === 'string') {
    gaps.add('firewall rules', output, null)
    return null
  }
  return { program: output.path, text: output.text }
}

function fact(format: 'nft' | 'iptables', { program, text }: Listing): Fact {
  return {
    type: 'firewall',
    id: program,
    name: format,
    attributes: { format, program, rules: format === 'nft' ? parsed(text) : text },
  }
}

/** nft's JSON as it is; text where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
