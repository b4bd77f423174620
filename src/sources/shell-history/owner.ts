/** Whose history it is, as far as its path tells, and what was collected together. */
export interface Owner {
  /** Null = the path does not say. */
  readonly user: string | null
  /** The part of the path before the home folder: histories below it are of one machine. */
  readonly root: string | null
}

const HOME = /^(.*?)(?:^|\/)(?:root|(?:home|Users|export\/home)\/([^/]{1,64}))\/(?=[^/])/su

/** `web-1/home/alice/.bash_history` is alice’s, `web-1/root/.bash_history` root’s. */
export function ownerOf(name: string): Owner {
  const path = name.replaceAll('!', '/')
  const found = HOME.exec(path)
  if (found === null) return { user: null, root: null }
  return { user: found[2] ?? 'root', root: found[1] ?? '' }
}
