import { type AwsEntry, awsEntries } from './emitters/aws-cli.ts'
import {
  emitAs,
  type EmittedFile,
  type Emitter,
  type PlannedChange,
  unwrittenIn,
} from './emitters/emitter.ts'
import { kubernetes } from './emitters/kubernetes.ts'
import { nft } from './emitters/nft.ts'
import { sshd } from './emitters/sshd.ts'
import { systemd } from './emitters/systemd.ts'
import { terraform } from './emitters/terraform.ts'
import type { NotWritten, PlanHow } from './document.ts'
import { quoteShell } from '../text/shell.ts'
import { visible } from '../text/visible.ts'

/** The changes in each language as text, for the document; files of their own come from `emit`. */
export function howOf(
  changes: readonly PlannedChange[],
  operators: readonly string[],
): { how: PlanHow; revert: PlanHow; notWritten: NotWritten[] } {
  const text = [...new Set(changes.map(({ change }) => visible(change.what)))]
  const { entries, refused: notAsCommands } = awsEntries(changes)
  const notWritten: NotWritten[] = [...notAsCommands, ...unwrittenIn('aws-cli', changes)].map((what) => ({
    form: 'aws-cli',
    what,
  }))
  const both = (emitter: Emitter): [string | null, string | null] => {
    const { files, refused } = emitAs(emitter, changes, operators)
    notWritten.push(...refused.map((what) => ({ form: emitter.id, what })))
    return textOf(files)
  }
  const [terraformApply, terraformRevert] = both(terraform)
  const [nftApply, nftRevert] = both(nft)
  const [sshdApply, sshdRevert] = both(sshd)
  const [systemdApply, systemdRevert] = both(systemd)
  const [kubernetesApply, kubernetesRevert] = both(kubernetes)
  return {
    how: {
      text,
      cli: commands(entries, 'apply'),
      terraform: terraformApply,
      nft: nftApply,
      sshd: sshdApply,
      systemd: systemdApply,
      kubernetes: kubernetesApply,
    },
    revert: {
      text: text.map((line) => `undo: ${line}`),
      cli: commands(entries, 'revert'),
      terraform: terraformRevert,
      nft: nftRevert,
      sshd: sshdRevert,
      systemd: systemdRevert,
      kubernetes: kubernetesRevert,
    },
    notWritten,
  }
}

function commands(entries: readonly AwsEntry[], side: 'apply' | 'revert'): string[] | null {
  const lines = entries.flatMap((entry) => entry[side].map((words) => words.map(quoteShell).join(' ')))
  return lines.length === 0 ? null : lines
}

/** Files that go back are told apart by their name. */
function textOf(files: readonly EmittedFile[]): [string | null, string | null] {
  const apply = files.filter(({ path }) => !isRevert(path) && !path.endsWith('apply.sh'))
  const revert = files.filter(({ path }) => isRevert(path))
  return [
    whole(apply.length === 0 ? files.filter(({ path }) => path.endsWith('apply.sh')) : apply),
    whole(revert),
  ]
}

function whole(list: readonly EmittedFile[]): string | null {
  return list.length === 0 ? null : list.map(({ path, text }) => `# ${path}\n${text}`).join('\n')
}

function isRevert(path: string): boolean {
  return (
    path.startsWith('revert/') ||
    path.endsWith('revert.sh') ||
    path.endsWith('-revert.nft') ||
    path.endsWith('-revert.json')
  )
}
