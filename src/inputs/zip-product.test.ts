import { describe, expect, it } from 'vitest'
import { openInputs } from './open.ts'
import { folderWith } from './samples/folder.ts'
import { makeZip, type ZipEntry } from './samples/make-zip.ts'

const plain = (...paths: readonly string[]): ZipEntry[] =>
  paths.map((path) => ({ path, content: `<${path}>` }))
const typed = (type: string): ZipEntry[] => [
  { path: 'mimetype', content: type, method: 0 },
  ...plain('content.xml', 'META-INF/manifest.xml'),
]

async function open(entries: readonly ZipEntry[]): Promise<{ inputs: string[]; skipped: string[] }> {
  const folder = folderWith({ 'a.zip': makeZip(entries) })
  const opened = await openInputs([`${folder}/a.zip`])
  const strip = (name: string): string => name.slice(folder.length + 1)
  const inputs = opened.inputs.map(({ name }) => strip(name))
  const skipped = opened.skipped.map(({ file, reason }) => `${strip(file)}: ${reason}`)
  opened.close()
  return { inputs, skipped }
}

describe('a zip archive that is the file of some program', () => {
  it.each([
    ['an Office document', plain('[Content_Types].xml', '_rels/.rels', 'word/document.xml')],
    ['an Office document', plain('_rels/.rels', 'xl/workbook.xml', '[Content_Types].xml')],
    ['a Java archive', plain('META-INF/', 'META-INF/MANIFEST.MF', 'org/example/Main.class')],
    ['a Java archive', plain('org/', 'org/example/Main.class')],
    ['an Android app', plain('META-INF/MANIFEST.MF', 'AndroidManifest.xml', 'classes.dex')],
    ['a Python package', plain('lamp/__init__.py', 'lamp-1.0.dist-info/WHEEL')],
    ['an e-book (EPUB)', typed('application/epub+zip')],
    ['an OpenDocument file', typed('application/vnd.oasis.opendocument.text')],
  ])('is one thing that is not opened: %s', async (name, entries) => {
    expect(await open(entries)).toEqual({ inputs: [], skipped: [`a.zip: ${name}: not opened`] })
  })

  it.each([
    ['of evidence', plain('var/log/auth.log')],
    [
      'with the files of a program in a folder',
      plain('auth.log', 'app/META-INF/MANIFEST.MF', 'app/Main.class'),
    ],
    ['with a file that is called mimetype', typed('text/plain')],
    ['with half of what a document has', plain('[Content_Types].xml', 'auth.log')],
  ])('is opened as ever where it is a bundle %s', async (_title, entries) => {
    expect((await open(entries)).inputs.length).toBe(entries.length)
  })
})
