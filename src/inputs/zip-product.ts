import type { ZipMember } from './zip.ts'

/** A file format that is a zip archive underneath, by the members that it cannot be without. */
interface Product {
  readonly name: string
  /** All of them, anywhere in the archive. */
  readonly has: readonly RegExp[]
  /** One of the first few, all of the first few: bundles of files hold such things further down, in a folder. */
  readonly oneOfFirst?: RegExp
  readonly allOfFirst?: RegExp
}

const FIRST_FEW = 4

const PRODUCTS: readonly Product[] = [
  { name: 'an Android app', has: [/^AndroidManifest\.xml$/u] },
  { name: 'a NuGet package', has: [/^[^/]+\.nuspec$/u, /^\[Content_Types\]\.xml$/u] },
  // ECMA-376 part 2
  { name: 'an Office document', has: [/^\[Content_Types\]\.xml$/u, /^_rels\/\.rels$/u] },
  { name: 'a Python package', has: [/^[^/]+\.dist-info\/WHEEL$/u] },
  // The JAR File Specification: the manifest is optional.
  { name: 'a Java archive', has: [], oneOfFirst: /^META-INF\/MANIFEST\.MF$/u },
  { name: 'a Java archive', has: [], allOfFirst: /\.class$/u },
]

/** The first member says it, not packed (EPUB OCF 3.3, ODF 1.3 part 2). */
const MIME_TYPES: readonly (readonly [start: string, name: string])[] = [
  ['application/epub+zip', 'an e-book (EPUB)'],
  ['application/vnd.oasis.opendocument.', 'an OpenDocument file'],
]
const MIME_MEMBER = 'mimetype'

/** What a zip archive is for the programs that wrote it, in words for the user; null where it is a bundle of files. */
export function productOf(
  members: readonly ZipMember[],
  contentOf: (member: ZipMember) => Buffer | null,
): string | null {
  const first = members[0]
  if (first === undefined) return null
  const names = members.map((member) => member.path.toString('latin1'))
  if (names[0] === MIME_MEMBER) {
    const type = contentOf(first)?.toString('latin1') ?? ''
    const known = MIME_TYPES.find(([start]) => type.startsWith(start))
    if (known !== undefined) return known[1]
  }
  return PRODUCTS.find((product) => isProduct(product, names))?.name ?? null
}

function isProduct({ has, oneOfFirst, allOfFirst }: Product, names: readonly string[]): boolean {
  const first = names.slice(0, FIRST_FEW)
  if (oneOfFirst !== undefined && !first.some((name) => oneOfFirst.test(name))) return false
  if (allOfFirst !== undefined && !first.every((name) => allOfFirst.test(name))) return false
  return has.every((member) => names.some((name) => member.test(name)))
}
