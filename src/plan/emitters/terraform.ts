import type { TerraformPart } from '../change.ts'
import { comment } from './aws-cli.ts'
import type { EmittedFile, Emitter, PlannedChange } from './emitter.ts'
import { hclBlock, identifier } from './hcl.ts'
import { terraformName } from './terraform-name.ts'

interface Named {
  readonly planned: PlannedChange
  readonly part: TerraformPart
  readonly name: string
}

/**
 * New resources and ones that are taken over (`import` blocks, Terraform 1.5) in `davylamp.tf`; changes laid over
 * resources in the user's own files in `davylamp_override.tf`, which Terraform merges into them.
 */
export const terraform: Emitter = {
  id: 'terraform',
  title: 'Terraform: davylamp.tf, davylamp_override.tf, revert/',
  emit(changes) {
    const parts = changes.flatMap((planned) =>
      (planned.change.terraform ?? []).map((part): Named => ({ planned, part, name: nameOf(part) })),
    )
    const resources = parts.filter(({ part }) => part.mode === 'resource')
    const overrides = parts.filter(({ part }) => part.mode === 'override')
    const taken = resources.filter(({ part }) => part.importId !== undefined && part.previous !== undefined)
    const files: EmittedFile[] = []
    if (resources.length > 0)
      files.push(file('davylamp.tf', resources, (one) => resource(one, one.part.attributes)))
    if (overrides.length > 0)
      files.push(file('davylamp_override.tf', overrides, (one) => resource(one, one.part.attributes)))
    if (parts.length > 0)
      files.push(file('revert/davylamp.tf', taken, (one) => resource(one, one.part.previous ?? {}), REVERT))
    return { files, refused: [] }
  },
}

const REVERT = `# To go back: put this file in the place of davylamp.tf, delete davylamp_override.tf, and apply.
# What was taken over gets its old values; what was new is destroyed because it is no longer named.
`

function file(path: string, parts: readonly Named[], write: (one: Named) => string, head = ''): EmittedFile {
  const blocks = parts.map((one) => `# ${comment(one.planned.title)}\n${write(one)}\n`)
  return { path, text: `${head}${blocks.join('\n')}`, isExecutable: false }
}

/** Overrides keep the resource's own name; others get one that says where they come from and does not clash. */
function nameOf(part: TerraformPart): string {
  return part.mode === 'override' ? identifier(part.name) : terraformName(part.type, part.name)
}

function resource({ part, name }: Named, attributes: TerraformPart['attributes']): string {
  const type = identifier(part.type)
  const block = hclBlock(['resource', type, name], { attributes, blocks: part.blocks ?? [] })
  if (part.importId === undefined) return block
  const adopt = hclBlock(['import'], { attributes: { to: { reference: [type, name] }, id: part.importId } })
  return `${adopt}\n\n${block}`
}
