import { awsWords } from './emitters/aws-cli.ts'
import type { Emitter, PlannedChange } from './emitters/emitter.ts'
import { kubernetes } from './emitters/kubernetes.ts'
import { nft } from './emitters/nft.ts'
import { sshd } from './emitters/sshd.ts'
import { systemd } from './emitters/systemd.ts'
import { terraform } from './emitters/terraform.ts'
import type { PlanHow } from './document.ts'
import { quoteShell } from '../text/shell.ts'
import { visible } from '../text/visible.ts'

/** The changes in each language as text, for the document; files of their own come from `emit`. */
export function howOf(
  changes: readonly PlannedChange[],
  operators: readonly string[],
): { how: PlanHow; revert: PlanHow } {
  const text = [...new Set(changes.map(({ change }) => visible(change.what)))]
  const both = (emitter: Emitter): [string | null, string | null] => textOf(emitter, changes, operators)
  const [terraformApply, terraformRevert] = both(terraform)
  const [nftApply, nftRevert] = both(nft)
  const [sshdApply, sshdRevert] = both(sshd)
  const [systemdApply, systemdRevert] = both(systemd)
  const [kubernetesApply, kubernetesRevert] = both(kubernetes)
  return {
    how: {
      text,
      cli: commands(changes, 'apply'),
      terraform: terraformApply,
      nft: nftApply,
      sshd: sshdApply,
      systemd: systemdApply,
      kubernetes: kubernetesApply,
    },
    revert: {
      text: text.map((line) => `undo: ${line}`),
      cli: commands(changes, 'revert'),
      terraform: terraformRevert,
      nft: nftRevert,
      sshd: sshdRevert,
      systemd: systemdRevert,
      kubernetes: kubernetesRevert,
    },
  }
}

function commands(changes: readonly PlannedChange[], side: 'apply' | 'revert'): string[] | null {
  const calls = changes.flatMap(({ change }) => change.aws?.[side] ?? [])
  const lines = calls.map(awsWords).filter((words) => words !== null)
  return lines.length === 0 ? null : lines.map((words) => words.map(quoteShell).join(' '))
}

/** Files that go back are told apart by their name. */
function textOf(
  emitter: Emitter,
  changes: readonly PlannedChange[],
  operators: readonly string[],
): [string | null, string | null] {
  const { files } = emitter.emit(changes, operators)
  const apply = files.filter(({ path }) => !isRevert(path) && !path.endsWith('apply.sh'))
  const revert = files.filter(({ path }) => isRevert(path))
  const whole = (list: typeof files): string | null =>
    list.length === 0 ? null : list.map(({ path, text }) => `# ${path}\n${text}`).join('\n')
  return [
    whole(apply.length === 0 ? files.filter(({ path }) => path.endsWith('apply.sh')) : apply),
    whole(revert),
  ]
}

function isRevert(path: string): boolean {
  return (
    path.startsWith('revert/') ||
    path.endsWith('revert.sh') ||
    path.endsWith('-revert.nft') ||
    path.endsWith('-revert.json')
  )
}
