import type { Fact } from '../fact.ts'
import type { Image } from './image.ts'

const MAX_DATABASE_BYTES = 64 * 2 ** 20
const MAX_PACKAGES = 50_000

export interface Package {
  readonly name: string
  readonly version: string
  readonly source: string
  readonly architecture: string | null
}

/** What is installed: dpkg's and apk's own lists are text; rpm's is a database that only rpm reads. */
export function* packageFacts(image: Image): Generator<Fact> {
  const dpkg = image.text('/var/lib/dpkg/status', MAX_DATABASE_BYTES)
  if (dpkg !== null) yield* facts(readDpkg(dpkg), 'deb')
  for (const path of image.files('/var/lib/dpkg/status.d'))
    if (!path.endsWith('.md5sums')) yield* facts(readDpkg(image.text(path) ?? '', false), 'deb')
  const apk = image.text('/lib/apk/db/installed', MAX_DATABASE_BYTES)
  if (apk !== null) yield* facts(readApk(apk), 'apk')
  const isRpm = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'].some(
    (folder) => image.with(folder, ({ stats }) => stats.isDirectory()) === true,
  )
  if (isRpm && dpkg === null)
    image.gaps.add(
      'installed RPM packages',
      'they stand in a database that only rpm reads',
      "rpm -qa --qf '%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\n' > packages.txt",
    )
}

function* facts(packages: Iterable<Package>, format: 'deb' | 'apk'): Generator<Fact> {
  let count = 0
  for (const { name, version, source, architecture } of packages) {
    if (++count > MAX_PACKAGES) return
    yield {
      type: 'package',
      id: `${name}:${architecture ?? ''}`,
      name,
      attributes: { name, version, source, architecture, format },
    }
  }
}

/** deb-control(5): stanzas of `Name: value`, of which those installed count. Files of distroless images carry no status. */
export function* readDpkg(text: string, hasStatus = true): Generator<Package> {
  for (const stanza of text.split('\n\n')) {
    const fields = new Map<string, string>()
    for (const line of stanza.split('\n')) {
      const colon = line.indexOf(': ')
      if (colon > 0 && line[0] !== ' ') fields.set(line.slice(0, colon), line.slice(colon + 2).trim())
    }
    const [name, version] = [fields.get('Package'), fields.get('Version')]
    const isInstalled =
      !hasStatus ||
      fields.get('Status') === 'install ok installed' ||
      fields.get('Status') === 'hold ok installed'
    if (name === undefined || version === undefined || !isInstalled) continue
    // `Source: glibc (2.36-9)` where the source has another version.
    const source = fields.get('Source')?.split(' ', 1)[0] ?? name
    yield { name, version, source, architecture: fields.get('Architecture') ?? null }
  }
}

/** apk's database: stanzas of one letter, a colon and a value. */
export function* readApk(text: string): Generator<Package> {
  for (const stanza of text.split('\n\n')) {
    const fields = new Map(stanza.split('\n').map((line) => [line.slice(0, 1), line.slice(2)] as const))
    const [name, version] = [fields.get('P'), fields.get('V')]
    if (name === undefined || version === undefined) continue
    yield { name, version, source: fields.get('o') ?? name, architecture: fields.get('A') ?? null }
  }
}
