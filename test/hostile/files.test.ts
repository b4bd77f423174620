import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { makePipe } from '../../src/inputs/samples/special-files.ts'
import { makeTar } from '../../src/inputs/samples/make-tar.ts'
import { makeZip } from '../../src/inputs/samples/make-zip.ts'
import { encodePcap } from '../../src/wire/encode/index.ts'
import { davylamp, evidence, investigate, LAUNCHER, MAX_RSS_BYTES } from './run.ts'
import { authLine, guessedLog, minedTrail, miningPackets, START } from './samples.ts'

const log = guessedLog()

describe('standard input', () => {
  it.each([
    ['a log', log, ['-']],
    ['a tar archive', makeTar([{ path: 'auth.log', content: log }]), ['-!auth.log']],
    ['a compressed tar archive', gzipSync(makeTar([{ path: 'auth.log', content: log }])), ['-!auth.log']],
    ['a zip archive', makeZip([{ path: 'auth.log', content: log }]), ['-!auth.log']],
    ['a capture', encodePcap(miningPackets()), ['-']],
  ])('is read: %s', async (_title, stdin, names) => {
    const { exitCode, story } = await investigate(['-'], { stdin })
    expect(exitCode).toBe(10)
    expect(story.inputs.map(({ file }) => file)).toEqual(names)
  })

  it('that is empty is named', async () => {
    const { stderr } = await davylamp(['investigate', '-', '--no-case'], { stdin: '' })
    expect(stderr).toContain('empty')
  })
})

/** Runs a line of bash in a folder with a compressed log; gives its exit code and output. */
function bash(line: string): { code: number; output: string } {
  const folder = evidence({ 'auth.log.gz': gzipSync(log), 'auth.log': log })
  const command = `"${process.execPath}" "${LAUNCHER}" investigate --no-case --quiet`
  const script = `cd '${folder}' && davylamp() { ${command} "$@" 2>&1; }; ${line}; exit $?`
  try {
    return { code: 0, output: execFileSync('bash', ['-c', script], { encoding: 'utf8', timeout: 30_000 }) }
  } catch (error) {
    if (!(error instanceof Error) || !('status' in error) || !('stdout' in error)) throw error
    return { code: Number(error.status), output: String(error.stdout) }
  }
}

describe('a pipe', () => {
  it.each([
    ['that the shell makes', 'davylamp <(zcat auth.log.gz)'],
    ['for each of several', 'davylamp <(zcat auth.log.gz) <(cat auth.log)'],
    ['called /dev/stdin', 'zcat auth.log.gz | davylamp /dev/stdin'],
    ['with a name', 'mkfifo p && { zcat auth.log.gz > p & davylamp p; }'],
    ['given twice, once', 'zcat auth.log.gz | davylamp - /dev/stdin'],
  ])('%s is read when the user names it', (_title, line) => {
    const { code, output } = bash(line)
    expect(output).toContain('web-1')
    expect(code).toBe(10)
  })

  it('that lies in a folder is not opened', async () => {
    const folder = evidence({ 'auth.log': log })
    makePipe(join(folder, 'pipe'))
    const { exitCode, skipped } = await investigate([folder])
    expect(exitCode).toBe(10)
    expect(skipped).toEqual(['pipe: a named pipe: not opened'])
  })

  it('that is a folder is told to be one', () => {
    expect(bash('davylamp - < .')).toMatchObject({ code: 1, output: expect.stringContaining('a folder') })
  })
})

describe('a folder', () => {
  it('full of traps is read around them', async () => {
    const folder = evidence({ 'auth.log': log, 'empty.log': '', 'blank.log': '\r\n\n\n', 'a/b/x': 'nothing' })
    symlinkSync('.', join(folder, 'loop'))
    symlinkSync('two', join(folder, 'one'))
    symlinkSync('one', join(folder, 'two'))
    symlinkSync('/etc/passwd', join(folder, 'out'))
    symlinkSync('nowhere', join(folder, 'dangling'))
    symlinkSync('../..', join(folder, 'a/b/up'))
    const { exitCode, skipped, stderr } = await investigate([folder])
    expect(exitCode).toBe(10)
    const reasons = [
      'empty.log: empty',
      'blank.log: nothing but blank lines',
      'a/b/x: not a format I know',
      `loop: the same as ${folder}`,
      'one: its symbolic links go in a circle',
      'two: its symbolic links go in a circle',
      'out: a symbolic link that leads out of the folder: not followed',
      'dangling: no such file or folder',
      `a/b/up: the same as ${folder}`,
    ]
    expect(skipped.toSorted()).toEqual(reasons.toSorted())
    expect(stderr.trim().split('\n').length).toBe(reasons.length)
  })

  it.skipIf(process.getuid?.() === 0)('with what may not be read names it', async () => {
    const folder = evidence({ 'auth.log': log, 'secret.log': log, 'secret/x.log': log })
    chmodSync(join(folder, 'secret.log'), 0)
    chmodSync(join(folder, 'secret'), 0)
    const { skipped } = await investigate([folder])
    chmodSync(join(folder, 'secret'), 0o700)
    expect(skipped).toEqual(['secret: no permission to read it', 'secret.log: no permission to read it'])
  })

  it('whose files change while they are read gives what was there', async () => {
    const line = authLine(START, 'Failed')
    const long = line.repeat(400_000)
    // What is skipped is told before anything is read.
    const folder = evidence({ 'shrinks.log': long, 'vanishes.log': long, 'replaced.log': long, 'x.txt': 'x' })
    const { exitCode, problems, story } = await investigate([folder], {
      onStderr: () => {
        truncateSync(join(folder, 'shrinks.log'), 100 * line.length)
        rmSync(join(folder, 'vanishes.log'))
        renameSync(join(folder, 'x.txt'), join(folder, 'replaced.log'))
      },
    })
    expect([0, 10]).toContain(exitCode)
    expect(story.inputs.length).toBe(3)
    expect(problems.toSorted()).toEqual([
      expect.stringMatching(/^replaced\.log: cannot be read further .*replaced meanwhile/u),
      expect.stringMatching(/^shrinks\.log: the file became shorter while it was read/u),
      expect.stringMatching(/^vanishes\.log: cannot be read further .*no such file/u),
    ])
  })
})

