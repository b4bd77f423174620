import { Command, Option } from 'commander'
import type { Composition } from './composition.ts'
import type { CostOptions } from './cost.ts'

const EXAMPLES = `
Examples:
  sadf -j -- -u -q ALL > web-1.json && davylamp cost web-1.json --type t3.large
  davylamp cost evidence/ bills/ --inventory mine.yaml
  davylamp cost bills/ --by resource --format csv
  davylamp cost top.txt --watts 350 --usd-per-kwh 0.31

Exit code:
  10  something costs more than is normal, or for the first time    2  wrong usage or configuration
   0  nothing out of the ordinary                                   1  nothing could be done
`

/** `davylamp cost PATH…`; loads its code when it runs. */
export function costCommand(compose: () => Promise<Composition>): Command {
  return new Command('cost')
    .description('read measurements and bills: what machines work and cost, what is normal, what is taken')
    .argument(
      '<path...>',
      'sadf, sar, Prometheus, CloudWatch, top, ps, cgroup, access logs, bills (FOCUS, CUR, Cost Explorer); files, folders, archives; - is standard input',
    )
    .addOption(
      new Option('--format <format>', 'how to print it')
        .choices(['terminal', 'json', 'csv', 'markdown'])
        .default('terminal'),
    )
    .addOption(
      new Option('--by <what>', 'what the table lists')
        .choices(['machine', 'day', 'hour', 'resource', 'process'])
        .default('machine'),
    )
    .option('--type <type>', 'what machines are whose type nothing says, as in t3.large')
    .option(
      '--price <type=usd>',
      'what an hour of a type costs, as in t3.large=0.0912 (may be given again)',
      collect,
    )
    .option('--watts <full[,idle]>', 'own hardware: what it draws at full load, and idling, as in 350,140')
    .option('--usd-per-kwh <usd>', 'what a kilowatt-hour costs, as in 0.31')
    .option(
      '--inventory <file>',
      'what your machines are: a small YAML, or the JSON of aws ec2 describe-instances',
    )
    .option('--config <file>', 'what is yours (default: davylamp.yaml, if it is there)')
    .option('--since <time>', 'pass over what is older (2026-05-12T03:00Z, or a span before now: 12h, 7d)')
    .option('--until <time>', 'pass over what is younger')
    .option(
      '--timezone <zone>',
      'zone of times written without one, and of times shown (Europe/Berlin, +05:30; default: UTC)',
    )
    .option('--show-secrets', 'do not mask keys, tokens and passwords')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: CostOptions) => {
      const [{ cost }, composition] = await Promise.all([import('./cost.ts'), compose()])
      await cost(paths, options, composition)
    })
}

function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), ...value.split(',')]
}
