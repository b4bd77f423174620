import { AccountReader } from './accounts.ts'
import { ConsoleLoginReader } from './console-login.ts'
import { CronReader } from './cron.ts'
import type { Dialect, Emit, WaitingDialect } from './dialect.ts'
import { DnsmasqReader } from './dnsmasq.ts'
import { DropbearReader } from './dropbear.ts'
import { FalcoReader } from './falco-line.ts'
import { KernelReader } from './kernel.ts'
import { NamedReader } from './named.ts'
import { PamReader } from './pam.ts'
import type { ProgramLine } from './program-line.ts'
import type { DialectId } from './program-names.ts'
import { SshdReader } from './sshd.ts'
import { SuReader } from './su.ts'
import { SudoReader } from './sudo.ts'
import { SystemdReader } from './systemd.ts'
import { UnboundReader } from './unbound.ts'

/** All dialects together: hands each line to the one that understands it. */
export class ProgramReader {
  readonly #sshd = new SshdReader()
  readonly #pam = new PamReader()
  readonly #waiting: readonly WaitingDialect[] = [this.#sshd, this.#pam]
  readonly #dialects: Readonly<Record<Exclude<DialectId, 'sshd' | 'pam'>, Dialect>> = {
    dropbear: new DropbearReader(),
    sudo: new SudoReader(this.#pam),
    su: new SuReader(this.#pam),
    login: new ConsoleLoginReader(this.#pam),
    cron: new CronReader(),
    accounts: new AccountReader(),
    systemd: new SystemdReader(),
    kernel: new KernelReader(),
    dnsmasq: new DnsmasqReader(),
    unbound: new UnboundReader(),
    named: new NamedReader(),
    falco: new FalcoReader(),
  }

  /** Takes one line in the dialect of its program; false if nothing in it becomes an event, now or later. */
  take(line: ProgramLine, dialect: DialectId, emit: Emit): boolean {
    if (dialect === 'sshd') return this.#sshd.take(line, emit)
    if (dialect === 'pam' || isOfPam(line.message)) return this.#pam.take(line, emit)
    return this.#dialects[dialect].take(line, emit)
  }

  settle(time: number, emit: Emit): void {
    for (const dialect of this.#waiting) dialect.settle(time, emit)
  }

  get heldFrom(): number {
    return Math.min(this.#sshd.heldFrom, this.#pam.heldFrom)
  }
}

/** A module speaks for the program. */
function isOfPam(message: string): boolean {
  return (
    message.startsWith('pam_') || (message.startsWith('PAM ') && message.includes(' more authentication'))
  )
}