const zip = (...paths: string[]): Buffer => makeZip(paths.map((path) => ({ path, content: path })))

describe('archives', () => {
  it('of programs are one line each', async () => {
    const folder = evidence({
      'report.docx': zip('[Content_Types].xml', '_rels/.rels', 'word/document.xml'),
      'app.jar': zip('META-INF/', 'META-INF/MANIFEST.MF', 'org/example/Main.class'),
      'auth.log': log,
    })
    const { exitCode, skipped, story } = await investigate([folder])
    expect(exitCode).toBe(10)
    expect(skipped).toEqual([
      'app.jar: a Java archive: not opened',
      'report.docx: an Office document: not opened',
    ])
    expect(story.inputs.length).toBe(1)
  })

  it('inside each other are opened, and their paths lead nowhere', async () => {
    const inner = makeZip([{ path: '../../eth0.pcap', content: encodePcap(miningPackets()) }])
    const outer = makeTar([
      { path: '../../../etc/auth.log', content: log },
      { path: '/in.zip', content: inner },
      { path: 'link', type: '2' },
      { path: 'up\x1b[2J/audit.log.zst', content: zstdCompressSync(Buffer.from(minedTrail())) },
    ])
    const { exitCode, story } = await investigate([evidence({ 'all.tar.gz': gzipSync(outer) })])
    expect(exitCode).toBe(10)
    expect(story.inputs.map(({ file }) => file.slice(file.indexOf('!'))).toSorted()).toEqual([
      '!../../../etc/auth.log',
      '!/in.zip!../../eth0.pcap',
      '!up\\x1b[2J/audit.log.zst',
    ])
  })

  it('that are bombs cost neither time nor memory', async () => {
    const zeros = gzipSync(Buffer.alloc(2 ** 27))
    const text = gzipSync(Buffer.from(log.repeat(200)))
    const entry = { path: 'x', content: Buffer.alloc(2 ** 20) }
    const folder = evidence({
      'zeros.gz': zeros,
      'twice.gz': gzipSync(zeros),
      'deep.gz': Array.from({ length: 20 }).reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from(log)),
      'same.zip': makeZip(
        Array.from({ length: 200 }, (_, at) => ({ ...entry, path: `x${at}`, headerAt: 0 })),
      ),
      'auth.log.gz': text,
    })
    const { exitCode, skipped, maxRssBytes } = await investigate([folder])
    expect(exitCode).toBe(10)
    expect(skipped.find((line) => line.startsWith('deep.gz'))).toContain('packed more than 6 times over')
    expect(skipped.filter((line) => line.startsWith('same.zip')).length).toBe(200)
    expect(maxRssBytes).toBeLessThan(MAX_RSS_BYTES)
  })

  it('cut off or damaged give what is whole in them', async () => {
    const tar = gzipSync(
      makeTar([
        { path: 'auth.log', content: log },
        { path: 'audit.log', content: minedTrail() },
      ]),
    )
    const broken = Buffer.from(gzipSync(Buffer.from(log)))
    broken.fill(0xff, broken.length >> 1, (broken.length >> 1) + 40)
    const folder = evidence({ 'cut.tar.gz': tar.subarray(0, tar.length - 200), 'broken.gz': broken })
    const { exitCode, story, skipped, problems } = await investigate([folder])
    expect([0, 10]).toContain(exitCode)
    expect(story.inputs.length).toBe(3)
    expect([...skipped, ...problems].join('\n')).toMatch(/cut\.tar\.gz.*breaks off/u)
    expect([...skipped, ...problems].join('\n')).toMatch(/broken\.gz.*(?:damaged|checksum)/u)
  })
})

it('stops when nobody reads its output', async () => {
  const folder = evidence({ 'auth.log': log.repeat(2000) })
  const child = spawn(process.execPath, [LAUNCHER, 'events', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code).toBe(0)
  expect(readFileSync(join(folder, 'auth.log'), 'utf8').length).toBe(log.length * 2000)
})
