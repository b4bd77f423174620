import { Command, Option } from 'commander'
import { EMITTERS } from '../plan/emitters/emitter.ts'
import type { Composition } from './composition.ts'
import type { PlanOptions } from './plan.ts'
import type { PlanVerifyOptions } from './plan-verify.ts'
import type { PlanWhyOptions } from './plan-why.ts'

const EXIT_CODES = `
Exit code:
  10  something is proposed    2  wrong usage
   0  nothing to do            1  nothing could be done
`
const VERIFY_EXIT_CODES = `
Exit code:
  10  something is open or not proven    2  wrong usage
   0  everything is proven closed        1  nothing could be done
`

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`
}

/** Commander hands over what the option held before: nothing, at first. */
function collect(names: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...names.split(',')]
}

export function planCommand(compose: () => Promise<Composition>): Command {
  return new Command('plan')
    .description(
      'choose the few protections that remove the most money at risk within the overhead you accept, and say why',
    )
    .argument(
      '[path...]',
      'a dump as davylamp surface reads it, or its JSON; without one: what davylamp surface left in the case',
    )
    .option(
      '--budget <limits>',
      'what you accept, as in cpu=2%,usd=20/month,friction=3,downtime=60s (these are the defaults; any = no limit)',
    )
    .option('--without <controls>', 'leave these out (davylamp plan why lists them)', collect)
    .option('--only <controls>', 'choose among these alone', collect)
    .addOption(
      new Option('--format <format>', 'how to tell it')
        .choices(['terminal', 'json', 'markdown'])
        .default('terminal'),
    )
    .addOption(
      new Option('--emit <form>', 'also write the changes as files, with their revert').choices(EMITTERS),
    )
    .option('--out <dir>', 'with --emit: where to write them')
    .option('--full', 'everything on the terminal')
    .option('--config <file>', 'where operators: stands (default: davylamp.yaml, if it is there)')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .option('--no-case', 'keep no case')
    .addHelpText(
      'after',
      examples(
        'davylamp surface dump/ && davylamp plan',
        "davylamp plan dump/ --budget 'usd=0,friction=2'",
        'davylamp plan --without ssh-keys-only --format markdown > plan.md',
        'davylamp plan --emit aws-cli --out plan-files/',
        'davylamp plan verify new-dump/',
      ) + EXIT_CODES,
    )
    .helpCommand(false)
    .addCommand(whyCommand(compose))
    .addCommand(verifyCommand(compose))
    .action(async (paths: string[], options: PlanOptions) => {
      const [{ plan }, composition] = await Promise.all([import('./plan.ts'), compose()])
      await plan(paths, options, composition)
    })
}

function whyCommand(compose: () => Promise<Composition>): Command {
  return new Command('why')
    .description(
      'what a control is, where its numbers come from, and what it does in the last plan; without one: all of them',
    )
    .argument('[control]', 'as in ssh-keys-only')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .addOption(
      new Option('--format <format>', 'how to tell it').choices(['terminal', 'json']).default('terminal'),
    )
    .addHelpText('after', examples('davylamp plan why', 'davylamp plan why imds-v2'))
    .action(async (id: string | undefined, _options: PlanWhyOptions, command: Command) => {
      const [{ planWhy }, composition] = await Promise.all([import('./plan-why.ts'), compose()])
      // Options that the parent has too are the parent's wherever they stand.
      await planWhy(id ?? null, command.optsWithGlobals<PlanWhyOptions>(), composition)
    })
}

function verifyCommand(compose: () => Promise<Composition>): Command {
  return new Command('verify')
    .description('prove with a new dump what of the last plan is closed and what is not')
    .argument('<path...>', 'a new dump of the same things, or the JSON of davylamp surface')
    .option('--plan <file>', 'a plan as JSON, instead of the last one of the case')
    .option('--case <dir>', 'where the case is kept (default: .davylamp)')
    .addOption(
      new Option('--format <format>', 'how to tell it').choices(['terminal', 'json']).default('terminal'),
    )
    .addHelpText('after', examples('davylamp plan verify new-dump/') + VERIFY_EXIT_CODES)
    .action(async (paths: string[], _options: PlanVerifyOptions, command: Command) => {
      const [{ planVerify }, composition] = await Promise.all([import('./plan-verify.ts'), compose()])
      await planVerify(paths, command.optsWithGlobals<PlanVerifyOptions>(), composition)
    })
}
